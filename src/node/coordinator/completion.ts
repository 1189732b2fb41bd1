/**
 * What is known of a round at the moment it is complete: which adapters came out of it, who trained, what it cost. How good
 * they are is measured afterwards (measurements.ts).
 */

import { globalAdapter } from '../../federation/names'
import type { AdapterId, Effect, FederationState } from '../../federation/types'
import { attachmentsIn, clustersIn, hasRounds, stalenessIn } from '../../federation/view'
import type { Updates } from '../executor/updates'
import type { Versions } from '../executor/versions'
import type { CompletedRound } from '../measuring/record'
import type { PoolMember } from '../wire/parts'
import type { Edges } from './edges'

export interface CompletionParts {
  readonly versions: Versions
  readonly updates: Updates
  readonly edges: Edges
  /** Whose held-out text an adapter is measured on. */
  readonly pool: (adapter: AdapterId) => readonly PoolMember[]
}

/** What only the tab knows: the time since the first round, and the bytes that it has sent and received. */
type Spent = Pick<CompletedRound, 'seconds' | 'bytes'>

/** The round of an effect; null as long as other clusters have it still before them. */
export function completedRound(
  { versions, updates, edges, pool }: CompletionParts,
  state: FederationState,
  effect: Effect & { type: 'round-completed' },
  spent: Spent,
): CompletedRound | null {
  const { round, version, contributors } = effect
  const { completedRounds } = state
  const clusters = clustersIn(state)
  if (clusters.length > 1 && completedRounds < round) return null
  const ids = clusters.length > 0 ? clusters.map(({ id }) => id) : [globalAdapter]
  const made = ids.map((id) => (id === effect.adapter ? versions.at(effect) : null) ?? versions.newest(id))
  const missed = made.flatMap(({ distortion }) => distortion ?? [])
  const trained = clusters.length > 1 ? clusters.flatMap(({ devices }) => devices) : contributors
  return {
    round,
    version,
    seconds: spent.seconds,
    bytes: spent.bytes,
    parts: made.map(({ adapter, whole }) => ({ adapter: whole.bytes, pool: pool(adapter) })),
    trained: edges.spread(updates.latest(trained)),
    lanBytes: attachmentsIn(state) ? edges.lanBytes() : null,
    distortion: missed.length > 0 ? missed.reduce((sum, value) => sum + value, 0) / missed.length : null,
    staleness: stalenessIn(state),
    waits: hasRounds(state),
  }
}
