/**
 * The reducer's state as a gossiping tab stores it: a schema for each kind of progress that `federation/progress.ts` knows.
 * A kind that is added there is a type error here.
 */
import { z } from 'zod'
import type { AdapterName } from '../../federation/names'
import type { Cycle, Progress, Stage } from '../../federation/progress'
import type { Control, FederationState, Member } from '../../federation/types'
import {
  adapterId,
  capability,
  deviceKey,
  deviceKeys,
  federationConfig,
  hash,
  notNegative,
  reason,
  whole,
} from './config'

const adapterName: z.ZodType<AdapterName> = z.object({ adapter: adapterId, version: whole })
const ms = z.number()

const stage: z.ZodType<Stage> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('between') }),
  z.object({
    kind: z.literal('training'),
    round: whole,
    openedAtMs: ms,
    from: adapterName,
    cohort: deviceKeys,
    wanted: whole,
    waitsForAll: z.boolean(),
    awaited: deviceKeys,
    arrived: z.array(z.object({ device: deviceKey, examples: whole })),
  }),
  z.object({ kind: z.literal('merging'), round: whole, openedAtMs: ms, contributors: deviceKeys }),
  z.object({
    kind: z.literal('loading'),
    round: whole,
    openedAtMs: ms,
    version: whole,
    contributors: deviceKeys,
    awaited: deviceKeys,
  }),
])

const cycle: z.ZodType<Cycle> = z.object({
  adapter: adapterId,
  stage,
  completedRounds: whole,
  roundTimesMs: z.array(notNegative),
  voidsInARow: whole,
})

const buffered = z.object({
  ...{ device: deviceKey, round: whole, version: whole, examples: whole },
  group: whole.nullable(),
})

const progress: { readonly [Kind in Progress['kind']]: z.ZodType<Extract<Progress, { kind: Kind }>> } = {
  synchronous: z.object({ kind: z.literal('synchronous'), cycle }),
  clustered: z.object({
    kind: z.literal('clustered'),
    assignment: z.record(deviceKey, adapterId),
    cycles: z.record(adapterId, cycle),
    began: whole,
    meetAfter: whole,
    meeting: z
      .discriminatedUnion('kind', [
        z.object({ kind: z.literal('survey'), cycle }),
        z.object({
          kind: z.literal('trial'),
          round: whole,
          awaited: deviceKeys,
          losses: z.record(deviceKey, z.record(adapterId, z.number())),
        }),
        z.object({ kind: z.literal('comparing'), round: whole }),
      ])
      .nullable(),
    silhouette: z.number().nullable(),
    named: whole,
  }),
  hierarchical: z.object({
    kind: z.literal('hierarchical'),
    cycle,
    attachments: z.record(deviceKey, deviceKey.nullable()),
  }),
  asynchronous: z.object({
    kind: z.literal('asynchronous'),
    jobs: z.array(
      z.object({
        ...{ device: deviceKey, round: whole, version: whole, steps: whole, orderedAtMs: ms },
        group: whole.nullable(),
      }),
    ),
    buffer: z.array(buffered),
    merging: z.object({ round: whole, updates: z.array(buffered) }).nullable(),
    groups: z.array(z.object({ id: whole, expectedAtMs: ms, limitAtMs: ms })),
    ordered: whole,
    lastOrder: z.record(deviceKey, whole),
    merges: whole,
    secondsPerStep: z.record(deviceKey, notNegative),
    staleness: z.object({ mean: notNegative, largest: notNegative }).nullable(),
  }),
  gossip: z.object({
    kind: z.literal('gossip'),
    phase: z.enum(['idle', 'training', 'merging', 'listening']),
    round: whole,
    heard: z.array(
      z.object({
        ...{ device: deviceKey, version: whole, adapterHash: hash, degree: whole },
        ...{ share: notNegative, atMs: ms, isHere: z.boolean() },
      }),
    ),
    weight: notNegative,
    given: z.array(z.object({ device: deviceKey, version: whole, share: notNegative, adapterHash: hash })),
    taken: z.record(deviceKey, whole),
  }),
}

const member: z.ZodType<Member> = z.object({
  ...{ key: deviceKey, index: whole, present: z.boolean(), paused: z.boolean(), examples: whole },
  ...{ isEdge: z.boolean(), capability, holds: adapterName.nullable() },
  // Younger than the records that this page may find.
  ...{ leftAtMs: ms.nullable().default(null), volunteers: z.boolean().default(false) },
  contributed: z.boolean().default(true),
})

const control: z.ZodType<Control> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lobby') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('stepping') }),
  z.object({ kind: z.literal('paused'), why: reason.nullable() }),
  z.object({ kind: z.literal('finished'), why: reason }),
])

/** The scheme that the settings name must be the one whose progress is there. */
export const federationState: z.ZodType<FederationState> = z
  .object({
    config: federationConfig,
    self: deviceKey.nullable(),
    members: z.array(member).max(10_000),
    control,
    progress: z.union([
      ...([progress.synchronous, progress.clustered, progress.hierarchical] as const),
      ...([progress.asynchronous, progress.gossip] as const),
    ]),
    adapters: z.record(adapterId, whole),
    completedRounds: whole,
    switchTo: federationConfig.nullable(),
    returning: z.object({ devices: deviceKeys, untilMs: ms.nullable() }).nullable().default(null),
  })
  .refine(({ config, progress }) => config.scheme === progress.kind)
