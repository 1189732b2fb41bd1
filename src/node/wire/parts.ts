/**
 * What messages are made of: a round and a device as they are shown, what an update says of itself, where a run stands. Each is read
 * wherever it comes from: another tab, this browser's storage, a recorded run.
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
  hash,
  key,
  linesOf,
  loss,
  measure,
  peerId,
  perDeviceOf,
  signature,
} from './values'

export const factors = z.object({ a: z.boolean(), b: z.boolean() })
export const evaluation = z.object({ loss, tokens: count })

/** Whose generated text is part of the held-out pool. */
export const poolMember = z.object({ index: count, corpus: corpus.unwrap() })
/** So many places from the first on, all with the same corpus. */
export const poolRun = z.object({ corpus: corpus.unwrap(), first: count, count: count.min(1).max(4096) })

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
  recall: z.object({ merged: z.number(), alone: measure, base: measure, unseen: measure }).nullable(),
  // A run that was stored before it was measured has none.
  general: z.object({ merged: loss, base: loss }).nullable().default(null),
  contributors: count,
  distortion: measure,
  staleness: z.object({ mean: z.number(), largest: z.number() }).nullable(),
  lanBytes: count.nullable(),
})

/** What a device is given to do in a round. */
export const assignment = z.object({
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

/** What has been told of a text; null where no guarantee can be given. */
export const account = z.object({
  epsilon: z.number().nonnegative().nullable(),
  epsilonIfReplaced: z.number().nonnegative().nullable(),
  updates: count,
  noise: z.number().nonnegative().nullable(),
  clip: z.number().positive().nullable(),
  isSpent: z.boolean(),
})

/** What has changed of a line; of a device that was not known, all of it. */
export const lineChange = deviceLine.partial().required({ key: true })

/** What an update was trained on and how it is coded: it must be what the room agreed on. */
export const manifest = z.object({
  baseHash: hash,
  rank: count,
  alpha: z.number(),
  targets: z.array(z.string().max(80)).max(64),
  dtype: z.string().max(40),
})

/** What an edge runs, or may run: which round, from where, and how much work. */
export const edgeTerms = {
  round: count,
  adapter: adapterId,
  version: count,
  edgeRounds: count.min(1).max(100),
  steps: count.max(100_000),
  batch: count.max(1024),
  learningRate: z.number().positive().max(10),
  proximal: z.number().min(0).max(10),
  pool: linesOf(poolRun),
}

/**
 * What an edge may ask of its devices, and for which round: the coordinator's signature of these terms and of the edge's key
 * (`signed.ts`). Steps and rows are the most that any device is given.
 */
export const warrant = z.object({ edge: key, ...edgeTerms, signature })

/** Which of an edge's rounds an order belongs to: `turn` of `turns` within the coordinator's `round`. */
export const edgeRound = z.object({ round: count, turn: count.min(1), turns: count.min(1) })

export const round = z.object({
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

export const phase = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lobby') }),
  z.object({ kind: z.literal('running') }),
  z.object({ kind: z.literal('paused'), why: z.string().max(400).nullable() }),
  z.object({ kind: z.literal('finished'), why: z.string().max(400) }),
])

/** Where the run stands. */
export const standing = z.object({ round, phase, startedAtMs: z.number().nullable() })

export type Manifest = z.output<typeof manifest>
export type AccountLine = z.output<typeof account>
export type Warrant = z.output<typeof warrant>
export type DeviceLine = z.output<typeof deviceLine>
export type LineChange = z.output<typeof lineChange>
export type Standing = z.output<typeof standing>
export type PoolMember = z.output<typeof poolMember>
export type PoolRun = z.output<typeof poolRun>
