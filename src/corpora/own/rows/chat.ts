/**
 * Conversations: lists of turns, as {role, content} (`messages`, OpenAI), {from, value} (`conversations`, ShareGPT),
 * {sender, text} (`chat_messages`, Claude), {role, parts} (`contents`, Gemini) or a tree of messages (`mapping`, ChatGPT's own export). Each becomes one text, and
 * all that the assistant says in it is learned.
 */
import type { Example, Turn } from '../../example'
import type { Row } from '../reading'
import { systemColumns } from './asked/pairs'
import { isTurnedDown } from './asked/turnedDown'
import { wordsOf } from './cells'
import { branchOf } from './replies'

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

type Speaker = 'System' | 'User' | 'Assistant' | 'Tool'

export interface Said {
  readonly speaker: Speaker
  readonly text: string
}

const speakers: ReadonlyMap<string, Speaker> = new Map<string, Speaker>(
  (
    [
      ['System', 'system developer'],
      ['User', 'user human prompter instructor customer'],
      ['Assistant', 'assistant gpt chatgpt model bot ai bing bard claude llm agent'],
      ['Tool', 'tool function function_call function_response observation ipython'],
    ] as const
  ).flatMap(([speaker, names]) => names.split(' ').map((name) => [name, speaker] as const)),
)

/** The turns of a conversation, or of an object that holds one by its name; null where the value is none. JSON in a cell of a CSV is read. */
export function turnsOf(value: unknown): readonly Said[] | null {
  if (typeof value === 'string') return /^\s*[[{]/.test(value) ? turnsOf(parsed(value)) : null
  const tree = branchOf(value)
  if (tree) return turnsOf(tree.branch)
  if (!Array.isArray(value)) return treeOf(value) ?? turnsWithin(value)
  const turns = value.map(turnOf)
  const said = turns.flatMap((turn) => (turn === null ? [] : turn))
  return said.length > 0 && turns.every((turn) => turn !== null) ? said : null
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

/** Empty where nothing is said in it (a call of a tool); null where it is no turn. */
function turnOf(value: unknown): readonly Said[] | null {
  const turn = Object(value) as Readonly<Record<string, unknown>>
  const [name, words] =
    'role' in turn
      ? [turn.role, turn.content ?? turn.parts ?? ('content' in turn ? '' : turn.text)]
      : 'from' in turn
        ? [turn.from, turn.value]
        : [turn.sender, turn.text]
  const speaker = typeof name === 'string' && speakers.get(name.toLowerCase())
  if (!speaker || words === undefined) return null
  const text = wordsOf(words)
  return text === '' ? [] : [{ speaker, text }]
}

interface Node {
  readonly parent?: unknown
  readonly message?: {
    readonly author?: { readonly role?: unknown }
    readonly content?: { readonly parts?: unknown }
  }
}

/** The branch of ChatGPT's tree that ends at its newest message. */
function treeOf(value: unknown): readonly Said[] | null {
  if (typeof value !== 'object' || value === null) return null
  const nodes = new Map(Object.entries(value as Readonly<Record<string, Node | null>>))
  const branch: Said[] = []
  const seen = new Set<unknown>()
  let at: unknown = [...nodes.keys()].at(-1)
  while (typeof at === 'string' && !seen.has(at)) {
    seen.add(at)
    const { parent, message } = (nodes.get(at) ?? {}) as Node
    const said = message && turnOf({ role: message.author?.role, content: partsOf(message.content?.parts) })
    for (const each of said ?? []) branch.push(each)
    at = parent
  }
  return branch.length > 0 ? branch.reverse() : null
}

const partsOf = (parts: unknown): string =>
  Array.isArray(parts) ? parts.filter((part) => typeof part === 'string').join('\n') : ''

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
  if (turns.at(-1)?.speaker === 'Assistant') return turns
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
 * One text: every turn under the name of its speaker. What follows the assistant's last words is of no use. Null where the
 * assistant says nothing.
 */
export function exampleOfConversation(turns: readonly Said[]): Example | null {
  const learned: Turn[] = []
  let prompt = ''
  for (const { speaker, text } of turns) {
    const before = learned.length === 0 && prompt === '' ? '' : '\n\n'
    prompt += `${before}${speaker}:\n`
    if (speaker !== 'Assistant') prompt += text
    else {
      learned.push({ prompt, completion: text })
      prompt = ''
    }
  }
  const [first, ...further] = learned
  if (!first) return null
  return further.length === 0 ? first : { ...first, further }
}
