/**
 * What an answer costs, from what the view measures: speed, where the time of a token goes, bytes. And who said how much of it.
 * Tokens that another tab had said before this one took its text over cost nothing here.
 */
import { type Asking, isJudged, type ShownToken } from '../../node/reasoning/view'

export interface Costs {
  readonly tokensPerSecond: number
  /** Of a token, on average, in milliseconds. */
  readonly computeMs: number
  readonly travelMs: number
  /** What is neither: choosing, reading back, showing, and waiting for a replacement. */
  readonly restMs: number
  readonly bytesPerToken: number
  /** Stages in other tabs through which each token goes; 0 where there is none. */
  readonly hops: number
  /** Null where nothing is handed from tab to tab. */
  readonly bytesPerHop: number | null
}

/** Null before the first token. @param self this tab's peer id */
export function costsOf(asking: Asking, self: string): Costs | null {
  const { computeMs, travelMs, tookMs, bytes, stages } = asking
  const count = asking.tokens.filter(({ by }) => by !== '').length
  if (count === 0) return null
  const hops = isJudged(asking.mode) ? 0 : stages.filter(({ id }) => id !== self).length
  return {
    tokensPerSecond: (1000 * count) / Math.max(tookMs, 1e-6),
    computeMs: computeMs / count,
    travelMs: travelMs / count,
    restMs: Math.max(0, tookMs - computeMs - travelMs) / count,
    bytesPerToken: bytes / count,
    hops,
    bytesPerHop: hops > 0 ? bytes / (count * hops) : null,
  }
}

/** How many tokens each has said, in the order in which they first spoke. */
export function speakersIn(tokens: readonly ShownToken[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { by } of tokens) counts.set(by, (counts.get(by) ?? 0) + 1)
  return counts
}
