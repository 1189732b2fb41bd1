/**
 * Text as rows of tokens. A row is one piece of one text: its tokens are the inputs and, shifted by one, the targets.
 * An example (prompts and completions) ends with the tokenizer's end-of-text token where there is one, and only the
 * completions' tokens count in the loss. What is longer than a row is cut into windows that overlap by one token, so
 * that every token is predicted once. The very first token of a text is never predicted: nothing stands before it.
 */
import { type Example, turnsOfExample } from '../corpora/example'
import type { Tokenizer } from '../model/tokenizer'

export interface Row {
  /** One more than there are predictions. */
  readonly tokens: readonly number[]
  /** The predictions of `tokens[countFrom]` and all after it count; at least 1. */
  readonly countFrom: number
  /** Predictions behind `countFrom` that do not count all the same, from and to: the further prompts of a conversation. */
  readonly skips?: readonly (readonly [from: number, to: number])[]
}

/** Each example's rows, of at most `time` predictions. Rows in which nothing counts are left out. */
export function rowsOfExamples(
  tokenizer: Pick<Tokenizer, 'encode' | 'eosIds'>,
  examples: readonly Example[],
  time: number,
): Row[] {
  const end = tokenizer.eosIds.slice(0, 1)
  return examples.flatMap((example) => {
    const tokens: number[] = []
    /** Tokens that are given, not learned. */
    const given: [from: number, to: number][] = []
    for (const { prompt, completion } of turnsOfExample(example)) {
      const from = tokens.length
      for (const token of tokenizer.encode(prompt)) tokens.push(token)
      given.push([from, tokens.length])
      for (const token of tokenizer.encode(completion)) tokens.push(token)
    }
    return windows([...tokens, ...end], time)
      .map((row, index) => masked(row, index * time, given))
      .filter((row) => countedTokens(row) > 0)
  })
}

/** The row that begins at token `start`, of which what was given does not count. */
function masked(row: Row, start: number, given: readonly (readonly [number, number])[]): Row {
  const { length } = row.tokens
  const [first, ...further] = given
    .map(([from, to]) => [Math.max(1, from - start), Math.min(length, to - start)] as const)
    .filter(([from, to], index) => index === 0 || to > from)
  const countFrom = Math.max(1, first[1])
  return further.length === 0 ? { ...row, countFrom } : { ...row, countFrom, skips: further }
}

/** A token stream's windows: window i predicts the tokens iT+1 to iT+T from those before; the last may be shorter. */
export function windows(tokens: readonly number[], time: number): Row[] {
  const count = Math.max(0, Math.ceil((tokens.length - 1) / time))
  return Array.from({ length: count }, (_, index) => ({
    tokens: tokens.slice(index * time, (index + 1) * time + 1),
    countFrom: 1,
  }))
}

/** How many of a row's predictions count. */
export const countedTokens = ({ tokens, countFrom, skips = [] }: Row): number =>
  skips.reduce((left, [from, to]) => left - (to - from), Math.max(0, tokens.length - countFrom))
