/**
 * Fewer bytes for tensors that travel. What is compressed are differences, never whole weights: the precision that a
 * difference loses is small beside the weight it is added to. A codec is pure; what it did not send this time it may keep
 * in a memory, per device and per basis of the factors: whoever refactors the adapter starts with an empty memory again.
 */
import type { TensorMap } from '../../model/safetensors'

/** Names and shapes: what both sides know already and what therefore need not travel. */
export type Shapes = ReadonlyMap<string, readonly number[]>

/** What has not been sent yet, by tensor; null: nothing. */
export type CodecMemory = TensorMap | null

export interface Encoded {
  readonly bytes: Uint8Array
  readonly memory: CodecMemory
}

export interface Codec {
  readonly name: string
  /** Whether every device sends every number: only what all send can be summed under masks. */
  readonly sendsAll: boolean
  /** The seed decides where stochastic rounding goes: give every device and round its own. */
  encode(tensors: TensorMap, memory: CodecMemory, seed: number): Encoded
  /** Foreign bytes: their size is checked before anything is allocated. Throws a `CompressionError`. */
  decode(bytes: Uint8Array, expected: Shapes): TensorMap
}

/** Bytes that are not what they should be, or tensors that cannot be encoded. The message says what and what to do. */
export class CompressionError extends Error {
  override name = 'CompressionError'
}
