/**
 * What two tabs agree on so that the server between them reads nothing: a fresh ECDH key each (P-256), HKDF-SHA-256 over the
 * shared secret and everything that was said, and AES-256-GCM with one key for each direction. The nonce is a counter that
 * both ends keep: what was left out, repeated or put in another order does not open, and ends the link.
 *
 * Keys that nobody vouches for would let the server sit in the middle with two of its own. So the hashes of both public
 * keys are the link's `binding`, which admission puts into what both sides sign and prove (RFC 5869, NIST SP 800-38D).
 */
import { sha256Hex } from '../../../lib/hash'
import type { PeerId } from '../../network'

export const publicKeyBytes = 65
export const sessionBytes = 16
/** What sealing adds to a message. */
export const sealBytes = 16

const curve = { name: 'ECDH', namedCurve: 'P-256' } as const

export interface OwnKey {
  readonly privateKey: CryptoKey
  readonly publicKey: Uint8Array<ArrayBuffer>
}

/** One end of an agreement; both functions must be called one after the other, in the order of the messages. */
export interface Seal {
  /** The same at both ends exactly when they hold each other's keys. */
  readonly binding: string
  seal(message: Uint8Array): Promise<Uint8Array>
  /** Rejects what is not the next message of the other end. */
  open(sealed: Uint8Array): Promise<Uint8Array>
}

/** For one link only; the private key never leaves the browser's keeping. */
export async function freshKey(): Promise<OwnKey> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey(curve, false, ['deriveBits'])
  return { privateKey, publicKey: new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)) }
}

/** Rejects when the other's bytes are no point of the curve. */
export async function agree(
  session: Uint8Array,
  own: OwnKey,
  self: PeerId,
  otherKey: Uint8Array,
  peer: PeerId,
): Promise<Seal> {
  const theirs = await crypto.subtle.importKey('raw', plain(otherKey), curve, false, [])
  const secret = await crypto.subtle.deriveBits({ name: 'ECDH', public: theirs }, own.privateKey, 256)
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey'])
  const binding = ['relay', `${self}=${sha256Hex(own.publicKey)}`, `${peer}=${sha256Hex(otherKey)}`]
    .sort()
    .join('|')
  const said = new TextEncoder().encode(JSON.stringify([binding, [...session]]))
  const keyFrom = (sender: PeerId) =>
    crypto.subtle.deriveKey(
      {
        name: 'HKDF',
        hash: 'SHA-256',
        salt: said,
        info: new TextEncoder().encode(`gossamer relay, from ${sender}`),
      },
      material,
      { name: 'AES-GCM', length: 256 },
      false,
      ['encrypt', 'decrypt'],
    )
  const [ownKey, peerKey] = await Promise.all([keyFrom(self), keyFrom(peer)])
  const [outgoing, incoming] = [counter(), counter()]
  return {
    binding,
    seal: async (message) =>
      new Uint8Array(
        await crypto.subtle.encrypt({ name: 'AES-GCM', iv: outgoing() }, ownKey, plain(message)),
      ),
    open: async (sealed) =>
      new Uint8Array(
        await crypto.subtle.decrypt({ name: 'AES-GCM', iv: incoming() }, peerKey, plain(sealed)),
      ),
  }
}

/** Twelve bytes that never come twice under one key. */
function counter(): () => Uint8Array<ArrayBuffer> {
  let count = 0n
  return () => {
    const nonce = new Uint8Array(12)
    new DataView(nonce.buffer).setBigUint64(4, count++)
    return nonce
  }
}

/** WebCrypto copies what it is given at once; its types exclude shared memory, which nothing here is. */
const plain = (bytes: Uint8Array) => bytes as Uint8Array<ArrayBuffer>
