/**
 * What coordinator, edges and devices say to each other, as schemas: a message that does not parse is dropped and shown.
 * The coordinator speaks of versions, rounds and the room, an edge in its place of versions and orders; a device of its
 * text, its training and its update. Adapters and
 * updates ride along as attachments (canonical safetensors).
 */
import { z } from 'zod'
import { basePrecisions } from '../../federation/resources/allocation'
import { largestWeight } from '../../federation/secure/quantising'
import { deviceName } from '../../network/introduction'
import { certified, forget, wasForgotten } from './forgetting'
import {
  account,
  assignment,
  edgeRound,
  edgeTerms,
  evaluation,
  factors,
  lineChange,
  manifest,
  mostRecordsInPiece,
  poolRun,
  record,
  standing,
  warrant,
} from './parts'
import { fromWhoMerges, toWhoMerges } from './secureMessages'
import { fromTestator, toTestator } from './successionMessages'
import {
  adapterId,
  corpus,
  count,
  examples,
  examplesTogether,
  hash,
  key,
  lanBytes,
  linesOf,
  loss,
  measure,
  mostDevices,
  peerId,
  perDeviceOf,
  share,
  signature,
  speed,
} from './values'

export const fromCoordinator = z.discriminatedUnion('type', [
  /** You are in: your place, and what is being run here. */
  z.object({
    type: z.literal('welcome'),
    index: count,
    settings: z.record(z.string(), z.unknown()),
    modelHash: hash,
    baseLoss: measure,
    baseRecall: measure,
  }),
  /** Rounds of before this tab came, oldest first, in as many pieces as it takes; the first replaces what is known. */
  z.object({
    type: z.literal('history'),
    begins: z.boolean(),
    records: linesOf(record, mostRecordsInPiece),
  }),
  /** An adapter (attachment): whole, or as the change from the version whose hash is `fromHash`. */
  z.object({
    type: z.literal('adapter'),
    /** It grows from one adapter of this sender to the next: what comes late or again is of no use. */
    number: count,
    adapter: adapterId,
    version: count,
    hash,
    /** How often something was folded into the base so far. */
    folds: count,
    change: z
      .object({
        fromVersion: count,
        fromHash: hash,
        learned: factors,
        afresh: z.boolean(),
        /** The residual comes first, as safetensors; then the factors, coded as the room codes them. */
        residualBytes: count,
      })
      .nullable(),
    /** The coordinator's, of the version; null: of an edge's own making, which stands by its warrant. */
    signature: signature.nullable(),
    /** Null: it comes from the coordinator itself. */
    warrant: warrant.nullable(),
  }),
  /** Train from this version and send what changed. */
  z.object({
    type: z.literal('order'),
    round: count,
    adapter: adapterId,
    version: count,
    learns: factors,
    steps: count.max(100_000),
    batch: count.max(1024),
    /** Of what it trains: the room's, or less where it was given less. */
    rank: count.min(1).max(256),
    /** How to keep the base; null: as the room's settings say. */
    precision: z.enum(basePrecisions).nullable(),
    learningRate: z.number().positive().max(10),
    /** mu of FedProx. */
    proximal: z.number().min(0).max(10),
    pool: linesOf(poolRun),
    /** The round of the run that it works towards; null: a survey, whose steps belong to none. */
    forRound: count.nullable(),
    edge: edgeRound.nullable(),
    /** How long a change may be, where the room's clip follows lengths; null: as its settings say. */
    clip: z.number().positive().nullable().default(null),
    /** One of the two: the coordinator's signature, or the warrant by which an edge orders. */
    signature: signature.nullable(),
    warrant: warrant.nullable(),
  }),
  /** How well does this adapter (attachment, whole) fit the text that you train on? */
  z.object({ type: z.literal('trial'), round: count, adapter: adapterId, version: count }),
  /** Does this merge (attachment, whole) fit your own text better than the version that you hold? */
  z.object({ type: z.literal('judge'), round: count, adapter: adapterId, version: count }),
  /** Your edge from now on, and where it is; null: speak with the coordinator. */
  z.object({
    type: z.literal('attach'),
    number: count,
    edge: z.object({ key, peer: peerId }).nullable(),
    signature,
  }),
  /** To an edge: run so many rounds with these devices, then forward what came out. */
  z.object({
    type: z.literal('edge-order'),
    number: count,
    ...edgeTerms,
    deadlineMs: z.number().positive(),
    devices: z.array(key).max(mostDevices),
    assigned: perDeviceOf(assignment).nullable(),
    /** Its devices send under masks, with these weights; null: as they are. */
    secure: perDeviceOf(count.min(1).max(largestWeight)).nullable(),
    /** Of the warrant that follows from this order. */
    warrant: signature,
    signature,
  }),
  /** To an edge: its devices have changed in the middle of a round. */
  z.object({
    type: z.literal('edge-devices'),
    number: count,
    round: count,
    devices: z.array(key).max(mostDevices),
    signature,
  }),
  /** These are not let in again: no link to them is to stand, or to be made. All of them each time. */
  z.object({
    type: z.literal('shut-out'),
    number: count,
    keys: z.array(key).max(mostDevices),
    signature,
  }),
  z.object({ type: z.literal('refused'), round: count, reason: z.string().max(400) }),
  wasForgotten,
  z.object({ type: z.literal('record'), record, baseLoss: measure, baseRecall: measure }),
  /** What has changed in the room since the last of these; the first to a tab begins, and says everything. */
  z.object({
    type: z.literal('digest'),
    /** It grows from one digest to the next. */
    number: count,
    begins: z.boolean(),
    devices: linesOf(lineChange),
    /** Nobody speaks of these any more. */
    gone: linesOf(key),
    /** Null: the run stands where it stood. */
    standing: standing.nullable(),
    signature,
  }),
  ...fromTestator,
  ...fromWhoMerges,
])

export const fromDevice = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    modelHash: hash,
    backend: z.string().max(40),
    device: z.string().max(200),
    examples,
    corpus,
    /** Nothing more may be learned from them: the privacy budget is spent. */
    isSpent: z.boolean().optional(),
  }),
  /** What has been told of the text that is held, by the accountant (federation/privacy/budget.ts). */
  z.object({ type: z.literal('accounted'), account }),
  z.object({
    type: z.literal('status'),
    activity: z.enum(['idle', 'training', 'sending', 'waiting', 'loading', 'paused']),
    round: count,
    step: count,
    steps: count,
    loss: loss.nullable(),
    tokensPerSecond: speed.nullable(),
  }),
  /** What changed (attachment, coded), against `version`. */
  z.object({
    type: z.literal('update'),
    round: count,
    manifest,
    version: count,
    examples,
    /** Null: it is private, or training diverged, and then nothing is attached. */
    loss: loss.nullable(),
    hash,
    /** Whether the change stayed within a clip that follows lengths, 1 or 0, under noise; not said: the clip follows none. */
    within: z.number().nullable().optional(),
  }),
  /** The answer to a trial: the loss of this adapter on the text that is trained on here. */
  z.object({ type: z.literal('tried'), round: count, adapter: adapterId, loss }),
  /** The answer to a merge that is to be judged: the loss of the version held here and of the merge, on text that was kept back. */
  z.object({
    type: z.literal('judged'),
    round: count,
    adapter: adapterId,
    version: count,
    before: loss,
    after: loss,
  }),
  /** From an edge: what its devices' updates came to (attachment: its adapter, or what changed, coded). */
  z.object({
    type: z.literal('forward'),
    round: count,
    manifest,
    version: count,
    /** Of all devices behind it; 0: nothing came, and nothing is attached. */
    examples: examplesTogether,
    loss: loss.nullable(),
    hash,
    /** The last local training of each device, for the charts. */
    trained: perDeviceOf(z.object({ loss: loss.nullable(), examples })),
    /** Between this edge and its devices so far. */
    lanBytes,
  }),
  /** To an edge: I am one of yours, or no longer. */
  z.object({ type: z.literal('enroll'), number: count }),
  z.object({ type: z.literal('withdraw'), number: count }),
  /** I would merge for others, or no longer; `pass`: the coordinator's own invitation says that I may. */
  z.object({ type: z.literal('volunteer'), isEdge: z.boolean(), pass: z.string().max(200).nullable() }),
  /** What this device can do, as far as it has measured that; how far the edges are, by their keys. */
  z.object({
    type: z.literal('measured'),
    edgeRoundTripsMs: perDeviceOf(z.number().nonnegative().max(1e6)).optional(),
    tokensPerSecond: speed.positive().optional(),
    tokensPerRow: speed.positive().optional(),
    memoryBytes: count.nullable().optional(),
  }),
  z.object({ type: z.literal('loaded'), adapter: adapterId, version: count, hash }),
  /** A change arrived whose beginning is not here: please send this version whole. */
  z.object({ type: z.literal('lacks'), adapter: adapterId, version: count }),
  /** The yardstick "alone", and, for own text, the merged adapter on what was kept back of it. */
  z.object({
    type: z.literal('report'),
    round: count,
    alone: evaluation.nullable(),
    aloneRecall: share.nullable(),
    own: z.object({ base: evaluation, merged: evaluation }).nullable(),
  }),
  forget,
  certified,
  z.object({ type: z.literal('rename'), name: z.string().trim().pipe(deviceName) }),
  ...toTestator,
  ...toWhoMerges,
])

export type FromCoordinator = z.output<typeof fromCoordinator>
/** As it is meant, before whoever sends it vouches for it. */
type Bare<Message> = Message extends { readonly signature: unknown }
  ? Omit<Message, 'signature' | 'warrant'>
  : Message
export type ToDevice = Bare<FromCoordinator>
export type FromDevice = z.output<typeof fromDevice>
export type Order = ToDevice & { type: 'order' }
export type Report = FromDevice & { type: 'report' }
export type EdgeOrderMessage = FromCoordinator & { type: 'edge-order' }
export type Update = FromDevice & { type: 'update' }
export type Tried = FromDevice & { type: 'tried' }
export type Judged = FromDevice & { type: 'judged' }
export type Forward = FromDevice & { type: 'forward' }
