/**
 * A token bucket: it holds so many tokens at most and fills at a steady rate, so short bursts pass and a lasting flood does
 * not. Time is handed in; it knows no clock.
 */
export interface Rate {
  /** Tokens that are there at the beginning, and at most. */
  readonly burst: number
  readonly perSecond: number
}

export interface Bucket {
  /** Takes so many tokens; false: there are not enough, and none are taken. */
  take(tokens: number, nowMs: number): boolean
  /** Milliseconds until so many are there; more than the bucket holds count as all that it holds. */
  waitMs(tokens: number, nowMs: number): number
}

export function bucket({ burst, perSecond }: Rate, startedAtMs: number): Bucket {
  let tokens = burst
  let filledAtMs = startedAtMs
  const fill = (nowMs: number) => {
    tokens = Math.min(burst, tokens + (Math.max(0, nowMs - filledAtMs) * perSecond) / 1000)
    filledAtMs = nowMs
  }
  // Comparing sums of fractions: a timer that fires when the tokens are due must find them.
  const slack = 1e-6
  return {
    take(wanted, nowMs) {
      fill(nowMs)
      const taken = Math.min(wanted, burst)
      if (tokens + slack < taken) return false
      tokens -= taken
      return true
    },
    waitMs(wanted, nowMs) {
      fill(nowMs)
      return Math.max(0, Math.ceil(((Math.min(wanted, burst) - tokens) / perSecond) * 1000))
    },
  }
}
