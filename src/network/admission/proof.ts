/** Keyed hashes over a handshake's transcript: how two ends show that they know the same secret without saying it. */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

/** The same transcript is signed and authenticated by both sides; the label keeps one from standing in for another. */
export const labelled = (label: 'signature' | 'guest' | 'host', written: string) => `${label} ${written}`

export function mac(secret: string, label: 'guest' | 'host', written: string): string {
  const encoder = new TextEncoder()
  return bytesToHex(hmac(sha256, encoder.encode(secret), encoder.encode(labelled(label, written))))
}

/** Takes the same time wherever the first difference lies. */
export function isEqual(a: string, b: string): boolean {
  let difference = a.length ^ b.length
  for (let index = 0; index < a.length; index++) difference |= a.charCodeAt(index) ^ b.charCodeAt(index)
  return difference === 0
}
