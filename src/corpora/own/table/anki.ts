/**
 * Notes as Anki exports them: lines such as `#separator:tab` above a table without a header. The first two fields are the front
 * and the back of a card, unless `#columns:` names them; tags, decks and the like are named after their lines.
 */

const line = /^#([a-z ]+):([^\n]*)(?:\n|$)/i
const separators: Readonly<Record<string, string>> = {
  tab: '\t',
  comma: ',',
  semicolon: ';',
  pipe: '|',
  space: ' ',
  colon: ':',
}

export interface AnkiExport {
  readonly delimiter: string
  /** In order; empty where the file names none. */
  readonly names: readonly string[]
  /** By the number of the column, from 1: what it holds that is no field. */
  readonly others: ReadonlyMap<number, string>
  readonly body: string
  /** The number of the body's first line. */
  readonly firstLine: number
}

export const isAnkiExport = (text: string): boolean =>
  /^(?:#[a-z ]+:[^\n]*\n){0,9}#(?:separator|html):/i.test(text)

/** Null where the text is none. */
export function ankiExport(text: string): AnkiExport | null {
  if (!isAnkiExport(text)) return null
  let [body, firstLine] = [text, 1]
  const settings = new Map<string, string>()
  for (let found = line.exec(body); found; found = line.exec(body)) {
    settings.set(found[1].toLowerCase(), found[2].trim())
    body = body.slice(found[0].length)
    firstLine++
  }
  const separator = settings.get('separator') ?? 'tab'
  const delimiter = separators[separator.toLowerCase()] ?? (separator.slice(0, 1) || '\t')
  const others = [...settings]
    .filter(([key, at]) => key.endsWith(' column') && Number(at) > 0)
    .map(([key, at]) => [Number(at), key.slice(0, -' column'.length)] as const)
  const names = settings.get('columns')?.split(delimiter) ?? []
  return { delimiter, names, others: new Map(others), body, firstLine }
}

/** What the sides are called where nothing names them. */
export const cardNames: readonly string[] = ['Front', 'Back']

/** A header for so many columns. */
export function ankiHeader({ names, others }: AnkiExport, width: number): string[] {
  if (names.length > 0) return [...names]
  const sides = [...cardNames]
  return Array.from(
    { length: width },
    (_, index) => others.get(index + 1) ?? sides.shift() ?? `column ${index + 1}`,
  )
}
