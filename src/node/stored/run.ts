/**
 * How far a coordinator had come with telling of its run: rounds that are still to be measured, what its page showed, and who was
 * forgotten.
 * What does not fit is left out; the run itself does not depend on it.
 */
import { z } from 'zod'
import type { Wish } from '../../federation/unlearning/wish'
import { readBy } from '../../lib/schema'
import type { CompletedRound } from '../measuring/record'
import { certificate, of, unlearned } from '../wire/forgetting'
import { deviceLine, poolMember } from '../wire/parts'
import { count, key, measure } from '../wire/values'
import { deviceKey, notNegative, whole } from './config'
import type { SavedForgetting, SeenRun } from './storage'
import { tensors } from './tensors'

export const completedRound: z.ZodType<CompletedRound> = z.object({
  round: whole,
  version: whole,
  seconds: notNegative,
  bytes: whole,
  parts: z.array(z.object({ adapter: tensors, pool: z.array(poolMember).max(256) })).max(64),
  trained: z.map(key, z.object({ loss: z.number().nullable(), examples: whole })),
  distortion: measure,
  staleness: z.object({ mean: notNegative, largest: notNegative }).nullable(),
  lanBytes: whole.nullable(),
  waits: z.boolean(),
})

const point = z.object({ rounds: z.number(), seconds: z.number(), loss: z.number() })

export const seenRun: z.ZodType<SeenRun> = z.object({
  lossPoints: z.record(key, z.array(point).max(4000)),
  baseLoss: measure,
  baseRecall: measure,
  traffic: z.object({ sent: count, received: count, byKind: z.record(z.string().max(80), count) }),
  devices: z.array(deviceLine.extend({ isSelf: z.literal(false) })).max(256),
})

/** What a device has asked to be forgotten; null: nothing, or nothing that can be read. */
export const readWish = (stored: unknown): Wish['of'] | null =>
  readBy(z.object({ of }), stored).data?.of ?? null

export const savedForgetting: z.ZodType<SavedForgetting> = z.object({
  wish: z.object({ device: deviceKey, of }),
  unlearned,
  before: whole,
  version: whole,
  certificate: certificate.nullable(),
  isCertified: z.boolean(),
})
