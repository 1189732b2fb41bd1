/**
 * Text as rows of tokens. A row is one piece of one text: its tokens are the inputs and, shifted by one, the targets.
 * An example (prompt and completion) ends with the tokenizer's end-of-text token where there is one, and only the
 * completion's tokens count in the loss. What is longer than a row is cut into windows that overlap by one token, so
 * that every token is predicted once. The very first token of a text is never predicted: nothing stands before it.
 */
import type { Example } from '../corpora/example'
import type { Tokenizer } from '../model/tokenizer'

export interface Row {
  /** One more than there are predictions. */
  readonly tokens: readonly number[]
  /** The predictions of `tokens[countFrom]` and all after it count; at least 1. */
  readonly countFrom: number
}

/** Each example's rows, of at most `time` predictions. Rows in which nothing counts are left out. */
export function rowsOfExamples(tokenizer: Tokenizer, examples: readonly Example[], time: number): Row[] {
  const end = tokenizer.eosId === null ? [] : [tokenizer.eosId]
  return examples.flatMap(({ prompt, completion }) => {
    const given = tokenizer.encode(prompt)
    const tokens = [...given, ...tokenizer.encode(completion), ...end]
    return windows(tokens, time)
      .map((row, index) => ({ ...row, countFrom: Math.max(1, given.length - index * time) }))
      .filter((row) => countedTokens(row) > 0)
  })
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
export const countedTokens = ({ tokens, countFrom }: Row): number => Math.max(0, tokens.length - countFrom)
