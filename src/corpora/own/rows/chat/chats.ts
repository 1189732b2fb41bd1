/** Tables whose rows are conversations, as a way to read them; what stands in these and is not learned is said and counted. */
import { mostExamples } from '../../limits'
import type { Reason } from '../../problems'
import type { Note, Row, Table, UnlearnedKind } from '../../reading'
import { judged } from '../asked/verdicts'
import type { Way } from '../way'
import { chatColumnIn, chatColumns, conversationOf, exampleOfConversation, turnsOf, withSystem } from './chat'
import { branchOf } from './replies'
import type { Said } from './turn'

/** Where at least half of the rows have a conversation: in a column that is called so, else in whatever column. */
export function chats(table: Table): Way | null {
  const { rows, columns } = table
  const hasMost = (talks: (row: Row) => boolean) => {
    const having = rows.filter(talks).length
    return having > 0 && having * 2 >= rows.length
  }
  const isNamed = hasMost((row) => conversationOf(row) !== null)
  const other = isNamed ? null : chatColumnIn(rows)
  if (!isNamed && (other === null || !hasMost((row) => turnsOf(row.get(other)) !== null))) return null
  const key = other ?? [...chatColumns, 'completion', 'chosen'].find((each) => columns.has(each))!
  const column = columns.get(key)!
  const talkOf = (row: Row) => (other === null ? conversationOf(row) : turnsIn(row, other))
  const branches = rows.reduce((sum, row) => sum + (branchOf(row.get(key))?.others ?? 0), 0)
  const notes: Note[] = branches === 0 ? [] : [{ kind: 'other-branches', count: branches }]
  return judged({
    form: 'chat',
    column,
    table,
    notes: [...notes, ...unlearned(rows.slice(0, mostExamples).map((row) => talkOf(row) ?? []))],
    read(row) {
      const turns = talkOf(row)
      return turns ? (exampleOfConversation(turns) ?? reasonOf(turns)) : { kind: 'no-conversation', column }
    },
  })
}

function turnsIn(row: Row, key: string): readonly Said[] | null {
  const turns = turnsOf(row.get(key))
  return turns && withSystem(row, turns)
}

/** Why nothing of a conversation is learned. */
function reasonOf(turns: readonly Said[]): Reason {
  if (turns.some(({ isGiven }) => isGiven)) return { kind: 'all-given' }
  return { kind: turns.some(({ speaker }) => speaker === 'Tool') ? 'only-tools' : 'no-assistant' }
}

/** What stands in the conversations beside the words that are learned. */
function unlearned(talks: readonly (readonly Said[])[]): Note[] {
  const counts: Record<UnlearnedKind, number> = { given: 0, tools: 0, thoughts: 0, attachments: 0 }
  for (const { speaker, isGiven, unsaid } of talks.flat()) {
    if (isGiven) counts.given++
    if (speaker === 'Tool') counts.tools++
    counts.thoughts += unsaid?.thoughts ?? 0
    counts.attachments += unsaid?.attachments ?? 0
  }
  return (Object.keys(counts) as UnlearnedKind[])
    .filter((what) => counts[what] > 0)
    .map((what) => ({ kind: 'unlearned', what, count: counts[what] }))
}
