/** What stands beside a question and its answer and is not learned with them: passages, choices, other long text. */
import type { Table } from '../../reading'
import { isLanguage, wordsOf } from '../cells'
import { languageColumn } from '../language'
import { nameWithin } from '../names'
import { holdsChoices, isChoice } from './options'
import type { Pair } from './pairs'
import { isTurnedDown } from './turnedDown'

const given = new Set(
  'passage passages context contexts article body definition support document background story hint kontext input'.split(
    ' ',
  ),
)

const isGiven = (key: string): boolean =>
  key.split('.').some((name) => given.has(name) || given.has(nameWithin(name)))

/** Shorter text beside them is a label or a name, on average. */
const leastLetters = 30

/** Of a long table that much is looked at. */
const mostLooked = 2000

/** The keys of such columns. @param picked the choices are used: one of them is the answer */
export function textBeside(table: Table, pair: Pair, picked: boolean): string[] {
  const { columns } = table
  const rows = table.rows.slice(0, mostLooked)
  const saying = [pair.question, pair.answer, ...pair.before, ...pair.after].filter((key) =>
    rows.some((row) => wordsOf(row.get(key)) !== ''),
  )
  const used = new Set(saying.map(nameWithin))
  const unused = [...columns.keys()].filter(
    (key) => !used.has(nameWithin(key)) && !isTurnedDown(key, columns),
  )
  const proposed = languageColumn({
    rows: rows.map((row) => new Map(unused.map((key) => [key, row.get(key)]))),
  })
  const long = proposed ? [proposed.key, ...proposed.others] : []
  return unused.filter((key) => {
    if (picked && isChoice(key)) return false
    if (holdsChoices(key)) return !picked
    if (isGiven(key)) return rows.some((row) => saysAnything(row.get(key)))
    const texts = rows.map((row) => wordsOf(row.get(key))).filter(isLanguage)
    const letters = texts.reduce((sum, text) => sum + text.length, 0)
    return long.includes(key) && letters > leastLetters * texts.length
  })
}

/** Lists in lists say something, too, although they are no cell's text. */
const saysAnything = (value: unknown): boolean =>
  Array.isArray(value) ? value.some(saysAnything) : isLanguage(wordsOf(value))
