/**
 * Conversations: lists of turns, as {role, content} (`messages`, OpenAI), {from, value} (`conversations`, ShareGPT),
 * {sender, text} (`chat_messages`, Claude), {role, parts} (`contents`, Gemini) or a tree of messages (`mapping`, ChatGPT's own export). Each becomes one text, and
 * all that the assistant says in it is learned.
 */
import type { Example, Turn } from '../../../example'
import type { Row } from '../../reading'
import { systemColumns } from '../asked/pairs'
import { isTurnedDown } from '../asked/turnedDown'
import { wordsOf } from '../cells'
import { branchOf } from './replies'
import { type Said, turnOf } from './turn'

export const chatColumns = [
  'messages',
  'conversations',
  'conversation',
  'chat_messages',
  'dialogue',
  'dialog',
  'turns',
  'chat',
  'mapping',
  'contents',
]

/** The turns of a conversation, or of an object that holds one by its name; null where the value is none. JSON in a cell of a CSV is read. */
export function turnsOf(value: unknown): readonly Said[] | null {
  if (typeof value === 'string') return /^\s*[[{]/.test(value) ? turnsOf(parsed(value)) : null
  const tree = branchOf(value)
  if (tree) return turnsOf(tree.branch)
  if (!Array.isArray(value)) return treeOf(value) ?? turnsWithin(value)
  const turns = value.map(turnOf)
  const said = turns.flatMap((turn) => (turn === null ? [] : turn))
  return said.some(({ text }) => text !== '') && turns.every((turn) => turn !== null) ? said : null
}

/** {"messages": [...]}. */
function turnsWithin(value: unknown): readonly Said[] | null {
  if (typeof value !== 'object' || value === null) return null
  for (const [name, inner] of Object.entries(value)) {
    const turns = chatColumns.includes(name.toLowerCase()) && Array.isArray(inner) ? turnsOf(inner) : null
    if (turns) return turns
  }
  return null
}

/** Of a long table that much is looked at. */
const mostRows = 200

/** The key of the first column in which a conversation stands, whatever it is called; not one that was turned down. */
export function chatColumnIn(rows: readonly Row[]): string | null {
  for (const row of rows.slice(0, mostRows))
    for (const [key, value] of row) if (!isTurnedDown(key, row) && turnsOf(value) !== null) return key
  return null
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return null
  }
}

interface Node {
  readonly parent?: unknown
  readonly message?: Message | null
}

interface Message {
  readonly author?: { readonly role?: unknown }
  readonly content?: { readonly content_type?: unknown; readonly parts?: unknown; readonly text?: unknown }
  readonly weight?: unknown
  /** Whom the assistant speaks to: "all", or a tool by its name. */
  readonly recipient?: unknown
}

/** The branch of ChatGPT's tree that ends at its newest message. */
function treeOf(value: unknown): readonly Said[] | null {
  if (typeof value !== 'object' || value === null) return null
  const nodes = new Map(Object.entries(value as Readonly<Record<string, Node | null>>))
  const branch: (readonly Said[])[] = []
  const seen = new Set<unknown>()
  let at: unknown = [...nodes.keys()].at(-1)
  while (typeof at === 'string' && !seen.has(at)) {
    seen.add(at)
    const { parent, message } = (nodes.get(at) ?? {}) as Node
    if (message) branch.push(turnOf(turnOfMessage(message)) ?? [])
    at = parent
  }
  const said = branch.reverse().flat()
  return said.some(({ text }) => text !== '') ? said : null
}

/** As OpenAI writes it elsewhere. */
function turnOfMessage({ author, content, weight, recipient }: Message): object {
  const role = author?.role
  const words = content?.parts ?? content?.text ?? ''
  if (/^(?:thoughts|reasoning_recap)$/.test(String(content?.content_type)))
    return { role, content: '', thinking: content?.content_type }
  const isCall = role === 'assistant' && typeof recipient === 'string' && recipient !== 'all'
  return isCall
    ? { role, function_call: { name: recipient, arguments: wordsOf(words) } }
    : { role, content: words, weight }
}

/**
 * The conversation of a row: in a column for one, or as prompt and answer that are lists of turns each. A system prompt that
 * stands beside it begins it, an answer that was chosen ends it.
 */
export function conversationOf(row: Row): readonly Said[] | null {
  for (const column of chatColumns) {
    const turns = row.has(column) ? turnsOf(row.get(column)) : null
    if (turns) return withSystem(row, withChosen(row, turns))
  }
  const [prompt, answer] = [
    turnsOf(row.get('prompt')),
    turnsOf(row.get('completion')) ?? turnsOf(row.get('chosen')),
  ]
  return answer && withSystem(row, [...(prompt ?? []), ...answer])
}

/** A row's own system prompt, where the conversation has none. */
export function withSystem(row: Row, turns: readonly Said[]): readonly Said[] {
  if (turns.some(({ speaker }) => speaker === 'System')) return turns
  const text = systemColumns.map((column) => wordsOf(row.get(column))).find((words) => words !== '')
  return text === undefined ? turns : [{ speaker: 'System', text }, ...turns]
}

/** {"conversations": [...], "chosen": {from, value}}: the answer stands beside what was said before. */
function withChosen(row: Row, turns: readonly Said[]): readonly Said[] {
  if (turns.findLast(({ text }) => text !== '')?.speaker === 'Assistant') return turns
  const chosen = ['from value', 'role content'].map((names) => {
    const [speaker, words] = names.split(' ')
    return turnOf({ [speaker]: row.get(`chosen.${speaker}`), [words]: row.get(`chosen.${words}`) })
  })
  return [...turns, ...(chosen.find((each) => each !== null) ?? [])]
}

/** LLaMA-Factory's `history`: what was asked and answered before; null where the row has none. */
export function historyOf(row: Row): readonly Said[] | null {
  const history = row.get('history')
  if (!Array.isArray(history) || history.length === 0) return null
  const isRound = (round: unknown): round is readonly string[] =>
    Array.isArray(round) && round.length === 2 && round.every((words) => typeof words === 'string')
  if (!history.every(isRound)) return null
  return history.flatMap(([asked, answered]) => [
    { speaker: 'User', text: asked.trim() } as const,
    { speaker: 'Assistant', text: answered.trim() } as const,
  ])
}

/**
 * One text: every turn under the name of its speaker. What follows the assistant's last words that are learned is of no use.
 * Null where there are none.
 */
export function exampleOfConversation(turns: readonly Said[]): Example | null {
  const learned: Turn[] = []
  let prompt = ''
  for (const { speaker, text, isGiven = false } of turns) {
    if (text === '') continue
    const before = learned.length === 0 && prompt === '' ? '' : '\n\n'
    prompt += `${before}${speaker}:\n`
    if (speaker !== 'Assistant' || isGiven) prompt += text
    else {
      learned.push({ prompt, completion: text })
      prompt = ''
    }
  }
  const [first, ...further] = learned
  if (!first) return null
  return further.length === 0 ? first : { ...first, further }
}
