/**
 * What a secure round says (federation/secure/): between whoever merges, a coordinator or an edge, and its devices. All but the
 * vectors is a few hundred bytes for each pair. Every message names its session, one try of one round: what belongs to another
 * counts for nothing. Bytes stand in base64, with the lengths that the protocol gives them.
 */
import { z } from 'zod'
import { largestWeight } from '../../federation/secure/quantising'
import { count, examples, hash, key, loss, mostDevices, perDeviceOf } from './values'

/** Of so many bytes. */
const bytes = (length: number) =>
  z
    .base64()
    .length(4 * Math.ceil(length / 3))
    .refine((text) => text.length / 4 === Math.ceil(length / 3) && paddingOf(text) === (3 - (length % 3)) % 3)
const paddingOf = (text: string): number => text.length - text.replace(/=+$/, '').length

const session = z.string().regex(/^[0-9a-f]{32}$/)
const publicKey = bytes(65)
const share = bytes(32)
/** Two shares and a seal. */
const sealedShares = bytes(80)
const weight = count.min(1).max(largestWeight)
/** Its owner's key, whose hash is its name, and that key's signature of `keysText`. */
const hand = z.object({ publicKey, signature: bytes(64) })

export const fromWhoMerges = [
  /** Make keys for this round. */
  z.object({ type: z.literal('secure-begin'), round: count, session }),
  /** These take part; share your secrets among them. */
  z.object({
    type: z.literal('secure-list'),
    session,
    parties: z
      .array(z.object({ device: key, weight, cipherKey: publicKey, maskKey: publicKey, hand }))
      .max(mostDevices),
    merger: key.nullable(),
  }),
  /** What the others have sealed for you: send your vector, its numbers between -range and range. */
  z.object({
    type: z.literal('secure-shares'),
    session,
    sealed: perDeviceOf(sealedShares),
    range: z.number().positive().max(1e6),
  }),
  /** The vectors of these have come: tell what takes their masks off. */
  z.object({ type: z.literal('secure-unmask'), session, survivors: z.array(key).max(mostDevices) }),
] as const

export const toWhoMerges = [
  z.object({ type: z.literal('secure-keys'), session, cipherKey: publicKey, maskKey: publicKey, hand }),
  z.object({
    type: z.literal('secure-shared'),
    session,
    commitment: hash,
    sealed: perDeviceOf(sealedShares),
  }),
  /** What changed, under masks (attachment, 32-bit words). */
  z.object({
    type: z.literal('masked'),
    session,
    version: count,
    examples,
    /** Null: it is private, or training diverged, and then nothing is attached. */
    loss: loss.nullable(),
    hash,
    /** Whether the change stayed within a clip that follows lengths, 1 or 0, under noise; null: the clip follows none. */
    within: z.number().nullable(),
  }),
  z.object({
    type: z.literal('secure-told'),
    session,
    ofMasks: perDeviceOf(share),
    ofKeys: perDeviceOf(share),
  }),
  /** This device goes no further in this session. */
  z.object({ type: z.literal('secure-refusal'), session, reason: z.string().max(200) }),
] as const

export type Hand = z.output<typeof hand>
export type FromWhoMerges = z.output<(typeof fromWhoMerges)[number]>
export type ToWhoMerges = z.output<(typeof toWhoMerges)[number]>

const kindsOf = (schemas: readonly { readonly shape: { readonly type: { readonly value: string } } }[]) =>
  new Set(schemas.map(({ shape }) => shape.type.value))
const [saidByMerger, saidToMerger] = [kindsOf(fromWhoMerges), kindsOf(toWhoMerges)]

export const isFromWhoMerges = (message: { readonly type: string }): message is FromWhoMerges =>
  saidByMerger.has(message.type)
export const isToWhoMerges = (message: { readonly type: string }): message is ToWhoMerges =>
  saidToMerger.has(message.type)
