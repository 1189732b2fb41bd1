/**
 * Only the largest numbers are sent, a fixed fraction of all. With error feedback what was left out (and what rounding lost)
 * is remembered and added to the next update, so that nothing is lost, only late: the sum of what was sent and of what is
 * remembered is always the sum of the updates. Without it small numbers never arrive.
 *
 * Layout: how many numbers there are and how many are kept (two U32), the positions (positions.ts), the values.
 * Source: Stich et al., Sparsified SGD with memory, arXiv 1809.07599; Karimireddy et al., arXiv 1901.09847.
 */
import { random } from '../../../lib/rng'
import type { TensorMap } from '../../../model/safetensors'
import { decodePositions, encodePositions } from '../positions'
import { type Codec, type CodecMemory, CompressionError } from '../types'
import type { ValueCoder } from '../values/coder'
import { countOf, shapesOf, tensorsOf, vectorOf } from '../vector'

const headerBytes = 8

export interface TopKOptions {
  readonly values: ValueCoder
  /** Fraction of the numbers that is sent, in (0, 1]. */
  readonly density: number
  readonly errorFeedback: boolean
}

export function topK(name: string, { values, density, errorFeedback }: TopKOptions): Codec {
  if (!(density > 0 && density <= 1))
    throw new RangeError(
      `The fraction of numbers that is sent must be above 0 and at most 1, not ${density}.`,
    )
  const keptOf = (count: number) => Math.ceil(density * count)

  const decode: Codec['decode'] = (bytes, expected) => {
    const count = countOf(expected)
    const kept = keptOf(count)
    if (bytes.length < headerBytes) throw new CompressionError('The compressed update is cut off.')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const claimed = [view.getUint32(0, true), view.getUint32(4, true)]
    if (claimed[0] !== count || claimed[1] !== kept)
      throw new CompressionError(
        `The compressed update claims ${claimed[1]} of ${claimed[0]} numbers; here it must be ${kept} of ${count}: the sender uses other settings.`,
      )
    const { positions, bytesRead } = decodePositions(bytes.subarray(headerBytes), kept, count)
    const rest = bytes.subarray(headerBytes + bytesRead)
    if (rest.length !== values.bytesFor(kept))
      throw new CompressionError(
        `${kept} numbers take ${values.bytesFor(kept)} bytes, and ${rest.length} arrived: the update is damaged.`,
      )
    const vector = new Float32Array(count)
    for (const [index, value] of values.decode(rest, kept).entries()) vector[positions[index]] = value
    return tensorsOf(vector, expected)
  }

  return {
    name,
    sendsAll: false,
    decode,
    encode(tensors, memory, seed) {
      const wanted = errorFeedback ? plus(tensors, memory) : tensors
      const vector = vectorOf(wanted)
      const positions = largest(vector, keptOf(vector.length))
      const encodedPositions = encodePositions(positions)
      const encodedValues = values.encode(
        Float32Array.from(positions, (at) => vector[at]),
        random(seed, name),
      )
      const bytes = new Uint8Array(headerBytes + encodedPositions.length + encodedValues.length)
      const view = new DataView(bytes.buffer)
      view.setUint32(0, vector.length, true)
      view.setUint32(4, positions.length, true)
      bytes.set(encodedPositions, headerBytes)
      bytes.set(encodedValues, headerBytes + encodedPositions.length)
      if (!errorFeedback) return { bytes, memory: null }
      return {
        bytes,
        memory: new Map([...(memory ?? []), ...minus(wanted, decode(bytes, shapesOf(tensors)))]),
      }
    },
  }
}

/** Positions of the `kept` largest magnitudes, ascending; among equals the first ones. */
function largest(vector: Float32Array, kept: number): Uint32Array {
  const magnitudes = vector.map(Math.abs)
  const threshold = magnitudes.toSorted()[vector.length - kept]
  let ties = kept - magnitudes.reduce((sum, magnitude) => sum + (magnitude > threshold ? 1 : 0), 0)
  const positions = new Uint32Array(kept)
  let place = 0
  for (const [position, magnitude] of magnitudes.entries())
    if (magnitude > threshold || (magnitude === threshold && ties-- > 0)) positions[place++] = position
  return positions
}

/** An update and what is still owed of its tensors. What is owed of others waits: A and B may take turns. */
function plus(tensors: TensorMap, memory: CodecMemory): TensorMap {
  return combine(tensors, memory ?? new Map(), (value, owed) => value + owed)
}

const minus = (tensors: TensorMap, sent: TensorMap): TensorMap =>
  combine(tensors, sent, (value, other) => value - other)

function combine(x: TensorMap, y: TensorMap, rule: (x: number, y: number) => number): TensorMap {
  return new Map(
    [...x].map(([name, { shape, data }]) => {
      const other = y.get(name)
      if (other && other.data.length !== data.length)
        throw new CompressionError(
          `What is remembered of ${name} has another shape: begin with an empty memory after the adapter is refactored.`,
        )
      return [
        name,
        { shape, data: other ? data.map((value, index) => rule(value, other.data[index])) : data },
      ]
    }),
  )
}
