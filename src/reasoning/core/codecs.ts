/**
 * How rows of hidden states travel: as they are, as halves, or as one byte a number with one scale a row. The two shorter ones
 * lose a little, and what they lose is lost for everybody: a journal keeps rows as their receiver decoded them, so that whoever
 * reads them later reads the same. What that does to a model's words is measured (`lab/reasoning/vertical/split.test.ts`, O4).
 */
import { halfOfBits, halfTable, largestHalf } from '../../lib/halfFloat'

export const codecNames = ['float32', 'float16', 'int8'] as const
export type Codec = (typeof codecNames)[number]

/** Of one row. */
export const bytesOfRow = (codec: Codec, width: number): number => {
  switch (codec) {
    case 'float32':
      return 4 * width
    case 'float16':
      return 2 * width
    case 'int8':
      return width + 4
  }
}

/** Rows [n, width]; little-endian. Numbers beyond a half's range become its largest. */
export function encodeRows(rows: Float32Array, width: number, codec: Codec): Uint8Array {
  switch (codec) {
    case 'float32':
      return new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength)
    case 'float16':
      return asHalves(rows)
    case 'int8':
      return asBytes(rows, width)
  }
}

/** Null where the bytes are not whole rows, or stand for numbers that are none. */
export function decodeRows(bytes: Uint8Array, width: number, codec: Codec): Float32Array | null {
  const size = bytesOfRow(codec, width)
  if (bytes.length === 0 || bytes.length % size !== 0) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const rows = new Float32Array((bytes.length / size) * width)
  switch (codec) {
    case 'float32':
      for (let index = 0; index < rows.length; index++) rows[index] = view.getFloat32(4 * index, true)
      break
    case 'float16': {
      const table = halfTable()
      for (let index = 0; index < rows.length; index++) rows[index] = table[view.getUint16(2 * index, true)]
      break
    }
    case 'int8':
      for (let row = 0; row * size < bytes.length; row++) {
        const scale = view.getFloat32(row * size, true)
        for (let channel = 0; channel < width; channel++)
          rows[row * width + channel] = view.getInt8(row * size + 4 + channel) * scale
      }
      break
  }
  return rows.every(Number.isFinite) ? rows : null
}

/** What a receiver will read. */
export const asReceived = (rows: Float32Array, width: number, codec: Codec): Float32Array =>
  codec === 'float32' ? rows : decodeRows(encodeRows(rows, width, codec), width, codec)!

function asHalves(rows: Float32Array): Uint8Array {
  const bits = new DataView(new ArrayBuffer(4))
  const view = new DataView(new ArrayBuffer(2 * rows.length))
  for (const [index, number] of rows.entries()) {
    bits.setFloat32(0, Math.max(-largestHalf, Math.min(largestHalf, number)))
    view.setUint16(2 * index, halfOfBits(bits.getUint32(0)), true)
  }
  return new Uint8Array(view.buffer)
}

/** A row's scale is its largest magnitude / 127; a row of zeros has none, and stays one. */
function asBytes(rows: Float32Array, width: number): Uint8Array {
  const size = width + 4
  const count = rows.length / width
  const view = new DataView(new ArrayBuffer(count * size))
  for (let row = 0; row < count; row++) {
    const own = rows.subarray(row * width, (row + 1) * width)
    const scale = Math.fround(own.reduce((most, number) => Math.max(most, Math.abs(number)), 0) / 127)
    view.setFloat32(row * size, scale, true)
    for (const [channel, number] of own.entries())
      view.setInt8(row * size + 4 + channel, scale === 0 ? 0 : roundedToEven(number / scale))
  }
  return new Uint8Array(view.buffer)
}

/** The nearest whole number from -127 to 127; of two the even one, as numpy rounds. */
function roundedToEven(number: number): number {
  const below = Math.floor(number)
  const rest = number - below
  const nearest = rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below
  return Math.max(-127, Math.min(127, nearest))
}
