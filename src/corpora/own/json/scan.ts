/**
 * Where a text stops to be JSON, and by what. Browsers say it each in its own words, or not at all; people make the same few
 * mistakes, and each has a name here. It knows the grammar of RFC 8259 and nothing of values: those are JSON.parse's.
 */
import type { JsonSyntaxFault } from '../problems'

export interface Scanned {
  /** Behind the value, or where the fault is: for what is missing, the end of what stands before it. */
  readonly at: number
  /** Null: a whole value ends there. */
  readonly fault: JsonSyntaxFault | null
}

/** What may come next; `first-` where the bracket may also close. */
type Awaited = 'value' | 'first-value' | 'name' | 'first-name' | 'colon' | 'end'

const blank = /[ \t\n\r]*/y
const scalar = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y
const bareName = /[\p{L}\p{N}_$-]+/uy
/** What stands there instead; the first that fits. */
const mistakes: readonly (readonly [RegExp, JsonSyntaxFault])[] = [
  [/\/[/*]|#/y, 'comment'],
  [/['`]/y, 'single-quotes'],
  [/[“”„‟‘’«»]/y, 'curly-quotes'],
  [/[\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff]/y, 'foreign-blank'],
  [/[+-]?(?:nan|infinity|inf)\b/iy, 'no-number'],
  [/(?:true|false|null|none|undefined)\b/iy, 'foreign-word'],
  [/<(?:!doctype|html|\?xml)/iy, 'web-page'],
]

/** Of the value that begins at `from`, or behind blanks there. */
export function scanValue(text: string, from = 0): Scanned {
  const open: string[] = []
  let awaited: Awaited = 'value'
  let at = from
  /** Where that ends which was read before, and its first letter. */
  let [last, before] = [from, '']

  while (awaited !== 'end' || open.length > 0) {
    at += lengthOf(blank, text, at)
    if (at >= text.length) return { at: last, fault: 'cut-off' }
    const letter = text[at]
    const isValue: boolean = awaited === 'value' || awaited === 'first-value'
    const isName: boolean = awaited === 'name' || awaited === 'first-name'
    let end = at + 1
    if (letter === '"' && (isValue || isName)) {
      const string = scanString(text, at)
      if (string.fault) return string
      end = string.at
      awaited = isName ? 'colon' : 'end'
    } else if (isValue && (letter === '{' || letter === '[')) {
      open.push(letter)
      awaited = letter === '{' ? 'first-name' : 'first-value'
    } else if (letter === '}' || letter === ']') {
      const fault = faultOfClosing(awaited, before)
      if (fault) return { at: before === ',' ? last - 1 : last, fault }
      if (open.pop() !== (letter === '}' ? '{' : '[')) return { at, fault: 'brackets' }
      awaited = 'end'
    } else if (letter === ',' && awaited === 'end') awaited = open.at(-1) === '{' ? 'name' : 'value'
    else if (letter === ':' && awaited === 'colon') awaited = 'value'
    else if (isValue && lengthOf(scalar, text, at) > 0) {
      end += lengthOf(scalar, text, at) - 1
      awaited = 'end'
    } else return faultAt(text, at, awaited, before, last)
    before = letter
    at = last = end
  }
  return { at, fault: null }
}

/** Null where a bracket may close there. */
function faultOfClosing(awaited: Awaited, before: string): JsonSyntaxFault | null {
  if (awaited === 'colon') return 'no-colon'
  if (awaited === 'value' || awaited === 'name') return before === ',' ? 'trailing-comma' : 'no-value'
  return null
}

/** Something stands there that cannot. Where a sign is missing, it is missing behind what was read last. */
function faultAt(text: string, at: number, awaited: Awaited, before: string, last: number): Scanned {
  const mistake = mistakes.find(([pattern]) => lengthOf(pattern, text, at) > 0)?.[1] ?? null
  const isSign = text[at] === ',' || text[at] === ':'
  const goesOn = before === '"' && at === last && !isSign && !/["{[]/.test(text[at])
  if (mistake === 'comment' || mistake === 'web-page') return { at, fault: mistake }
  switch (awaited) {
    case 'value':
    case 'first-value':
      return isSign ? { at: last, fault: 'no-value' } : { at, fault: mistake ?? 'not-json' }
    case 'name':
    case 'first-name':
      if (lengthOf(bareName, text, at) > 0) return { at, fault: 'bare-name' }
      return { at, fault: mistake ?? 'not-json' }
    case 'colon':
    case 'end':
      if (mistake === 'foreign-blank') return { at, fault: mistake }
      if (goesOn) return { at: last, fault: 'inner-quote' }
      if (awaited === 'colon') return { at: last, fault: 'no-colon' }
      return isSign ? { at, fault: 'not-json' } : { at: last, fault: 'no-comma' }
  }
}

/** How much of the text fits there; `pattern` is sticky. */
function lengthOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}

/** Of the string whose first quote is at `from`. */
function scanString(text: string, from: number): Scanned {
  for (let at = from + 1; at < text.length; at++) {
    const letter = text[at]
    if (letter === '"') return { at: at + 1, fault: null }
    if (letter === '\n') return { at: from, fault: 'open-quote' }
    if (letter < ' ') return { at, fault: 'control' }
    if (letter === '\\') {
      const behind = text.slice(at + 1, at + 6)
      const escaped = /^(?:["\\/bfnrt]|u[\da-fA-F]{4})/.exec(behind)?.[0]
      if (escaped === undefined && (behind.length === 5 || !/^(?:u[\da-fA-F]*)?$/.test(behind)))
        return { at, fault: 'backslash' }
      at += escaped?.length ?? 0
    }
  }
  return { at: text.length, fault: 'cut-off' }
}
