/** What was read of one file or of what was pasted: in which form, from which column, what was left out and why. */
import type { Example } from '../example'
import type { Reason, TextProblem } from './problems'

/**
 * `lines` and `paragraphs` of plain text; `columns` of a table, one or a sentence made of several; `chat`: turns, of which
 * the assistant's are learned; `prompt-answer` and `orca` (with a system prompt): the answer is learned.
 */
export type Form = 'lines' | 'paragraphs' | 'columns' | 'chat' | 'prompt-answer' | 'orca'

/** What pasted text may be but running text. */
export type PastedForm = 'json' | 'json-lines' | 'table'

export interface LeftOut {
  readonly count: number
  readonly reason: Reason
}

/** What was done to a file before it could be read, and costs none of its examples. */
export type Note =
  | { readonly kind: 'windows-1252' }
  /** UTF-8 that was written as if each of its bytes were a letter. */
  | { readonly kind: 'bytes-as-letters' }
  | { readonly kind: 'title-lines'; readonly count: number }
  | { readonly kind: 'no-header' }
  /** Delimiters or quotes stand within texts of so many rows, first in this line, and were taken for what they seem. */
  | { readonly kind: 'mended-rows'; readonly count: number; readonly line: number }
  /** Nothing names the columns, and they are taken for the front and the back of cards. */
  | { readonly kind: 'cards'; readonly first: readonly string[] }
  /** The first line may be an example, too. */
  | { readonly kind: 'doubtful-header'; readonly first: readonly string[] }
  | { readonly kind: 'front-matter' }
  | { readonly kind: 'chat-export' }
  | { readonly kind: 'subtitles' }
  /** So many lines stood on the screen before, and are read once. */
  | { readonly kind: 'rolling-captions'; readonly count: number }
  /** So many cells have printed or drawn something, which is not learned. */
  | { readonly kind: 'notebook'; readonly outputs: number }
  /** Texts too long for one example are several. */
  | { readonly kind: 'parted' }
  /** Objects in lists within the rows, which are not learned. */
  | { readonly kind: 'nested-list'; readonly column: string; readonly count: number }
  /** Other columns hold much text, too. */
  | { readonly kind: 'other-text'; readonly column: string; readonly others: readonly string[] }
  /** Columns of answers that were turned down in favour of others. */
  | { readonly kind: 'turned-down'; readonly columns: readonly string[] }
  /** Answers are signs for choices, of which the texts are learned: the first sign and its text. */
  | { readonly kind: 'picked'; readonly column: string; readonly sign: string; readonly text: string }
  /** Beside question and answer stands what is not learned with them. */
  | {
      readonly kind: 'text-beside'
      readonly question: string
      readonly column: string
      readonly others: readonly string[]
    }
  /** What stands in conversations beside the words that are learned. */
  | { readonly kind: 'unlearned'; readonly what: UnlearnedKind; readonly count: number }
  /** Messages of other branches of trees of replies. */
  | { readonly kind: 'other-branches'; readonly count: number }
  /** Text that stands beside the list that is read. */
  | { readonly kind: 'beside-list'; readonly columns: readonly string[] }
  /** Where the column is empty, another one was read. */
  | {
      readonly kind: 'instead'
      readonly column: string
      readonly instead: string
      readonly count: number
    }
  /** Lists or objects stand in it that are no JSON. */
  | { readonly kind: 'printed-by-python'; readonly column: string }
  | { readonly kind: 'pasted-as'; readonly form: PastedForm }
  /** What was pasted begins like JSON, and is read as running text. */
  | { readonly kind: 'pasted-broken'; readonly problem: TextProblem }
  /** Of several files this one was not read. */
  | { readonly kind: 'refused'; readonly problem: TextProblem }
  /** Tags of HTML were taken out of so many cells. */
  | { readonly kind: 'markup'; readonly count: number }
  /** So many marks that stand for a sound, as Anki writes them, were taken out. */
  | { readonly kind: 'sounds'; readonly count: number }
  /** The files before it are all that a tab takes. */
  | { readonly kind: 'unread' }
  /** What is read ends there; how many examples follow is not known. */
  | { readonly kind: 'first-bytes'; readonly read: number; readonly of: number }

/**
 * In conversations: answers that are marked as given (`weight: 0`), calls of tools and what they gave back, thoughts of the
 * assistant, pictures and files. The first two are read as part of the conversation, the others are not.
 */
export type UnlearnedKind = 'given' | 'tools' | 'thoughts' | 'attachments'

/** How one source is to be read where the usual way is not wanted. */
export interface Wish {
  /** A column's name, or a sentence with names in braces: "{name} lives in {town}". */
  readonly column?: string
  /** Plain text: what an example is. */
  readonly pieces?: 'lines' | 'paragraphs'
}

export interface TextReading {
  /** Null: what was pasted. */
  readonly name: string | null
  readonly form: Form
  /** What is trained on: a column, or the sentence; null for plain text. */
  readonly column: string | null
  /** All there are, as they are written. */
  readonly columns: readonly string[]
  readonly examples: readonly Example[]
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly Note[]
}

/** Rows of whatever table. Columns are compared without case: a row's cells go by `keyOf` the name. */
export interface Table {
  /** Null: what was pasted. */
  readonly name: string | null
  /** Names as they are written, by key, in order. */
  readonly columns: ReadonlyMap<string, string>
  readonly rows: readonly Row[]
  readonly leftOut: readonly LeftOut[]
  readonly notes: readonly Note[]
  /** The keys of the columns that ask and answer, where their names do not say it. */
  readonly cards?: readonly [front: string, back: string]
}

export type Row = ReadonlyMap<string, unknown>

export const keyOf = (column: string): string => column.trim().toLowerCase()
