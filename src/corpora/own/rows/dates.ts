/**
 * Whether a cell is a date, however a program writes it: "2024/03/01 1:00:00 PM GMT+1" (forms), "Wed Oct 01 20:00:24 +0000 2018"
 * (tweets), "Sun Jan 01 2023 09:00:00 GMT+0100 (Central European Standard Time)" (JavaScript). All its words are those of dates.
 */

const languages = ['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'pl', 'sv', 'tr']
const styles = ['long', 'short'] as const

const plain = (name: string): string => name.toLowerCase().replace(/\./g, '')

/** Months and days of the week as these languages write them, without dots. */
function namesOfDates(): ReadonlySet<string> {
  const names = new Set('sept mär mrz jän jänner'.split(' '))
  for (const language of languages)
    for (const style of styles) {
      const format = new Intl.DateTimeFormat(language, {
        day: 'numeric',
        month: style,
        weekday: style,
        timeZone: 'UTC',
      })
      // Every month is among these days, and every day of the week.
      for (let day = 1; day <= 365; day += 26)
        for (const { type, value } of format.formatToParts(Date.UTC(2023, 0, day)))
          if (type === 'month' || type === 'weekday') names.add(plain(value))
    }
  return names
}

let known: ReadonlySet<string> | null = null

/** They are asked for when the first date is looked at. */
function isNameOfDates(word: string): boolean {
  known ??= namesOfDates()
  return known.has(plain(word))
}

/** Between the parts of a date. */
const joints = new Set('at on um uhr the of den der am à de del le'.split(' '))

const number = /^(?:\d+(?:[.:/-]\d+)*(?:\.|st|nd|rd|th)?|\d{4}-\d{2}-\d{2}t[\d:.]+)$/i
const half = /^[ap]\.?m\.?$/i
const zone = /^(?:UTC|GMT|Z|[A-Z]{1,3}[SD]?T|MESZ|MEZ|utc|gmt|z)?(?:[+-]\d{1,2}(?::?\d{2})?)?$/
/** What stands together: "1:00pm", "10:00:00Z", "2024-01-01T10:00:00+01:00". */
const grown = /^(\d{4}-\d{2}-\d{2}t\d[\d:.]*|\d{1,2}(?::\d{2})+(?:\.\d+)?)(\S+)$/i

const isWordOfDates = (word: string): boolean => {
  const [, time, more] = number.test(word) ? [] : (grown.exec(word) ?? [])
  if (time !== undefined) return half.test(more) || zone.test(more)
  return (
    number.test(word) || half.test(word) || zone.test(word) || joints.has(plain(word)) || isNameOfDates(word)
  )
}

const longest = 100

/** A day and something more: its month by name, a time, a year. */
export function isDate(text: string): boolean {
  if (text.length > longest || !/\d/.test(text)) return false
  const words = text
    .replace(/\([^()]*\)$/, '')
    .split(/[\s,·]+/)
    .filter(Boolean)
  const numbers = text.match(/\d+/g)?.length ?? 0
  const isNamed = words.some(isNameOfDates)
  return numbers >= 2 && (isNamed || /\d[.:/-]\d/.test(text)) && words.every(isWordOfDates)
}
