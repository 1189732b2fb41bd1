/**
 * What crosses the relay, outside: whose it is, and content that only the two ends can read. To the server the name is
 * the receiver's, from the server it is the sender's. Shared by tabs and server; pure bytes.
 *
 *   name length u8 | name, ASCII | content
 */
import type { PeerId } from '../../network'
import { preferredMessageBytes } from '../transport'

/** A frame, its seal, and the longest peer id. */
export const maxEnvelopeBytes = preferredMessageBytes + 512

export function envelope(peer: PeerId, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(1 + peer.length + content.length)
  bytes[0] = peer.length
  for (let index = 0; index < peer.length; index++) bytes[1 + index] = peer.charCodeAt(index)
  bytes.set(content, 1 + peer.length)
  return bytes
}

/** Null where the name is longer than what is there. `content` is a view. */
export function readEnvelope(
  bytes: Uint8Array,
): { readonly peer: PeerId; readonly content: Uint8Array } | null {
  const end = 1 + (bytes[0] ?? 0)
  if (bytes.length < end || end === 1) return null
  return { peer: String.fromCharCode(...bytes.subarray(1, end)), content: bytes.subarray(end) }
}
