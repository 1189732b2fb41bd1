/**
 * Whether a regular expression of a tokenizer may take for ever. JavaScript's matcher backtracks: a repeated group whose
 * body can match the same text in two ways, `(a+)+` or `(a|aa)*`, takes time that doubles with every letter. Tokenizers need
 * no such thing, so it is refused by its form alone: what is repeated as a group is a fixed sequence of characters. What
 * remains is at worst a power of the length (`mostLoops`), which whoever tokenises text for a page bounds by a deadline.
 * Source: Weideman et al., Analyzing matching time behavior of backtracking regular expression matchers, CIAA 2016.
 */

export const maxPatternCharacters = 4000
/** Unbounded repetitions in a row: each may share its text with its neighbours. */
const mostLoops = 4
/** In which a match can go on, loops aside: each alternative and each optional piece multiplies them. */
const mostWays = 10_000
/** Counted repetitions are copied out when a pattern is compiled. */
const mostCopies = 1000
const deepest = 20
/** From here on a count is as good as none. */
const manyTimes = 32

interface Shape {
  /** 1: no alternatives, nothing optional. */
  readonly ways: number
  readonly loops: number
  readonly copies: number
}

interface Repeat {
  readonly least: number
  readonly most: number
}

class Refused extends Error {}

/** Why this pattern is not run; null: it is. Linear in its length. */
export function patternComplaint(pattern: string): string | null {
  if (pattern.length > maxPatternCharacters)
    return `a pattern of ${pattern.length} characters (up to ${maxPatternCharacters} are run)`
  try {
    shapeOf(pattern)
    return null
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem
    return `the pattern "${pattern.slice(0, 60)}", ${problem.message}`
  }
}

function shapeOf(pattern: string): void {
  let at = 0
  alternatives(0)
  if (at < pattern.length) throw new Refused('whose brackets do not match')

  function alternatives(depth: number): Shape {
    if (depth > deepest) throw new Refused('which is nested too deeply')
    const shapes = [sequence(depth)]
    while (pattern[at] === '|') {
      at++
      shapes.push(sequence(depth))
    }
    return {
      ways: shapes.reduce((sum, { ways }) => sum + ways, 0),
      loops: shapes.reduce((most, { loops }) => Math.max(most, loops), 0),
      copies: shapes.reduce((sum, { copies }) => sum + copies, 0),
    }
  }

  function sequence(depth: number): Shape {
    let [ways, loops, copies] = [1, 0, 0]
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const piece = pattern[at] === '(' ? group(depth) : character()
      const repeat = quantifier()
      const isLoop = repeat.most >= manyTimes && repeat.most > repeat.least
      if (repeat.most > 1 && (piece.ways > 1 || piece.loops > 0))
        throw new Refused('which repeats what can match in several ways')
      if (!isLoop) ways *= piece.ways + repeat.most - repeat.least
      loops += piece.loops + (isLoop ? 1 : 0)
      copies += Math.max(1, piece.copies) * (Number.isFinite(repeat.most) ? repeat.most : repeat.least + 1)
      if (loops > mostLoops) throw new Refused('which repeats without end too often in a row')
      if (ways > mostWays) throw new Refused('which can match in too many ways')
      if (copies > mostCopies) throw new Refused('which repeats too much')
    }
    return { ways, loops, copies }
  }

  function group(depth: number): Shape {
    at++
    // (?: (?= (?! (?> (?<= (?<! (?<name> (?i: (?-i:
    const opening = /^\?(?:[:=!>]|<[=!]|<\w{1,40}>|[a-z-]{1,8}:)/.exec(pattern.slice(at, at + 50))
    if (opening) at += opening[0].length
    const shape = alternatives(depth + 1)
    if (pattern[at] !== ')') throw new Refused('whose brackets do not match')
    at++
    return shape
  }

  function character(): Shape {
    if (pattern[at] === '[') charactersInBrackets()
    else if (pattern[at] === '\\') escaped()
    else at++
    return { ways: 1, loops: 0, copies: 1 }
  }

  function charactersInBrackets(): void {
    let depth = 0
    do {
      if (at >= pattern.length) throw new Refused('whose brackets do not match')
      if (pattern[at] === '\\') at++
      else if (pattern[at] === '[') {
        depth++
        // A bracket that closes at once is a character: []a], [^]a].
        const first = pattern[at + 1] === '^' ? at + 2 : at + 1
        if (pattern[first] === ']') at = first
      } else if (pattern[at] === ']') depth--
      at++
    } while (depth > 0)
  }

  function escaped(): void {
    if (/[1-9k]/.test(pattern[at + 1] ?? '')) throw new Refused('which refers back to what it has matched')
    at += 2
    const braced = /^\{[^}]{0,60}\}/.exec(pattern.slice(at, at + 62))
    if (braced && /[pPuxX]/.test(pattern[at - 1])) at += braced[0].length
  }

  function quantifier(): Repeat {
    const counted = /^\{(\d{1,9})(,?)(\d{0,9})\}/.exec(pattern.slice(at, at + 24))
    const simple = { '*': [0, Number.POSITIVE_INFINITY], '+': [1, Number.POSITIVE_INFINITY], '?': [0, 1] }
    const sign = pattern[at] as keyof typeof simple
    let [least, most] = [1, 1]
    if (counted) {
      const [text, low, comma, high] = counted
      least = Number(low)
      most = comma === '' ? least : high === '' ? Number.POSITIVE_INFINITY : Number(high)
      at += text.length
    } else if (Object.hasOwn(simple, sign ?? '')) {
      ;[least, most] = simple[sign]
      at++
    } else return { least, most }
    if (pattern[at] === '?' || pattern[at] === '+') at++ // lazy, or possessive
    if (/[*+?]/.test(pattern[at] ?? '')) throw new Refused('which repeats a repetition')
    return { least, most }
  }
}
