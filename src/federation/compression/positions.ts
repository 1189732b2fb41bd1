/**
 * Ascending positions among `size` places, written as the gaps between them in Rice's code: the gap's high part in unary
 * (ones, then a zero), its low `shift` bits as they are. The best shift is found by trying all. With shift 0 this is a
 * bitmap, bit for bit, and with shift 7 a gap costs a byte, as a varint does; for one place in ten the best is shift 3
 * and 4.8 bits, near the entropy of 4.7. Source: Rice and Plaunt 1971; Golomb 1966.
 */
import { CompressionError } from './types'

const mostShift = 24

/** The first byte is the shift. */
export function encodePositions(positions: Uint32Array): Uint8Array {
  const gaps = positions.map((position, index) =>
    index === 0 ? position : position - positions[index - 1] - 1,
  )
  let best = { shift: 0, bits: Number.POSITIVE_INFINITY }
  for (let shift = 0; shift <= mostShift; shift++) {
    const bits = gaps.reduce((sum, gap) => sum + (gap >>> shift) + 1 + shift, 0)
    if (bits < best.bits) best = { shift, bits }
  }
  const bytes = new Uint8Array(1 + Math.ceil(best.bits / 8))
  bytes[0] = best.shift
  let at = 8
  const write = (bit: number) => {
    bytes[at >>> 3] |= bit << (at & 7)
    at++
  }
  for (const gap of gaps) {
    for (let ones = gap >>> best.shift; ones > 0; ones--) write(1)
    write(0)
    for (let low = 0; low < best.shift; low++) write((gap >>> low) & 1)
  }
  return bytes
}

/**
 * `count` positions below `size`, and the bytes that they took. No byte is believed: positions stay below `size`, and
 * reading ends with the bytes. Throws a `CompressionError`.
 */
export function decodePositions(
  bytes: Uint8Array,
  count: number,
  size: number,
): { readonly positions: Uint32Array; readonly bytesRead: number } {
  const shift = bytes[0]
  if (bytes.length === 0 || shift > mostShift) throw damaged()
  let at = 8
  const read = (): number => {
    if (at >>> 3 >= bytes.length) throw damaged()
    const bit = (bytes[at >>> 3] >>> (at & 7)) & 1
    at++
    return bit
  }
  const positions = new Uint32Array(count)
  let next = 0
  for (let index = 0; index < count; index++) {
    let high = 0
    while (read() === 1) high++
    let low = 0
    for (let bit = 0; bit < shift; bit++) low |= read() << bit
    const position = next + high * 2 ** shift + low
    if (position >= size) throw damaged()
    positions[index] = position
    next = position + 1
  }
  return { positions, bytesRead: Math.ceil(at / 8) }
}

const damaged = () =>
  new CompressionError(
    'The positions in the compressed update make no sense: it was damaged, or made with other settings.',
  )
