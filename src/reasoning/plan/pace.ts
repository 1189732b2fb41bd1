/**
 * What tokens really took, beside what was foreseen: for each way of working a factor by which the next estimate is corrected. What
 * was foreseen counts as so many tokens, so a single slow round changes little; and old tokens count less and less, since loads
 * change. Rounds give several tokens at once, so times and tokens are summed before one is divided by the other.
 */

/** What was foreseen is worth so many tokens. */
const foreseenTokens = 3
/** After so many tokens one counts half. */
const halfLifeTokens = 32

export interface Pace {
  /** Times that tokens took, each over what was foreseen for it. */
  readonly taken: number
  readonly tokens: number
}

export const unknownPace: Pace = { taken: 0, tokens: 0 }

/** After so many tokens more, which took so long together. */
export function paceAfter(
  { taken, tokens }: Pace,
  said: { readonly tokens: number; readonly milliseconds: number; readonly foreseenMs: number },
): Pace {
  const kept = 2 ** (-said.tokens / halfLifeTokens)
  return {
    taken: kept * taken + said.milliseconds / said.foreseenMs,
    tokens: kept * tokens + said.tokens,
  }
}

/** 2 where tokens take twice as long as was foreseen. */
export const slowness = ({ taken, tokens }: Pace): number =>
  (foreseenTokens + taken) / (foreseenTokens + tokens)
