/**
 * What gossiping tabs say to each other, as schemas. All tabs speak alike: news of the room (who is in it, what is being
 * run, whether it runs) passes from neighbour to neighbour; adapters are announced by hash and travel when they are pulled.
 */
import { z } from 'zod'
import { deviceName } from '../../network/introduction'
import { activity, corpus, count, examples, hash, key, linesOf, loss, peerId, speed } from './values'

/** Epoch milliseconds; what is from the far future the company does not believe. */
const stamp = z.number()
/** Of what is run here; a person makes a few. */
export const mostChanges = 1e9

/** One tab, in its own words; only whoever loses sight of it may say in its place that it is gone. */
const entry = z.object({
  key,
  /** Its present life; a reloaded tab has another. */
  peer: peerId,
  name: deviceName,
  /** Epoch milliseconds by its own clock: who was here first. */
  openedAtMs: z.number(),
  /** Grows with everything that it says of itself. */
  stamp,
  isPresent: z.boolean(),
  /** Its place in the room, from which its private text follows; null: not chosen yet. */
  index: count.max(4096).nullable(),
  /** Of its base model; null: still loading. */
  modelHash: hash.nullable(),
  backend: z.string().max(40).nullable(),
  examples,
  corpus,
  activity,
  round: count,
  version: count,
  step: count,
  steps: count,
  trainLoss: loss.nullable(),
  tokensPerSecond: speed.nullable(),
})

/** What is run here, and who said so. */
const agreement = z.object({
  settings: z.record(z.string(), z.unknown()),
  /** 0: as the tab was opened; 1: by who opened the room; more with every change. */
  stamp: count.max(mostChanges),
  openedAtMs: z.number(),
  by: key,
})

const order = z.object({
  command: z.enum(['start', 'pause', 'resume', 'step', 'stop']),
  stamp,
})

export const fromNeighbour = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('news'),
    entries: linesOf(entry),
    agreement,
    /** The last that a person asked for; null: nothing yet. */
    order: order.nullable(),
  }),
  /** A new adapter is here; its bytes come to whoever pulls them. */
  z.object({
    type: z.literal('announcement'),
    version: count,
    hash,
    degree: count,
    share: z.number().min(0).max(1e6),
  }),
  z.object({ type: z.literal('pull'), version: count }),
  /** The answer to a pull (attachment: the whole adapter). */
  z.object({ type: z.literal('adapter'), version: count, hash, folds: count }),
  z.object({ type: z.literal('share-taken'), version: count }),
])

export type FromNeighbour = z.output<typeof fromNeighbour>
export type Entry = z.output<typeof entry>
export type RoomOrder = z.output<typeof order>
