/**
 * An edge's result on its way to the coordinator. Uncoded it is the adapter itself, because the difference to the start
 * would be rounded: with one edge and one edge round the two tiers give the flat average bit for bit. Where the room
 * codes updates, it is coded as they are.
 */
import { only } from '../../federation/aggregation/global/downlink'
import { preciseDifference } from '../../federation/aggregation/global/mean'
import type { Delta, Factors } from '../../federation/aggregation/types'
import type { Codec, CodecMemory, Encoded } from '../../federation/compression/types'
import { shapesOf } from '../../federation/compression/vector'
import type { TensorMap } from '../../model/safetensors'

const isUncoded = ({ name }: Codec): boolean => name === 'none'

/** @param owed what coding left out of this edge's last one; null: nothing */
export function encodeForward(
  up: Codec,
  end: TensorMap,
  start: TensorMap,
  sends: Factors,
  owed: CodecMemory,
  seed: number,
): Encoded {
  const sent = only(end, sends)
  return up.encode(isUncoded(up) ? sent : rounded(preciseDifference(sent, start)), owed, seed)
}

/** The change that it stands for. Throws where the bytes do not fit. */
export function decodeForward(up: Codec, bytes: Uint8Array, start: TensorMap, sends: Factors): Delta {
  const decoded = up.decode(bytes, shapesOf(only(start, sends)))
  return isUncoded(up) ? preciseDifference(decoded, start) : decoded
}

const rounded = (delta: Delta): TensorMap =>
  new Map([...delta].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data) }]))
