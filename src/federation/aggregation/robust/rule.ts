/**
 * A robust rule makes one estimate of the points of a merge, though some of them lie. It comes from a file of its own in this
 * folder, with one line in chain.ts. How many may lie, f, is a supposition of whoever opened the room; each rule says how many
 * of n points it can bear, and is never asked to bear more.
 */
import type { Delta, LoraUpdate } from '../types'
import type { Gram, Point, Shares } from './points'

export interface Question {
  readonly gram: Gram
  readonly points: readonly Point[]
  /** In the basis of the points' shares. */
  readonly updates: readonly LoraUpdate[]
  /** Liars among the points, at most as many as the rule bears. */
  readonly liars: number
}

export type Estimate =
  /** A mixture of all updates. */
  | { readonly kind: 'mixture'; readonly shares: Shares }
  /** A mixture of some of them; `leftOut` says of those without a share why, as a complaint about a device. */
  | { readonly kind: 'choice'; readonly shares: Shares; readonly leftOut: string }
  /** A change of the one factor that all trained, which is no mixture of what they sent. */
  | { readonly kind: 'change'; readonly delta: Delta }

export interface RobustRule {
  /** Whether it looks at single numbers of the factors, which mean the same only where the other factor is shared. */
  readonly perCoordinate: boolean
  /** The most liars among n points that it bears; below 0: it cannot be asked. */
  bears(points: number): number
  estimate(question: Question): Estimate
}

/** Fewer than half. */
export const minorityOf = (points: number): number => Math.ceil(points / 2) - 1
