/**
 * What two ends show each other over a handshake's transcript: keyed hashes, by which they know that the other knows the same
 * secret, and signatures, by which each is the owner of the key that it is named by. Neither says what it proves.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import type { Identity } from '../identity/identity'
import type { Introduction } from './conversation'

/** Which side says it, and what for: the same transcript is signed and authenticated by both. */
type Label = 'guest' | 'host'

/** The label keeps one side's word from standing in for the other's, and a signature from standing in for a hash. */
export const labelled = (label: `${Label} signature` | Label, written: string) => `${label} ${written}`

export function mac(secret: string, label: Label, written: string): string {
  const encoder = new TextEncoder()
  return bytesToHex(hmac(sha256, encoder.encode(secret), encoder.encode(labelled(label, written))))
}

/** Takes the same time wherever the first difference lies. */
export function isEqual(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  return difference === 0
}

/** Who speaks at this end, and the hand that it signs with. */
export interface Speaker {
  readonly introduction: Introduction
  sign(text: string): Promise<Uint8Array>
}

export const signatureOf = async ({ sign }: Speaker, label: Label, written: string): Promise<string> =>
  bytesToHex(await sign(labelled(`${label} signature`, written)))

/** Whether a tab is called as its key is, and has signed with that key. */
export async function isItsOwn(
  identity: Identity,
  { publicKey, deviceKey }: Introduction,
  label: Label,
  signature: string,
  written: string,
): Promise<boolean> {
  const key = new Uint8Array(hexToBytes(publicKey))
  if (identity.nameOf(key) !== deviceKey) return false
  const bytes = new Uint8Array(hexToBytes(signature))
  return identity.isSignedBy(key, bytes, labelled(`${label} signature`, written))
}
