/** How gossip is set, and what one of its nodes remembers of a run. */
import { z } from 'zod'
import { topologies } from '../../analysis/topology'
import type { PeerEffect } from '../../effects'
import type { DeviceKey } from '../../names'
import type { StateOf, Step } from '../scheme'

export const mixings = ['metropolis', 'push-sum'] as const

export const gossipConfig = z
  .object({
    topology: z.enum(topologies).default('full'),
    /** Neighbours of a node where the topology leaves a choice. */
    degree: z.number().int().min(1).default(4),
    mixing: z.enum(mixings).default('metropolis'),
    /** Neighbours that have not been heard for so long are mixed without. */
    windowMs: z.number().min(0).default(5000),
  })
  .readonly()

export type GossipConfig = z.output<typeof gossipConfig>

/** A neighbour's adapter as announced. */
export interface Heard {
  readonly device: DeviceKey
  readonly version: number
  readonly adapterHash: string
  readonly degree: number
  readonly share: number
  readonly atMs: number
  readonly isHere: boolean
}

export interface GossipProgress {
  readonly kind: 'gossip'
  readonly phase: 'idle' | 'training' | 'merging' | 'listening'
  readonly round: number
  /** The newest of each neighbour; with push-sum, all that have not been mixed in yet. */
  readonly heard: readonly Heard[]
  /** omega of push-sum; 1 at the start. */
  readonly weight: number
  /** Shares on their way: told of again when the neighbour comes back, until it says that it has taken them. */
  readonly given: readonly Given[]
  /** The newest version of each neighbour whose share was taken: no share is taken twice. */
  readonly taken: Readonly<Record<DeviceKey, number>>
}

/** A share of push-sum's weight that went with an adapter. */
export interface Given {
  readonly device: DeviceKey
  readonly version: number
  readonly share: number
  readonly adapterHash: string
}

/** One node: there is no other state, and nobody who has it all. */
export interface PeerState extends StateOf<GossipProgress, GossipConfig> {
  /** The node's own key. */
  readonly self: DeviceKey
}

export type PeerStep = Step<PeerState, PeerEffect>
