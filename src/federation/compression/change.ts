/**
 * Delta coding of a version that goes to everybody: what travels is the compressed difference to the version that all
 * receivers hold, and what they hold afterwards is that version plus what arrived, the same bits everywhere. It may differ
 * from the version that was wanted; the next difference is taken against what is held, so nothing that was left out is
 * ever lost, and no other memory is needed. A receiver that holds another version asks for the whole one.
 */
import type { TensorMap } from '../../model/safetensors'
import type { Codec } from './types'
import { shapesOf } from './vector'

/** @returns the bytes, and what everybody holds once they are applied */
export function encodeChange(
  codec: Codec,
  held: TensorMap,
  wanted: TensorMap,
  seed: number,
): { readonly bytes: Uint8Array; readonly held: TensorMap } {
  const difference = combined(wanted, held, (end, start) => end - start)
  const { bytes } = codec.encode(difference, null, seed)
  return { bytes, held: applyChange(codec, held, bytes) }
}

/** The receiver's side. Throws a `CompressionError` on foreign bytes. */
export function applyChange(codec: Codec, held: TensorMap, bytes: Uint8Array): TensorMap {
  const change = codec.decode(bytes, shapesOf(held))
  return combined(held, change, (start, step) => start + step)
}

const combined = (x: TensorMap, y: TensorMap, rule: (x: number, y: number) => number): TensorMap =>
  new Map(
    [...x].map(([name, { shape, data }]) => {
      const other = y.get(name)!.data
      return [name, { shape, data: data.map((value, index) => rule(value, other[index])) }]
    }),
  )
