/**
 * What packets carry, as bytes: rows of numbers, ids, probabilities. Whatever is read here came from somebody else and may be
 * anything; what no honest tab can have meant is refused.
 */
import type { Masses } from '../../model/masses'
import { mostTokens } from './packets'

/** A packet that its sender cannot have meant. */
export class BadPacket extends Error {
  override name = 'BadPacket'
}

/** Of an id on the wire. */
export const idBytesOf = (vocabulary: number): 2 | 4 => (vocabulary <= 65_536 ? 2 : 4)

export const bytesOf = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

export function joined(...pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let offset = 0
  for (const piece of pieces) {
    bytes.set(piece, offset)
    offset += piece.length
  }
  return bytes
}

export function idsAsBytes(ids: readonly number[], idBytes: 2 | 4): Uint8Array {
  const view = new DataView(new ArrayBuffer(ids.length * idBytes))
  for (const [index, id] of ids.entries())
    if (idBytes === 2) view.setUint16(2 * index, id, true)
    else view.setUint32(4 * index, id, true)
  return new Uint8Array(view.buffer)
}

/** No row of a model comes near it, and its squares can still be summed. */
export const largestNumber = 1e8

/** Copied, since a packet begins anywhere in its frame. */
export function floatsIn(bytes: Uint8Array): Float32Array {
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw new BadPacket('Its rows are cut off.')
  const numbers = new Float32Array(bytes.slice().buffer)
  if (!numbers.every((number) => Math.abs(number) <= largestNumber))
    throw new BadPacket('A number in it is none that a model gives.')
  return numbers
}

function wholeNumbersIn(bytes: Uint8Array, width: 2 | 4): number[] {
  if (bytes.length % width !== 0) throw new BadPacket('Its numbers are cut off.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / width }, (_, index) =>
    width === 2 ? view.getUint16(2 * index, true) : view.getUint32(4 * index, true),
  )
}

export function idsIn(bytes: Uint8Array, idBytes: 2 | 4, vocabulary: number): number[] {
  const ids = wholeNumbersIn(bytes, idBytes)
  if (ids.length > mostTokens) throw new BadPacket('It holds too many tokens at once.')
  if (ids.some((id) => id >= vocabulary))
    throw new BadPacket('It names a token that the model does not have.')
  return ids
}

/** Masses are n ids, n + 1 halves: (bytes - 2) / (id + half). */
export function massesIn(bytes: Uint8Array, idBytes: 2 | 4, vocabulary: number): Masses {
  const count = (bytes.length - 2) / (idBytes + 2)
  if (!Number.isInteger(count) || count < 1) throw new BadPacket('Its masses are cut off.')
  const ids = idsIn(bytes.subarray(0, count * idBytes), idBytes, vocabulary)
  const numbers = wholeNumbersIn(bytes.subarray(count * idBytes), 2)
  if (new Set(ids).size !== count) throw new BadPacket('It names a token twice.')
  // Probabilities are halves from 0 to 1 (0x3c00): their bits are in order as the numbers are.
  if (numbers.some((half) => half > 0x3c00)) throw new BadPacket('A probability in it is none.')
  return { ids, halves: numbers.slice(0, count), tail: numbers[count] }
}

/** A 32-bit number, as four bytes. */
export function wordAsBytes(word: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4))
  view.setUint32(0, word, true)
  return new Uint8Array(view.buffer)
}

export function wordIn(bytes: Uint8Array): number {
  if (bytes.length < 4) throw new BadPacket('A number in it is cut off.')
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
}
