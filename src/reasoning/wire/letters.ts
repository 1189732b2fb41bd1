/**
 * What tabs tell each other once a text, or once an hour: what they are and hold, that a session is to be opened, that it is
 * closed. JSON, bounded and held against these schemas before anybody reads it; what comes with every token are `packets.ts`.
 */
import { z } from 'zod'

const sessionNumber = z.number().int().min(0).max(65_535)
const requestNumber = sessionNumber
const epoch = z.number().int().min(0).max(255)
const layer = z.number().int().min(0).max(1000)
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.number().int().nonnegative().max(1e9)
/** Tokens that a tab writes down for another. */
export const mostWritten = 4096
const tokenIds = z
  .array(
    z
      .number()
      .int()
      .nonnegative()
      .max(2 ** 31),
  )
  .max(mostWritten)

/** More than any model has. */
const mostEndings = 1000

const facts = z.object({
  modelHash: hash,
  tokenizerHash: hash,
  precision: z.string().max(16),
  layers: layer,
  width: z.number().int().min(1).max(65_536),
  vocabulary: z
    .number()
    .int()
    .min(1)
    .max(2 ** 22),
  eosIds: tokenIds.max(mostEndings).readonly(),
  capacity: z.number().int().min(1).max(65_535),
})

/** What a tab is, to whoever may want its help. Said again when it changes. */
const hello = z.object({
  type: z.literal('reason-hello'),
  facts,
  fingerprint: z.string().max(64),
  millisecondsPerLayer: z.number().positive().max(1e6),
  /** It may hold so many. */
  mostLayers: layer,
  /** The merged adapter it holds; null before there is one. */
  adapter: hash.nullable(),
  /** Its person lets it answer with, and hand out, what it learned alone. */
  offersOwn: z.boolean(),
  /** It sees something that others do not, and answers questions about it. */
  hasView: z.boolean(),
  /** So long a question to it would wait because of others’, in milliseconds. */
  waitMs: z.number().nonnegative().max(1e6),
  /** A page in sight computes at full speed. */
  isVisible: z.boolean(),
})
export type Hello = z.output<typeof hello>

/** Asks for a hello, and for further ones when something changes. */
const who = z.object({ type: z.literal('reason-who') })

/** Hotter than this every token is as likely as any other. */
export const mostTemperature = 100

/** How tokens are drawn (model/sampling.ts). */
const draw = {
  temperature: z.number().nonnegative().max(mostTemperature),
  seed: z.number().int(),
  topK: count,
  topP: z.number().positive().max(1),
}

/** What a session is for. */
const purpose = z.discriminatedUnion('kind', [
  /** Rows go through these layers, with the adapter of this hash (null: the base's). */
  z.object({ kind: z.literal('stage'), from: layer, to: layer, adapter: hash.nullable() }),
  /** It tells what it thinks comes next: by what it learned alone, or by the merged adapter of this hash (null: the base). */
  z.object({
    kind: z.literal('member'),
    adapter: z.union([z.literal('own'), hash, z.null()]),
    /** Having read its own view before. */
    withView: z.boolean(),
  }),
  /**
   * It judges guesses at how a text goes on, of which the first `start` tokens are no longer read. With all that decides a
   * choice, so that it chooses as the asker would.
   */
  z.object({
    kind: z.literal('verifier'),
    /** By its whole model, or by what the tabs around it say together. */
    by: z.enum(['model', 'ensemble']),
    start: z.number().int().nonnegative().max(1e6),
    promptLength: z.number().int().nonnegative().max(1e6),
    adapter: hash.nullable(),
    ...draw,
  }),
  /** It writes down what was said, and goes on where the asker dies. */
  z.object({
    kind: z.literal('standby'),
    prompt: tokenIds.min(1),
    said: tokenIds,
    tokens: count,
    ...draw,
    stop: z.array(z.string().max(200)).max(16),
    adapter: hash.nullable(),
  }),
])
export type Purpose = z.output<typeof purpose>

const open = z.object({
  type: z.literal('reason-open'),
  session: sessionNumber,
  request: requestNumber,
  epoch,
  purpose,
})
const opened = z.object({ type: z.literal('reason-opened'), session: sessionNumber, request: requestNumber })
const close = z.object({ type: z.literal('reason-close'), session: sessionNumber })
/** Why a session was not opened, or an adapter not sent, in plain words. */
const refuse = z.object({
  type: z.literal('reason-refuse'),
  request: requestNumber,
  why: z.string().max(300),
})
/** Asks for the adapter that a tab learned alone. */
const borrow = z.object({ type: z.literal('reason-borrow'), request: requestNumber })
const lend = z.object({ type: z.literal('reason-lend'), request: requestNumber })
/** A packet too long to be whispered is attached. */
const parcel = z.object({ type: z.literal('reason-parcel') })

export const letterSchema = z.discriminatedUnion('type', [
  hello,
  who,
  open,
  opened,
  close,
  refuse,
  borrow,
  lend,
  parcel,
])
export type Letter = z.output<typeof letterSchema>
