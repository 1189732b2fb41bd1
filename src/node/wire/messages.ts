/**
 * What coordinator, edges and devices say to each other, as schemas: a message that does not parse is dropped and shown.
 * The coordinator speaks of versions, rounds and the room, an edge in its place of versions and orders; a device of its
 * text, its training and its update. Adapters and
 * updates ride along as attachments (canonical safetensors).
 */
import { z } from 'zod'
import { basePrecisions } from '../../federation/resources/allocation'
import { deviceName } from '../../network/introduction'
import {
  activity,
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
  speed,
} from './values'

const factors = z.object({ a: z.boolean(), b: z.boolean() })
const evaluation = z.object({ loss, tokens: count })

/** Whose generated text is part of the held-out pool. */
export const poolMember = z.object({ index: count, corpus: corpus.unwrap() })
/** So many places from the first on, all with the same corpus. */
const poolRun = z.object({ corpus: corpus.unwrap(), first: count, count: count.min(1).max(4096) })

/** One completed round, as it travels, is stored, and ships with the page. */
export const record = z.object({
  round: count,
  version: count,
  seconds: z.number().nonnegative(),
  bytes: count,
  heldOut: measure,
  train: measure,
  alone: measure,
  trainByDevice: perDeviceOf(loss),
  aloneByDevice: perDeviceOf(loss),
  recall: z
    .object({ merged: z.number(), alone: z.number(), base: z.number(), unseen: z.number() })
    .nullable(),
  contributors: count,
  distortion: measure,
  staleness: z.object({ mean: z.number(), largest: z.number() }).nullable(),
  lanBytes: count.nullable(),
})

/** What a device is given to do in a round. */
const assignment = z.object({
  rank: count.min(1).max(256),
  steps: count.max(100_000),
  batch: count.min(1).max(1024),
  precision: z.enum(basePrecisions),
})

export const deviceLine = z.object({
  key,
  peer: peerId,
  index: z.number().int(),
  name: deviceName,
  role: z.enum(['coordinator', 'edge', 'device']),
  activity,
  transport: z.enum(['webrtc', 'broadcast', 'relay', 'memory']).nullable(),
  backend: z.string().max(200).nullable(),
  step: count,
  steps: count,
  trainLoss: measure,
  tokensPerSecond: measure,
  roundTripMs: measure,
  bytesSent: count,
  bytesReceived: count,
  examples,
  refused: z.string().max(400).nullable(),
  corpus,
  cluster: adapterId.nullable(),
  volunteers: z.boolean(),
  isEdge: z.boolean(),
  edge: key.nullable(),
  assigned: assignment
    .extend({ expectedMs: z.number().nonnegative(), isInTime: z.boolean(), byHand: assignment.partial() })
    .nullable(),
})

/** What has changed of a line; of a device that was not known, all of it. */
const lineChange = deviceLine.partial().required({ key: true })

/** What an update was trained on and how it is coded: it must be what the room agreed on. */
const manifest = z.object({
  baseHash: hash,
  rank: count,
  alpha: z.number(),
  targets: z.array(z.string().max(80)).max(64),
  dtype: z.string().max(40),
})

/** Which of an edge's rounds an order belongs to: `turn` of `turns` within the coordinator's `round`. */
const edgeRound = z.object({ round: count, turn: count.min(1), turns: count.min(1) })

const round = z.object({
  number: count,
  of: count,
  stage: z.enum(['broadcast', 'training', 'merging', 'loading', 'evaluating']).nullable(),
  cohort: count,
  arrived: count,
  startedAtMs: z.number(),
  deadlineAtMs: z.number().nullable(),
})

/** Of 64 devices each, a piece is about 200 kB. */
export const mostRecordsInPiece = 50

const phase = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lobby') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('paused'), why: z.string().max(400).nullable() }),
  z.object({ kind: z.literal('finished'), why: z.string().max(400) }),
])

/** Where the run stands. */
const standing = z.object({ round, phase, startedAtMs: z.number().nullable() })

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
  }),
  /** How well does this adapter (attachment, whole) fit the text that you train on? */
  z.object({ type: z.literal('trial'), round: count, adapter: adapterId, version: count }),
  /** Your edge from now on, and where it is; null: speak with the coordinator. */
  z.object({ type: z.literal('attach'), number: count, edge: z.object({ key, peer: peerId }).nullable() }),
  /** To an edge: run so many rounds with these devices, then forward what came out. */
  z.object({
    type: z.literal('edge-order'),
    number: count,
    round: count,
    adapter: adapterId,
    version: count,
    edgeRounds: count.min(1).max(100),
    steps: count.max(100_000),
    batch: count.max(1024),
    learningRate: z.number().positive().max(10),
    proximal: z.number().min(0).max(10),
    deadlineMs: z.number().positive(),
    devices: z.array(key).max(mostDevices),
    assigned: perDeviceOf(assignment).nullable(),
    pool: linesOf(poolRun),
  }),
  /** To an edge: its devices have changed in the middle of a round. */
  z.object({
    type: z.literal('edge-devices'),
    number: count,
    round: count,
    devices: z.array(key).max(mostDevices),
  }),
  z.object({ type: z.literal('refused'), round: count, reason: z.string().max(400) }),
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
  }),
])

export const fromDevice = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    modelHash: hash,
    backend: z.string().max(40),
    device: z.string().max(200),
    examples,
    corpus,
  }),
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
    /** Null: training diverged, and nothing is attached. */
    loss: loss.nullable(),
    hash,
  }),
  /** The answer to a trial: the loss of this adapter on the text that is trained on here. */
  z.object({ type: z.literal('tried'), round: count, adapter: adapterId, loss }),
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
    trained: perDeviceOf(z.object({ loss, examples })),
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
  z.object({ type: z.literal('rename'), name: z.string().trim().pipe(deviceName) }),
])

export type FromCoordinator = z.output<typeof fromCoordinator>
export type FromDevice = z.output<typeof fromDevice>
export type Manifest = z.output<typeof manifest>
export type DeviceLine = z.output<typeof deviceLine>
export type LineChange = z.output<typeof lineChange>
export type Standing = z.output<typeof standing>
export type PoolMember = z.output<typeof poolMember>
export type PoolRun = z.output<typeof poolRun>
export type Order = FromCoordinator & { type: 'order' }
export type Report = FromDevice & { type: 'report' }
export type EdgeOrderMessage = FromCoordinator & { type: 'edge-order' }
export type Update = FromDevice & { type: 'update' }
export type Tried = FromDevice & { type: 'tried' }
export type Forward = FromDevice & { type: 'forward' }
