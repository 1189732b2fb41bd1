/**
 * One turn of a conversation, however it is written: who speaks and what is said. What the assistant asks of a tool, and what
 * the tool gives back, is said by the tool; thoughts, pictures and files are counted, since nobody says them.
 */
import { isObject, type Json } from '../../json/object'
import { wordsOf } from '../cells'

type Speaker = 'System' | 'User' | 'Assistant' | 'Tool'

export interface Said {
  readonly speaker: Speaker
  /** Empty where nothing stands in the turn but what is unsaid. */
  readonly text: string
  /** It is marked as not to be learned: those who trained on it before gave it as context. */
  readonly isGiven?: boolean
  readonly unsaid?: Unsaid
}

export interface Unsaid {
  readonly thoughts: number
  /** Pictures, sounds, files. */
  readonly attachments: number
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

/** By the field that names the speaker: where the words stand; the first that says anything counts. */
const written: readonly (readonly [speaker: string, words: string])[] = [
  ['role', 'content parts text'],
  ['from', 'value'],
  ['sender', 'text content'],
]

/** Null where it is no turn; else what is said in it, nothing where it is empty. */
export function turnOf(value: unknown): readonly Said[] | null {
  if (!isObject(value)) return null
  const [by, names] = written.find(([field]) => field in value) ?? []
  const name = by === undefined ? null : value[by]
  const speaker = typeof name === 'string' ? speakers.get(name.toLowerCase()) : undefined
  if (!speaker || names === undefined) return null
  const fields = names.split(' ').filter((field) => value[field] !== undefined)
  const calls = callsOf(value)
  if (fields.length === 0 && calls.length === 0) return null
  const pieces = fields.map((field) => sorted(value[field]))
  const said = pieces.find(({ text, tools }) => text !== '' || tools.length > 0) ?? pieces[0] ?? sorted('')
  const thoughts = Math.max(countOfThoughts(value), ...pieces.map((each) => each.thoughts))
  const attachments = Math.max(countOfFiles(value), ...pieces.map((each) => each.attachments))
  const unsaid = thoughts + attachments === 0 ? {} : { unsaid: { thoughts, attachments } }
  const isGiven = speaker === 'Assistant' && isMarked(value) ? { isGiven: true } : {}
  const own: Said[] =
    said.text === '' && thoughts + attachments === 0
      ? []
      : [{ speaker, text: said.text, ...isGiven, ...unsaid }]
  return [...own, ...[...said.tools, ...calls].map((text) => ({ speaker: 'Tool', text }) as const)]
}

/** OpenAI’s `weight: 0`, `train: false` and `loss: false` of others. */
const isMarked = ({ weight, train, loss }: Json): boolean =>
  weight === 0 || weight === '0' || train === false || loss === false

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** `tool_calls`, and `function_call` as it was called before. */
const callsOf = (turn: Json): readonly string[] =>
  [...listOf(turn.tool_calls), turn.function_call].filter(isObject).map((call) => callAsText(call))

/** {function: {name, arguments}}, {name, arguments}, {name, input}, {name, args}: as JSON, with arguments that are no text. */
function callAsText(call: Json): string {
  const { name, arguments: given, input, args } = isObject(call.function) ? call.function : call
  return JSON.stringify({ name, arguments: parsed(given ?? input ?? args) })
}

function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value)
  } catch {
    return value
  }
}

const countOfThoughts = ({ reasoning_content, reasoning, thinking, thoughts }: Json): number =>
  [reasoning_content, reasoning, thinking, thoughts].some((thought) => wordsOf(thought) !== '') ? 1 : 0

const countOfFiles = ({ attachments, files, images }: Json): number =>
  [attachments, files, images].reduce<number>((sum, each) => sum + listOf(each).length, 0)

interface Sorted extends Unsaid {
  readonly text: string
  readonly tools: readonly string[]
}

/** What stands in a turn's words: text, or a list of pieces of every kind. */
function sorted(words: unknown): Sorted {
  if (!Array.isArray(words)) return { text: wordsOf(words), tools: [], thoughts: 0, attachments: 0 }
  const [said, tools]: [unknown[], string[]] = [[], []]
  let [thoughts, attachments] = [0, 0]
  for (const piece of words) {
    const kind = kindOf(piece)
    if (kind === 'said') said.push(piece)
    else if (kind === 'thought') thoughts++
    else if (kind === 'attachment') attachments++
    else if (kind.tool !== '') tools.push(kind.tool)
  }
  return { text: wordsOf(said), tools, thoughts, attachments }
}

/** Of a piece of content: OpenAI’s, Anthropic’s and Vercel’s say their kind by `type`, Gemini’s by their field. */
function kindOf(piece: unknown): 'said' | 'thought' | 'attachment' | { readonly tool: string } {
  if (!isObject(piece)) return 'said'
  const { functionCall, functionResponse, thought } = piece
  const type = typeof piece.type === 'string' ? piece.type : ''
  if (thought === true || /thinking|reasoning|thought/.test(type)) return 'thought'
  if (isObject(functionCall)) return { tool: callAsText(functionCall) }
  if (isObject(functionResponse)) return { tool: JSON.stringify(functionResponse.response ?? null) }
  if (/tool_result$/.test(type)) return { tool: wordsOf(piece.content) }
  if (/tool_(?:use|call)$|^function_call$/.test(type)) return { tool: callAsText(piece) }
  return typeof piece.text === 'string' ? 'said' : 'attachment'
}
