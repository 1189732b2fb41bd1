/** How the clustered scheme is set, and what it remembers of a run. */
import { z } from 'zod'
import { clusterings } from '../../clustering/divide'
import type { AdapterId, DeviceKey } from '../../names'
import type { Cycle } from '../../rounds/stage'
import type { SchemeStep, StateOf } from '../scheme'

const whole = z.number().int().min(0)

export const clusteredConfig = z
  .object({
    /** Whether likeness of updates decides who belongs together, or (IFCA) which cluster's adapter fits a device best. */
    by: z.enum(['similarity', 'loss']).default('similarity'),
    method: z.enum(clusterings).default('k-means'),
    /** Null: as many as the silhouette likes best. */
    count: whole.min(1).max(64).nullable().default(null),
    mostClusters: whole.min(1).max(64).default(8),
    /** Rounds that all devices train together before they are told apart. */
    warmUpRounds: whole.default(2),
    reclusterEvery: whole.min(1).default(5),
    /** Below this mean silhouette the data shows no clusters and one is used. */
    leastSilhouette: z.number().default(0.1),
    /** How much log tokens/s and log round trip count beside the data; 0: not at all. */
    resourceWeight: z.number().min(0).default(0),
    /** w_k <- (1 - mixing) w_k + mixing · mean(w) every `mixEvery` rounds; 0: clusters are never mixed. */
    mixing: z.number().min(0).max(1).default(0),
    mixEvery: whole.min(1).default(5),
  })
  .readonly()

export type ClusteredConfig = z.output<typeof clusteredConfig>

export interface ClusteredProgress {
  readonly kind: 'clustered'
  /** Which cluster each device belongs to; kept while it is away. */
  readonly assignment: Readonly<Record<DeviceKey, AdapterId>>
  readonly cycles: Readonly<Record<AdapterId, Cycle>>
  /** Rounds that were behind the federation when this scheme began. */
  readonly began: number
  /** Clusters run on their own up to this round; there they meet, to be mixed and divided anew. */
  readonly meetAfter: number
  /** What happens at a meeting; null between meetings. */
  readonly meeting: Meeting | null
  /** Mean silhouette of the last division; null: never divided. */
  readonly silhouette: number | null
  /** Numbers given to clusters so far. */
  readonly named: number
}

/** Devices say which adapter fits their text best. */
export interface Trial {
  readonly kind: 'trial'
  readonly round: number
  readonly awaited: readonly DeviceKey[]
  readonly losses: Readonly<Record<DeviceKey, Readonly<Record<AdapterId, number>>>>
}

export type Meeting =
  /** All train from one adapter, so that their updates can be compared. Nothing of it is merged. */
  | { readonly kind: 'survey'; readonly cycle: Cycle }
  | Trial
  | { readonly kind: 'comparing'; readonly round: number }

export type ClusteredState = StateOf<ClusteredProgress, ClusteredConfig>
export type ClusteredStep = SchemeStep<ClusteredProgress, ClusteredConfig>
