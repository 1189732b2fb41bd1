/**
 * What an answer costs, from what the view measures: speed, where the time of a token goes, bytes. And who said how much of it.
 * Tokens that another tab had said before this one took its text over cost nothing here.
 */
import { isJudged } from '../../node/reasoning/modes'
import type { Asking, ShownToken } from '../../node/reasoning/view/view'

export interface Costs {
  readonly tokensPerSecond: number
  /** Of a token, on average, in milliseconds. */
  /** Until the others were found, shared out over the tokens. */
  readonly gatherMs: number
  readonly computeMs: number
  readonly travelMs: number
  /** What is none of these: choosing, reading back, showing, and waiting for a replacement. */
  readonly restMs: number
  readonly bytesPerToken: number
  /** Stages in other tabs through which each token goes; 0 where there is none. */
  readonly hops: number
  /** Null where nothing is handed from tab to tab. */
  readonly bytesPerHop: number | null
}

/** Null before the first token. @param self this tab's peer id */
export function costsOf(asking: Asking, self: string): Costs | null {
  const { gatherMs, computeMs, travelMs, tookMs, bytes, stages } = asking
  const count = asking.tokens.filter(({ by }) => by.length > 0).length
  if (count === 0) return null
  const hops = isJudged(asking.way) ? 0 : stages.filter(({ id }) => id !== self).length
  return {
    tokensPerSecond: (1000 * count) / Math.max(tookMs, 1e-6),
    gatherMs: gatherMs / count,
    computeMs: computeMs / count,
    travelMs: travelMs / count,
    restMs: Math.max(0, tookMs - gatherMs - computeMs - travelMs) / count,
    bytesPerToken: bytes / count,
    hops,
    bytesPerHop: hops > 0 ? bytes / (count * hops) : null,
  }
}

/** One tab, or several through whose layers the same tokens went. */
export interface Speakers {
  readonly by: readonly string[]
  readonly tokens: number
}

/** Tokens are of the same speakers where these are the same, in the same order. */
export const speakersKey = (by: readonly string[]): string => by.join(' ')

/** How many tokens who has said, in the order in which they first spoke. */
export function speakersIn(tokens: readonly ShownToken[]): readonly Speakers[] {
  const found = new Map<string, Speakers>()
  for (const { by } of tokens) {
    const key = speakersKey(by)
    found.set(key, { by, tokens: (found.get(key)?.tokens ?? 0) + 1 })
  }
  return [...found.values()]
}
