/**
 * What a tab says of itself at the door, and what is repeated of it in every message: its name and its key. One schema for
 * both places, so that nobody is let in whom a message could not name. Whether a claim is true is admission's business.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { z } from 'zod'
import type { OwnKey } from './keys'
import type { Role } from './network'

/** In UTF-16 units; with the number that tells two of one name apart. */
export const nameLimit = 40
export const keyLimit = 64

/** Something to read, and not more than fits on a page. */
export const deviceName = z.string().max(nameLimit).regex(/\S/)

/**
 * Survives a reload of its tab. Records are keyed by it all over the page, so it is no word that every object knows
 * (`constructor`, `__proto__`).
 */
export const deviceKey = z
  .string()
  .min(1)
  .max(keyLimit)
  .refine((key) => !(key in {}), 'this word has a meaning of its own')

/** A name that fits the schema, as near as possible to what was asked for. */
export const fittingName = (wanted: string): string => {
  const name = wanted.trim().slice(0, nameLimit).trim()
  return name === '' ? 'A device' : name
}

export const introduction = z.object({
  role: z.enum(['coordinator', 'edge', 'device']),
  name: deviceName,
  deviceKey,
  /** 65 bytes in hex; `deviceKey` is what it is called. */
  publicKey: z.string().regex(/^[0-9a-f]{130}$/),
})
export type Introduction = Readonly<z.output<typeof introduction>>

/** How a tab presents itself, under its own key. */
export const introduce = (
  { publicKey, name: deviceKey }: OwnKey,
  role: Role,
  name: string,
): Introduction => ({
  role,
  name: fittingName(name),
  deviceKey,
  publicKey: bytesToHex(publicKey),
})
