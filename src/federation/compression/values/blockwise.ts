/**
 * Numbers as small integers with a scale for every 128 of them. Rounding is stochastic: up with the probability of the
 * fraction, so that the mean of what arrives is what was sent, however coarse the levels; errors of many devices and
 * rounds cancel instead of adding up. int8 has 255 levels, int4 has 15.
 *
 * Layout: the largest magnitude of all (F32), one half per block (the block's largest magnitude as a share of it, rounded
 * up), then the integers, biased to be positive. Shares keep halves in range whatever the size of the updates.
 * Source: blockwise scales as in Dettmers et al., arXiv 2110.02861; unbiased rounding as in QSGD, arXiv 1610.02132.
 */
import { halfOfBits, halfTable } from '../../../lib/halfFloat'
import { CompressionError } from '../types'
import type { ValueCoder } from './coder'

const blockSize = 128
const halfOfOne = 0x3c00

const blockwise = (bits: 4 | 8): ValueCoder => {
  const levels = 2 ** (bits - 1) - 1 // on each side of zero
  const perByte = 8 / bits
  const integersAt = (count: number) => 4 + 2 * Math.ceil(count / blockSize)
  return {
    bytesFor: (count) => integersAt(count) + Math.ceil(count / perByte),

    encode(values, { next }) {
      const bytes = new Uint8Array(this.bytesFor(values.length))
      const view = new DataView(bytes.buffer)
      const largest = largestOf(values)
      view.setFloat32(0, largest, true)
      for (let begin = 0; begin < values.length; begin += blockSize) {
        const block = values.subarray(begin, begin + blockSize)
        const half = largest > 0 ? halfAbove(largestOf(block) / largest) : 0
        view.setUint16(4 + (2 * begin) / blockSize, half, true)
        const scale = (halfTable()[half] * largest) / levels
        for (const [index, value] of block.entries()) {
          const rounded = scale > 0 ? Math.floor(value / scale + next()) : 0
          const level = Math.max(-levels, Math.min(levels, rounded)) + levels
          const place = begin + index
          bytes[integersAt(values.length) + Math.floor(place / perByte)] |=
            level << (bits * (place % perByte))
        }
      }
      return bytes
    },

    decode(bytes, count) {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      const largest = view.getFloat32(0, true)
      if (!(largest >= 0 && Number.isFinite(largest))) throw damaged('scale')
      const values = new Float32Array(count)
      for (let place = 0; place < count; place++) {
        const half = view.getUint16(4 + 2 * Math.floor(place / blockSize), true)
        if (half > halfOfOne) throw damaged('scale of a block')
        const byte = bytes[integersAt(count) + Math.floor(place / perByte)]
        const level = (byte >> (bits * (place % perByte))) & (2 ** bits - 1)
        if (level > 2 * levels) throw damaged('number')
        values[place] = ((level - levels) * (halfTable()[half] * largest)) / levels
      }
      return values
    },
  }
}

export const int8 = blockwise(8)
export const int4 = blockwise(4)

const damaged = (what: string) =>
  new CompressionError(
    `A ${what} in the compressed update is impossible: it was damaged on its way, or is no update.`,
  )

function largestOf(values: Float32Array): number {
  let largest = 0
  for (const value of values) largest = Math.max(largest, Math.abs(value))
  return largest
}

/** The least half that is not below a number in [0, 1]: a scale must never be too small for its block. */
function halfAbove(share: number): number {
  const half = halfOfBits(new Uint32Array(Float32Array.of(share).buffer)[0])
  return halfTable()[half] < share ? half + 1 : half
}
