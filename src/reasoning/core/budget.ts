/**
 * How many tokens a tab computes for each of those who ask it. A bucket each, which fills up again with time: an answer or two
 * are always there, somebody who asks all day is slowed down, and nobody's asking costs another.
 */

/** Rows and tokens at once, and by the second in the long run. */
export interface Budget {
  readonly tokens: number
  readonly perSecond: number
}
export const usualBudget: Budget = { tokens: 20_000, perSecond: 50 }

export interface Ledger<Who> {
  /** Whether this one has anything left. */
  may(who: Who, nowMs: number): boolean
  /** May go below nothing: what was begun is finished. */
  spend(who: Who, tokens: number, nowMs: number): void
  left(who: Who, nowMs: number): number
}

export function openLedger<Who>({ tokens: most, perSecond }: Budget = usualBudget): Ledger<Who> {
  const accounts = new Map<Who, { left: number; atMs: number }>()
  const left = (who: Who, nowMs: number): number => {
    const account = accounts.get(who)
    return account ? Math.min(most, account.left + ((nowMs - account.atMs) / 1000) * perSecond) : most
  }
  return {
    left,
    may: (who, nowMs) => left(who, nowMs) >= 1,
    spend(who, tokens, nowMs) {
      accounts.set(who, { left: left(who, nowMs) - tokens, atMs: nowMs })
    },
  }
}
