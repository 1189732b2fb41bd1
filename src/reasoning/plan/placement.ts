/**
 * Which tab takes which layers of a pipeline. The time of a token is the sum over its stages, but a room of people holds
 * devices of all kinds, and the layers go where they are fast and fit: each tab gets as many as its speed makes them take
 * equally long everywhere (water-filling, as Parallax places them), and never more than it may hold. A pure function: the same
 * room gives the same plan.
 */
import type { Span } from '../../model/stretch'

export interface Candidate {
  readonly id: string
  /** Of this tab's machine, for one token. */
  readonly millisecondsPerLayer: number
  /** For one row there and back, and reading it from the machine. */
  readonly overheadMs: number
  /** At most so many layers. */
  readonly mostLayers: number
}

export interface Placed {
  readonly id: string
  readonly layers: Span
}

/**
 * The first of the candidates is the asker, which keeps embedding and head and gets the lowest layers, if any. Null where all
 * together may not hold the layers. Every candidate of `wanted` gets a layer at least, if there are enough.
 */
export function place(candidates: readonly Candidate[], layers: number): readonly Placed[] | null {
  const usable = candidates.filter(({ mostLayers }) => mostLayers > 0).slice(0, layers)
  const counts = waterFilling(
    usable.map(({ millisecondsPerLayer }) => 1 / millisecondsPerLayer),
    usable.map(({ mostLayers }) => mostLayers),
    layers,
  )
  if (!counts) return null
  let from = 0
  return usable.flatMap(({ id }, index) => {
    const span = { from, to: from + counts[index] }
    from = span.to
    return counts[index] > 0 ? [{ id, layers: span }] : []
  })
}

/**
 * So many of `total` for each, in proportion to its speed: the level λ at which Σ min(cap, λ speed) = total, rounded down, the
 * remainders largest first; at least one for each. Null where the caps do not reach.
 */
export function waterFilling(
  speeds: readonly number[],
  caps: readonly number[],
  total: number,
): readonly number[] | null {
  if (caps.reduce((sum, cap) => sum + Math.min(cap, total), 0) < total) return null
  const level = levelOf(speeds, caps, total)
  const wanted = speeds.map((speed, index) => Math.min(caps[index], level * speed))
  // What a bisection leaves just below a whole number is that number.
  const counts = wanted.map((share) => Math.max(1, Math.floor(share + 1e-9)))
  const given = () => counts.reduce((sum, count) => sum + count, 0)
  const remainder = (index: number) => wanted[index] - counts[index]
  const byRemainder = () => [...counts.keys()].sort((a, b) => remainder(b) - remainder(a) || a - b)
  while (given() < total) counts[byRemainder().find((index) => counts[index] < caps[index])!]++
  while (given() > total)
    counts[
      byRemainder()
        .reverse()
        .find((index) => counts[index] > 1)!
    ]--
  return counts
}

const bisections = 100

function levelOf(speeds: readonly number[], caps: readonly number[], total: number): number {
  const held = (level: number) =>
    speeds.reduce((sum, speed, index) => sum + Math.min(caps[index], level * speed), 0)
  let [low, high] = [0, total / Math.min(...speeds)]
  for (let turn = 0; turn < bisections; turn++) {
    const middle = (low + high) / 2
    if (held(middle) < total) low = middle
    else high = middle
  }
  return high
}

/** What one token takes along a plan: every stage in turn. */
export function tokenMs(plan: readonly Placed[], candidates: readonly Candidate[]): number {
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]))
  return plan.reduce((sum, { id, layers }) => {
    const { millisecondsPerLayer, overheadMs } = byId.get(id)!
    return sum + (layers.to - layers.from) * millisecondsPerLayer + overheadMs
  }, 0)
}

/** Whether a new plan is so much better that reading the text again on other tabs pays: otherwise plans would flutter. */
export const isWorthMoving = (oldMs: number, newMs: number): boolean => newMs < 0.75 * oldMs
