/**
 * What a room is made of: its code (public, for people), its secret (for guests) and the coordinator's signing key (who
 * is the right coordinator). The link's fragment carries the secret and the key's hash; the key itself never moves.
 */
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { sha256Hex } from '../lib/hash'
import { canonicalCode, codeAlphabet, randomHex } from './ids'
import type { RoomKeys } from './network'

export { canonicalCode, shownCode } from './ids'

const codeLength = 6
const secretBytes = 16
const keyHashBytes = 16
const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** A new room. What is given (by a URL, say) is kept, what is missing is made up. */
export async function makeRoomKeys(code?: string | null, secret?: string | null): Promise<RoomKeys> {
  const signingKey = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  return {
    code: code && canonicalCode(code) ? code : randomCode(),
    secret: secret || randomHex(secretBytes),
    signingKey,
    publicKeyHash: hashOfPublicKey(await rawPublicKey(signingKey.publicKey)),
  }
}

function randomCode(): string {
  const picks = crypto.getRandomValues(new Uint8Array(codeLength))
  return Array.from(picks, (pick) => codeAlphabet[pick % codeAlphabet.length]).join('')
}

export const rawPublicKey = async (key: CryptoKey): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.exportKey('raw', key))

export const hashOfPublicKey = (raw: Uint8Array): string => sha256Hex(raw).slice(0, 2 * keyHashBytes)

export const sign = async (key: CryptoKey, text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign(algorithm, key, new TextEncoder().encode(text)))

/** False for a wrong signature and for bytes that are no key at all. */
export async function isSignedBy(
  rawKey: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey('raw', rawKey, algorithm, false, ['verify'])
    return await crypto.subtle.verify(algorithm, key, signature, new TextEncoder().encode(text))
  } catch {
    return false
  }
}

const edgeText = (code: string) => `gossamer-edge-1 ${code}`

/** What an invitation for edges carries: the coordinator's signature, which nobody else in the room can make. */
export const edgePassOf = async ({ code, signingKey }: RoomKeys): Promise<string> =>
  bytesToHex(await sign(signingKey.privateKey, edgeText(code)))

export async function isEdgePass({ code, signingKey }: RoomKeys, pass: string): Promise<boolean> {
  if (!/^[0-9a-f]{128}$/.test(pass)) return false
  const signature = new Uint8Array(hexToBytes(pass))
  return isSignedBy(new Uint8Array(await rawPublicKey(signingKey.publicKey)), signature, edgeText(code))
}
