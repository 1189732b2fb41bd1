/** What a device that wants to be forgotten and its coordinator say to each other, and what the coordinator keeps of it, as schemas. */
import { z } from 'zod'
import type { Certificate, ForgottenText, KeptLoss } from '../../federation/unlearning/certificate'
import type { Unlearned } from '../../federation/unlearning/wish'
import { count, loss, measure, share } from './values'

export const of = z.enum(['everything', 'text'])

export const unlearned: z.ZodType<Unlearned> = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('replayed'),
    rounds: count,
    steps: count,
    retrainingSteps: count,
    tookMs: z.number().nonnegative(),
  }),
  z.object({ kind: z.literal('subtracted'), tookMs: z.number().nonnegative() }),
  z.object({ kind: z.literal('never-merged') }),
  z.object({ kind: z.literal('not-kept') }),
])

const kept: z.ZodType<KeptLoss> = z.object({ before: measure, after: measure })

const trace = z.object({ loss, auc: share.nullable() })

const forgotten: z.ZodType<ForgottenText> = z.object({ texts: count, before: trace.nullable(), after: trace })

/** From a device, of itself: it is out from now on, or has put a text away; and what was learned of that is to go, too. */
export const forget = z.object({
  type: z.literal('forget'),
  of,
  /** Said before, perhaps to nobody: the coordinator was away. */
  isAgain: z.boolean().default(false),
})

/** From the coordinator: that is done, as far as it can be. `before` and `version` are the global adapter's. */
export const wasForgotten = z.object({
  type: z.literal('forgotten'),
  of,
  unlearned,
  before: count,
  version: count,
  kept,
})

/** From the device: what the model made of the text before, and what it makes of it now; null: it could not measure. */
export const certified = z.object({ type: z.literal('certified'), of, forgotten: forgotten.nullable() })

export const certificate: z.ZodType<Certificate> = z.object({
  room: z.string().max(400),
  device: z.string().max(400),
  of,
  unlearned,
  versions: z.object({ before: count, after: count }),
  forgotten: forgotten.nullable(),
  kept,
})
