/**
 * When to ask a second edge the same. If an answer takes longer than nineteen of twenty do, something has gone wrong on the way,
 * and whoever asks once more elsewhere takes the first answer: the slowest answers become much rarer, for a few questions more.
 * A budget keeps those few: one in twenty, or a slow room would make itself slower.
 *
 * Source: Dean & Barroso, The Tail at Scale, Communications of the ACM 2013.
 */

export interface Hedging {
  /** How long the last answers took, the oldest first. */
  readonly tookMs: readonly number[]
  /** Second questions that may be asked now. */
  readonly budget: number
}

const remembered = 64
/** Before so many answers nobody knows what is late. */
const enough = 8
const quantile = 0.95
const share = 0.05
const mostSaved = 2

export const freshHedging: Hedging = { tookMs: [], budget: 1 }

/** So long after the question a second one is asked; null while that is not known. */
export function hedgeAfterMs({ tookMs }: Hedging): number | null {
  if (tookMs.length < enough) return null
  const sorted = [...tookMs].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))]
}

export const mayHedge = ({ budget }: Hedging): boolean => budget >= 1

export const hedged = (hedging: Hedging): Hedging => ({ ...hedging, budget: hedging.budget - 1 })

/** Each answered question pays for a twentieth of a second one. */
export const settled = ({ tookMs, budget }: Hedging, milliseconds: number): Hedging => ({
  tookMs: [...tookMs, milliseconds].slice(-remembered),
  budget: Math.min(mostSaved, budget + share),
})
