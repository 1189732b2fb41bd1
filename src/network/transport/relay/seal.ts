/**
 * What two tabs agree on so that the server between them reads nothing: a fresh ECDH key each (P-256), HKDF-SHA-256 over the
 * shared secret and everything that was said, and AES-256-GCM with one key for each direction. The nonce is a counter that
 * both ends keep: what was left out, repeated or put in another order does not open, and ends the link.
 *
 * Keys that nobody vouches for would let the server sit in the middle with two of its own. So the hashes of both public
 * keys are the link's `binding`, which admission puts into what both sides sign and prove (RFC 5869, NIST SP 800-38D).
 */
import { sha256Hex } from '../../../lib/hash'
import type { Agreement } from '../../identity/identity'
import type { PeerId } from '../../network'

export const publicKeyBytes = 65
export const sessionBytes = 16

/** One end of an agreement; both functions must be called one after the other, in the order of the messages. */
export interface Seal {
  /** The same at both ends exactly when they hold each other's keys. */
  readonly binding: string
  seal(message: Uint8Array): Promise<Uint8Array>
  /** Rejects what is not the next message of the other end. */
  open(sealed: Uint8Array): Promise<Uint8Array>
}

/** Rejects when the other's bytes are no point of the curve. */
export async function agree(
  session: Uint8Array,
  own: Agreement,
  self: PeerId,
  otherKey: Uint8Array,
  peer: PeerId,
): Promise<Seal> {
  const binding = ['relay', `${self}=${sha256Hex(own.publicKey)}`, `${peer}=${sha256Hex(otherKey)}`]
    .sort()
    .join('|')
  const said = new TextEncoder().encode(JSON.stringify([binding, [...session]]))
  const labelOf = (sender: PeerId) => `gossamer relay, from ${sender}`
  const ciphers = await own.agree(otherKey, said, { outgoing: labelOf(self), incoming: labelOf(peer) })
  const [outgoing, incoming] = [counter(), counter()]
  return {
    binding,
    seal: (message) => ciphers.encrypt(outgoing(), message),
    open: (sealed) => ciphers.decrypt(incoming(), sealed),
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
