/**
 * A gossiping tab's state as it stores it: a schema for what `federation/schemes/gossip/state.ts` says is in it. A
 * coordinator stores the events that lead to its state, not the state itself (events.ts).
 */
import { z } from 'zod'
import type { Control, Member, PeerState } from '../../federation/types'
import {
  adapterId,
  capability,
  deviceKey,
  federationConfig,
  hash,
  notNegative,
  reason,
  whole,
} from './config'

const adapterName = z.object({ adapter: adapterId, version: whole })
const ms = z.number()

const progress: z.ZodType<PeerState['progress']> = z.object({
  kind: z.literal('gossip'),
  phase: z.enum(['idle', 'training', 'merging', 'listening']),
  round: whole,
  heard: z.array(
    z.object({
      device: deviceKey,
      version: whole,
      adapterHash: hash,
      degree: whole,
      share: notNegative,
      atMs: ms,
      isHere: z.boolean(),
    }),
  ),
  weight: notNegative,
  given: z.array(z.object({ device: deviceKey, version: whole, share: notNegative, adapterHash: hash })),
  taken: z.record(deviceKey, whole),
})

const member: z.ZodType<Member> = z.object({
  key: deviceKey,
  index: whole,
  present: z.boolean(),
  paused: z.boolean(),
  examples: whole,
  isEdge: z.boolean(),
  capability,
  holds: adapterName.nullable(),
  // Younger than the records that this page may find.
  leftAtMs: ms.nullable().default(null),
  volunteers: z.boolean().default(false),
  isSpent: z.boolean().default(false),
  contributed: z.boolean().default(true),
  isForgotten: z.boolean().default(false),
})

const control: z.ZodType<Control> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lobby') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('stepping') }),
  z.object({ kind: z.literal('paused'), why: reason.nullable() }),
  z.object({ kind: z.literal('finished'), why: reason }),
])

/** It belongs to a tab, and to the scheme that its settings name. */
export const peerState: z.ZodType<PeerState> = z.object({
  config: federationConfig.refine(({ scheme }) => scheme === 'gossip'),
  self: deviceKey,
  members: z.array(member).max(10_000),
  control,
  progress,
  adapters: z.record(adapterId, whole),
  completedRounds: whole,
  switchTo: z.null(),
  returning: z.null().default(null),
  wishes: z.tuple([]).default([]),
})
