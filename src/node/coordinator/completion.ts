/**
 * What is known of a round at the moment it is complete: which adapters came out of it, who trained, what it cost. How good
 * they are is measured afterwards (measurements.ts).
 */
import { clustersOf } from '../../federation/federation'
import { globalAdapter } from '../../federation/names'
import type { AdapterId, Effect, FederationState } from '../../federation/types'
import type { CompletedRound } from '../measuring/measurements'
import type { Updates } from '../merging/updates'
import type { Adapters } from '../merging/versions'
import type { PoolMember } from '../wire/messages'
import type { Edges } from './edges'

export interface CompletionParts {
  readonly adapters: Adapters
  readonly updates: Updates
  readonly edges: Edges
  /** Whose held-out text an adapter is measured on. */
  readonly pool: (adapter: AdapterId) => readonly PoolMember[]
}

/** What only the tab knows: the time since the first round, and the bytes that it has sent and received. */
type Spent = Pick<CompletedRound, 'seconds' | 'bytes'>

/** The round of an effect; null as long as other clusters have it still before them. */
export function completedRound(
  { adapters, updates, edges, pool }: CompletionParts,
  state: FederationState,
  effect: Effect & { type: 'round-completed' },
  spent: Spent,
): CompletedRound | null {
  const { round, version, contributors } = effect
  const { progress, completedRounds } = state
  const clusters = clustersOf(state)
  if (clusters.length > 1 && completedRounds < round) return null
  const ids = clusters.length > 0 ? clusters.map(({ id }) => id) : [globalAdapter]
  const versions = ids.map(
    (id) => (id === effect.adapter ? adapters.at(effect) : null) ?? adapters.newest(id),
  )
  const missed = versions.flatMap(({ distortion }) => distortion ?? [])
  const trained = clusters.length > 1 ? clusters.flatMap(({ devices }) => devices) : contributors
  return {
    ...{ round, version, ...spent },
    parts: versions.map(({ name, issue }) => ({ adapter: issue.bytes, pool: pool(name.adapter) })),
    trained: edges.spread(updates.latest(trained)),
    lanBytes: progress.kind === 'hierarchical' ? edges.lanBytes() : null,
    distortion: missed.length > 0 ? missed.reduce((sum, value) => sum + value, 0) / missed.length : null,
    staleness: progress.kind === 'asynchronous' ? progress.staleness : null,
    waits: progress.kind !== 'asynchronous',
  }
}
