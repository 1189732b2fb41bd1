/**
 * What can be wrong with a person's own text, as values: each language has its sentences for them (`said/` has the
 * English ones, the page the German). `name` is a file's; null is what was pasted.
 */
export type TextProblem =
  | { readonly kind: 'empty'; readonly name: string | null }
  | { readonly kind: 'too-many-files'; readonly files: number; readonly most: number }
  | { readonly kind: 'unsupported'; readonly name: string; readonly content: Unsupported }
  | { readonly kind: 'binary'; readonly name: string }
  /** Its letters cannot be told for certain. */
  | { readonly kind: 'unknown-encoding'; readonly name: string }
  | {
      readonly kind: 'broken-json'
      readonly name: string | null
      readonly line: number | null
      readonly fault: JsonFault
    }
  | {
      readonly kind: 'broken-csv'
      readonly name: string | null
      readonly line: number
      readonly fault: CsvFault
    }
  | {
      readonly kind: 'too-wide'
      readonly name: string | null
      readonly width: number | null
      readonly most: number
    }
  | { readonly kind: 'no-text-column'; readonly name: string | null; readonly columns: readonly string[] }
  | {
      readonly kind: 'no-such-column'
      readonly name: string | null
      readonly wanted: string
      readonly columns: readonly string[]
    }
  | { readonly kind: 'no-columns'; readonly name: string | null }
  /** Every row was left out: the most frequent reason. */
  | {
      readonly kind: 'all-left-out'
      readonly name: string | null
      readonly rows: number
      readonly reason: Reason
      readonly columns: readonly string[]
    }
  | { readonly kind: 'too-slow'; readonly seconds: number }

/** What a file of another kind holds, as far as its name or its first bytes tell. */
export type Unsupported =
  | 'document'
  | 'pdf'
  | 'book'
  | 'slides'
  | 'tex'
  | 'spreadsheet'
  | 'web-page'
  | 'mail'
  | 'calendar'
  | 'contacts'
  | 'bibliography'
  | 'translations'
  | 'subtitles'
  | 'anki'
  | 'archive'
  | 'database'
  | 'columns'
  | 'numbers'
  | 'settings'
  | 'picture'
  | 'recording'
  | 'other'

/** Where the text stops to be JSON. */
export type JsonSyntaxFault =
  | 'comment'
  | 'trailing-comma'
  | 'single-quotes'
  | 'curly-quotes'
  /** A blank that is no space, tab or line break. */
  | 'foreign-blank'
  /** NaN, Infinity. */
  | 'no-number'
  /** None, True, undefined: words of a programming language. */
  | 'foreign-word'
  | 'bare-name'
  | 'no-comma'
  | 'no-colon'
  | 'no-value'
  /** A quote within a text. */
  | 'inner-quote'
  /** A text that goes on in the next line. */
  | 'open-quote'
  /** A tab or another control character within a text. */
  | 'control'
  /** A backslash that means nothing. */
  | 'backslash'
  /** ] closes {, or the other way round. */
  | 'brackets'
  /** The text ends before its value does. */
  | 'cut-off'
  /** Values with commas between them, but no brackets around. */
  | 'no-brackets'
  | 'web-page'
  | 'not-json'

export type JsonFault = JsonSyntaxFault | 'not-an-object' | 'no-rows' | 'no-cells' | 'cut'

export type CsvFault =
  | { readonly kind: 'open-quote' }
  | { readonly kind: 'stray-quote' }
  | { readonly kind: 'cells'; readonly found: number; readonly wanted: number }

/** Why a row or a message is not among the examples. */
export type Reason =
  | { readonly kind: 'no-value'; readonly column: string }
  | { readonly kind: 'no-question'; readonly column: string }
  | { readonly kind: 'no-answer'; readonly column: string }
  | { readonly kind: 'no-conversation'; readonly column: string }
  | { readonly kind: 'no-assistant' }
  /** The assistant says something, and all of it is marked as not to be learned. */
  | { readonly kind: 'all-given' }
  | { readonly kind: 'only-tools' }
  /** The row's own verdict on its answer is false. */
  | { readonly kind: 'turned-down'; readonly column: string }
  | { readonly kind: 'cells'; readonly line: number }
  | { readonly kind: 'no-words' }
  /** More than a tab takes. */
  | { readonly kind: 'beyond'; readonly most: number }
