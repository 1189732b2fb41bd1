/**
 * Frozen matrices in 16, 8 or 4 bits: how their numbers lie in 32-bit words, which is what shaders unpack. A matrix is
 * [rows, columns], columns contiguous; each row begins at a word of its own, so that row r begins at word
 * r · rowWords(columns, format). Inside a row the numbers follow each other from the low bits up:
 *
 * | format  | per word | rowWords              | scales                       | number                         |
 * |---------|----------|-----------------------|------------------------------|--------------------------------|
 * | float16 | 2        | ⌈columns / 2⌉         | none                         | binary16, column j in bits 16 (j mod 2) |
 * | int8    | 4        | ⌈columns / 4⌉         | [rows]                       | scale · code, signed, bits 8 (j mod 4) |
 * | nf4     | 8        | 8 ⌈columns / 64⌉      | [rows, ⌈columns / 64⌉]       | scale · nf4Codes[code], bits 4 (j mod 8) |
 *
 * Columns beyond the last are zeros. int8 is symmetric, the scale is the row's largest magnitude / 127; nf4's scale is
 * the largest magnitude of 64 neighbours. Source: Dettmers et al., QLoRA, arXiv 2305.14314 (4-bit NormalFloat).
 *
 * Numbers that share a scale and are all below 2^-119 become zeros in int8 and nf4. Their scale, or its product with a code,
 * would be a subnormal float32, which a GPU may take for zero (WGSL, "Differences from IEEE-754") and of which few bits are
 * left on a processor: machines would disagree, and errors would exceed half a step. All other scales and products are normal.
 */
import { halfOfBits, halfTable, largestHalf } from '../lib/halfFloat'
import type { WeightFormat } from './program'

export type PackedFormat = Exclude<WeightFormat, 'float32'>

export interface PackedMatrix {
  readonly words: Uint32Array
  /** Null for float16. */
  readonly scales: Float32Array | null
}

/** Neighbours in a row that share one scale in nf4. */
export const nf4Block = 64

/** The values of the 16 codes: quantiles of a normal distribution, scaled to [-1, 1], with an exact zero at code 7. */
export const nf4Codes = Float32Array.of(
  ...[-1, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453],
  ...[-0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0],
  ...[0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224],
  ...[0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1],
)
const zeroCode = 7

/** The least largest magnitude that gets a scale: 128 times the smallest normal float32, for codes of 127 and of 0.08. */
const leastScaled = 2 ** -119

/** Between one code and the next; nothing lies above the last. */
const nf4Middles = Float32Array.from(nf4Codes, (code, index) =>
  index + 1 < nf4Codes.length ? (code + nf4Codes[index + 1]) / 2 : Number.POSITIVE_INFINITY,
)

/** The code at the beginning of each of 64 steps from -1 to 1. */
const lowerCodes = Uint8Array.from({ length: 65 }, (_, step) =>
  nf4Middles.findIndex((middle) => step / 32 - 1 <= middle),
)

/** Words from the beginning of one row to that of the next. */
export function rowWords(columns: number, format: PackedFormat): number {
  switch (format) {
    case 'float16':
      return Math.ceil(columns / 2)
    case 'int8':
      return Math.ceil(columns / 4)
    case 'nf4':
      return (nf4Block / 8) * Math.ceil(columns / nf4Block)
  }
}

/** How many scales stand for a matrix. */
export function scaleCount(rows: number, columns: number, format: PackedFormat): number {
  switch (format) {
    case 'float16':
      return 0
    case 'int8':
      return rows
    case 'nf4':
      return rows * Math.ceil(columns / nf4Block)
  }
}

/** Bytes that a matrix takes, scales included. */
export const matrixBytes = (rows: number, columns: number, format: WeightFormat): number =>
  format === 'float32'
    ? 4 * rows * columns
    : 4 * (rows * rowWords(columns, format) + scaleCount(rows, columns, format))

/** Packs finite numbers. Throws a `RangeError` that names the matrix where float16 cannot hold one. */
export function packMatrix(
  data: Float32Array, // [rows, columns]
  rows: number,
  columns: number,
  format: PackedFormat,
  name = 'A matrix',
): PackedMatrix {
  const stride = rowWords(columns, format)
  const words = new Uint32Array(rows * stride)
  const count = scaleCount(rows, columns, format)
  const scales = count > 0 ? new Float32Array(count) : null
  for (let row = 0; row < rows; row++) {
    const numbers = data.subarray(row * columns, (row + 1) * columns)
    const packed = words.subarray(row * stride, (row + 1) * stride)
    if (format === 'float16') packHalves(numbers, packed, name)
    else if (format === 'int8') scales![row] = packBytes(numbers, packed)
    else packNf4(numbers, packed, scales!.subarray((row * stride) / 8, ((row + 1) * stride) / 8))
  }
  return { words, scales }
}

/** Some rows of a weight, packed in its format; as they are where that is float32. */
export type Rows = Float32Array | PackedMatrix

/** Packs rows [count, columns]; float32 leaves them as they are. */
export const packRows = (rows: Float32Array, columns: number, format: WeightFormat, name?: string): Rows =>
  format === 'float32' ? rows : packMatrix(rows, rows.length / columns, columns, format, name)

/** Rows `from` up to, not including, `to` of some, without copying them. */
export function rowsBetween(
  rows: Rows,
  columns: number,
  format: WeightFormat,
  from: number,
  to: number,
): Rows {
  if (rows instanceof Float32Array || format === 'float32')
    return (rows as Float32Array).subarray(from * columns, to * columns)
  const [words, scales] = [rowWords(columns, format), scaleCount(1, columns, format)]
  return {
    words: rows.words.subarray(from * words, to * words),
    scales: rows.scales?.subarray(from * scales, to * scales) ?? null,
  }
}

/** The numbers of some rows [count, columns], for machines that compute with 32 bits. */
export function unpackRows(rows: Rows, columns: number, format: WeightFormat): Float32Array {
  if (rows instanceof Float32Array || format === 'float32') return rows as Float32Array
  return unpackMatrix(rows, rows.words.length / rowWords(columns, format), columns, format)
}

/** The numbers that a packed matrix stands for [rows, columns]. */
export function unpackMatrix(
  { words, scales }: PackedMatrix,
  rows: number,
  columns: number,
  format: PackedFormat,
): Float32Array {
  const data = new Float32Array(rows * columns)
  const stride = rowWords(columns, format)
  for (let row = 0; row < rows; row++) {
    const numbers = data.subarray(row * columns, (row + 1) * columns)
    const packed = words.subarray(row * stride, (row + 1) * stride)
    if (format === 'float16') unpackHalves(packed, numbers)
    else if (format === 'int8') unpackBytes(packed, scales![row], numbers)
    else unpackNf4(packed, scales!.subarray((row * stride) / 8, ((row + 1) * stride) / 8), numbers)
  }
  return data
}

function unpackHalves(words: Uint32Array, numbers: Float32Array): void {
  const halves = halfTable()
  for (let column = 0; column < numbers.length; column++)
    numbers[column] = halves[(words[column >>> 1] >>> (16 * (column & 1))) & 0xffff]
}

function unpackBytes(words: Uint32Array, scale: number, numbers: Float32Array): void {
  for (let column = 0; column < numbers.length; column++)
    numbers[column] = scale * ((words[column >>> 2] << (24 - 8 * (column & 3))) >> 24)
}

function unpackNf4(words: Uint32Array, scales: Float32Array, numbers: Float32Array): void {
  for (let column = 0; column < numbers.length; column++)
    numbers[column] =
      scales[(column / nf4Block) | 0] * nf4Codes[(words[column >>> 3] >>> (4 * (column & 7))) & 15]
}

function packHalves(numbers: Float32Array, words: Uint32Array, name: string): void {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  for (let column = 0; column < numbers.length; column++) {
    if (!(Math.abs(numbers[column]) < largestHalf))
      throw new RangeError(
        `${name} holds the number ${numbers[column]}, too large for float16. Choose float32 or int8 for this model.`,
      )
    words[column >>> 1] |= halfOfBits(bits[column]) << (16 * (column & 1))
  }
}

/** Returns the row's scale. */
function packBytes(numbers: Float32Array, words: Uint32Array): number {
  const largest = largestMagnitude(numbers)
  if (largest < leastScaled) return 0
  const scale = Math.fround(largest / 127)
  for (let column = 0; column < numbers.length; column++) {
    const code = Math.max(-127, Math.min(127, Math.round(numbers[column] / scale)))
    words[column >>> 2] |= (code & 0xff) << (8 * (column & 3))
  }
  return scale
}

function packNf4(numbers: Float32Array, words: Uint32Array, scales: Float32Array): void {
  words.fill(0x1111_1111 * zeroCode)
  for (let block = 0; block < scales.length; block++) {
    const begin = block * nf4Block
    const end = Math.min(begin + nf4Block, numbers.length)
    const scale = largestMagnitude(numbers, begin, end)
    if (scale < leastScaled) continue
    scales[block] = scale
    for (let column = begin; column < end; column++) {
      const shift = 4 * (column & 7)
      words[column >>> 3] ^= (nearestCode(numbers[column] / scale) ^ zeroCode) << shift
    }
  }
}

/**
 * The code nearest to a number from -1 to 1. Of 64 equally wide steps each has at most one middle between two codes inside, so
 * the lower of the two is known from the step, and one comparison is left.
 */
function nearestCode(value: number): number {
  const lower = lowerCodes[((value + 1) * 32) | 0]
  return value > nf4Middles[lower] ? lower + 1 : lower
}

function largestMagnitude(numbers: Float32Array, begin = 0, end = numbers.length): number {
  let largest = 0
  for (let index = begin; index < end; index++) {
    const magnitude = Math.abs(numbers[index])
    if (magnitude > largest) largest = magnitude
  }
  return largest
}
