/**
 * Rows of a table or of JSON as examples, by the first of these that fits: a column that was asked for, conversations,
 * question and answer, the column that holds language. Whatever a row lacks is counted.
 */
import type { Example } from '../../example'
import { OwnTextError } from '../errors'
import { nestedLists } from '../json/lists'
import { isPrintedByPython, opened } from '../json/opened'
import { mostExamples } from '../limits'
import type { Reason } from '../problems'
import { keyOf, type LeftOut, type Note, type Table, type TextReading } from '../reading'
import { pairs } from './asked/asked'
import { isTurnedDown } from './asked/turnedDown'
import { wordsOf } from './cells'
import { chats } from './chat/chats'
import { cleaned, isDeleted, isNotice } from './cleaned'
import { languageColumn, standIns } from './language'
import { ofColumn, parseSentence, sentenceOf } from './sentence'
import type { Way } from './way'

/** Of a long table that much is looked at. */
const mostLooked = 200

/**
 * @param wanted a column's name, or a sentence with names in braces
 * @throws OwnTextError where nothing can be read
 */
export function readRows(given: Table, wanted?: string): TextReading {
  const usual = cleaned(given)
  if (usual.rows.length === 0) throw new OwnTextError({ kind: 'empty', name: usual.name })
  const way = wanted === undefined ? wayOf(usual) : wayAsked(usual, wanted)
  const { form, column, read, table, notes = [] } = way
  const { name, rows, columns } = table
  const examples: Example[] = []
  const reasons = new Map<string, LeftOut>()
  let taken = 0
  for (const row of rows) {
    if (examples.length >= mostExamples) break
    taken++
    const result: Example | Reason = isNotice(row.get('subtype')) ? { kind: 'no-words' } : read(row)
    if ('prompt' in result) examples.push(result)
    else count(reasons, result)
  }
  const leftOut = [...table.leftOut, ...reasons.values()]
  if (taken < rows.length)
    leftOut.push({ count: rows.length - taken, reason: { kind: 'beyond', most: mostExamples } })
  if (examples.length === 0) {
    const [worst] = leftOut.toSorted((one, other) => other.count - one.count)
    throw new OwnTextError({
      kind: 'all-left-out',
      name,
      rows: rows.length,
      reason: worst.reason,
      columns: [...columns.values()],
    })
  }
  return {
    name,
    form,
    column,
    columns: [...columns.values()],
    examples,
    leftOut,
    notes: [...table.notes, ...notes, ...turnedDown(table, column), ...listsBeside(table, column)],
  }
}

/** Answers that were turned down, which are not learned. */
function turnedDown({ columns }: Table, column: string): Note[] {
  const down = [...columns].filter(([key, name]) => name !== column && isTurnedDown(key, columns))
  return down.length === 0 ? [] : [{ kind: 'turned-down', columns: down.map(([, name]) => name) }]
}

/** Lists of objects in other columns, which are not learned. */
const listsBeside = ({ rows, columns }: Table, column: string): Note[] =>
  [...nestedLists(rows.flatMap((row) => [...row]))]
    .map(([key, count]) => ({ kind: 'nested-list', column: columns.get(key)!, count }) as const)
    .filter((list) => list.column !== column)

/** Nobody asked for another. */
function wayOf(given: Table): Way {
  const first = turnsOrPairs(given)
  if (first) return first
  const within = openedText(given)
  return within ? (turnsOrPairs(within) ?? language(within)) : language(given)
}

const turnsOrPairs = (table: Table): Way | null => chats(table) ?? pairs(table)

/** What the table's JSON holds where nothing else in it is text; else null. */
function openedText(table: Table): Table | null {
  const proposed = languageColumn(table)
  return proposed === null || isJson(table, proposed.key) ? opened(table) : null
}

const isJson = ({ rows }: Table, key: string): boolean =>
  rows.slice(0, mostLooked).some((row) => /^\s*[[{]/.test(wordsOf(row.get(key))))

function count(reasons: Map<string, LeftOut>, reason: Reason): void {
  const key = JSON.stringify(reason)
  reasons.set(key, { reason, count: (reasons.get(key)?.count ?? 0) + 1 })
}

/** A name that is also the column of a conversation means the conversation. Columns within JSON may be asked for, too. */
function wayAsked(given: Table, wanted: string): Way {
  const read = turnsOrPairs(given) ? given : (openedText(given) ?? given)
  const table = [read, given, opened(given)].find((each) => each && missingIn(each, wanted) === null)
  if (!table) {
    const columns = [...read.columns.values()]
    throw new OwnTextError({
      kind: 'no-such-column',
      name: read.name,
      wanted: missingIn(read, wanted)!,
      columns,
    })
  }
  const key = keyOf(wanted)
  const column = table.columns.get(key)
  if (column === undefined) return plain(table, wanted, parseSentence(wanted)!)
  const chat = chats(table)
  return chat && keyOf(chat.column) === key ? chat : plain(table, column, ofColumn(key))
}

/** The first name that the table has no column for; null where it has all. */
function missingIn({ columns }: Table, wanted: string): string | null {
  if (columns.has(keyOf(wanted))) return null
  const sentence = parseSentence(wanted)
  return sentence ? (sentence.columns.find((column) => !columns.has(column)) ?? null) : wanted
}

function plain(table: Table, column: string, sentence: ReturnType<typeof ofColumn>): Way {
  const missing = (key: string): Reason => ({ kind: 'no-value', column: table.columns.get(key)! })
  return {
    form: 'columns',
    column,
    table,
    read(row) {
      if (sentence.columns.some((key) => isDeleted(row.get(key)))) return { kind: 'no-words' }
      const made = sentenceOf(row, sentence)
      return 'text' in made ? { prompt: '', completion: made.text } : missing(made.missing)
    },
  }
}

/** The column that is proposed, and in rows without it those that stand in for it; what it leaves aside is said. */
function language(table: Table): Way {
  const { name, columns, rows } = table
  const proposed = languageColumn(table)
  if (proposed === null)
    throw new OwnTextError({ kind: 'no-text-column', name, columns: [...columns.values()] })
  const { key, others } = proposed
  const column = columns.get(key)!
  const spares = standIns(table, key)
  const aside = others.filter((other) => !spares.has(other)).map((other) => columns.get(other)!)
  const way = plain(table, column, ofColumn(key))
  const notes: Note[] = [...spares].map(([spare, count]) => ({
    kind: 'instead',
    column,
    instead: columns.get(spare)!,
    count,
  }))
  if (aside.length > 0) notes.push({ kind: 'other-text', column, others: aside })
  if (rows.slice(0, mostLooked).some((row) => isPrintedByPython(row.get(key))))
    notes.push({ kind: 'printed-by-python', column })
  const ways = [...spares.keys()].map((spare) => plain(table, columns.get(spare)!, ofColumn(spare)))
  return {
    ...way,
    notes,
    read(row) {
      const isEmpty = wordsOf(row.get(key)) === ''
      const spare = isEmpty ? [...spares.keys()].findIndex((each) => wordsOf(row.get(each)) !== '') : -1
      return (spare < 0 ? way : ways[spare]).read(row)
    },
  }
}
