/**
 * Masks: streams of 32-bit words that are added to a vector modulo 2^32 and hide it completely, since a word plus a uniform
 * word is uniform (a one-time pad). Two devices that share a secret draw the same stream; the first of the two in the roster
 * adds it and the second takes it away, so that it is gone from the sum of both (Bonawitz et al., CCS 2017):
 *
 *   y_u = x_u + PRG(b_u) + Σ_{v after u} PRG(s_uv) - Σ_{v before u} PRG(s_uv)   mod 2^32
 *
 * The mask of its own, b_u, hides x_u even where the coordinator has learned all s_uv because u's vector came too late. Where
 * the streams come from is handed in; a key gives one stream, for one vector of one round.
 */
import type { Cryptography } from './cryptography'

export type KeyStream = Cryptography['keyStream']

const chunkBytes = 2 ** 20

/** Adds (or, with sign -1, takes away) the stream of this key, in place. */
export async function mask(
  vector: Uint32Array,
  key: Uint8Array,
  sign: 1 | -1,
  keyStream: KeyStream,
): Promise<void> {
  for (let from = 0; from < 4 * vector.length; from += chunkBytes) {
    const bytes = await keyStream(key, from, Math.min(chunkBytes, 4 * vector.length - from))
    const words = wordsOf(bytes)
    const first = from / 4
    for (let at = 0; at < words.length; at++) vector[first + at] += sign * words[at]
  }
}

/** So many uniform words, for rounding. */
export async function wordsFrom(key: Uint8Array, count: number, keyStream: KeyStream): Promise<Uint32Array> {
  const words = new Uint32Array(count)
  await mask(words, key, 1, keyStream)
  return words
}

/** Little-endian, as it travels, whatever the machine. */
export function wordsOf(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(4 * at, true))
}

export function bytesOf(words: Uint32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4 * words.length)
  const view = new DataView(bytes.buffer)
  for (let at = 0; at < words.length; at++) view.setUint32(4 * at, words[at], true)
  return bytes
}
