/**
 * A PNG's bytes as pixels, where no browser opens them. Decoders unpack whatever a file holds, and a file of one megabyte may hold a
 * thousand: so what its header announces is checked first, no more than that is unpacked, and a decoder sees only the parts of the file
 * that pixels are made of.
 */
import { deflateSync, inflateSync } from 'node:zlib'
import { type DecodedPng, decode } from 'fast-png'
import { type RgbaImage, requirePictureSize, UnseenPicture } from '../corpora/pictures/frame'

const noPng = 'This is no PNG picture, or a damaged one. Save the picture as PNG.'
const tooMuch = 'This PNG holds more than the pixels that it announces. Save the picture as PNG anew.'

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
const headerLength = 13
/** By the header's colour type: samples a pixel, and how many bits each may have. */
const kinds: Readonly<Record<number, { readonly channels: number; readonly depths: readonly number[] }>> = {
  0: { channels: 1, depths: [1, 2, 4, 8, 16] },
  2: { channels: 3, depths: [8, 16] },
  3: { channels: 1, depths: [1, 2, 4, 8] },
  4: { channels: 2, depths: [8, 16] },
  6: { channels: 4, depths: [8, 16] },
}
const palettePicture = 3

interface Header {
  readonly width: number
  readonly height: number
  readonly depth: number
  readonly colourType: number
  readonly channels: number
  readonly passes: readonly Pass[]
}

/** Every so-many-th pixel of a picture, as a picture of its own. */
interface Pass {
  readonly x: number
  readonly y: number
  readonly across: number
  readonly down: number
}
const onePass: readonly Pass[] = [{ x: 0, y: 0, across: 1, down: 1 }]
/** Of an interlaced picture. */
const sevenPasses: readonly Pass[] = [
  { x: 0, y: 0, across: 8, down: 8 },
  { x: 4, y: 0, across: 8, down: 8 },
  { x: 0, y: 4, across: 4, down: 8 },
  { x: 2, y: 0, across: 4, down: 4 },
  { x: 0, y: 2, across: 2, down: 4 },
  { x: 1, y: 0, across: 2, down: 2 },
  { x: 0, y: 1, across: 1, down: 2 },
]

/** Throws an `UnseenPicture` where this is no PNG, a damaged one, or one that is too large. */
export function rgbaOfPng(file: Uint8Array): RgbaImage {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength)
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new UnseenPicture(noPng)
  const chunks = chunksOf(bytes)
  const [first] = chunks
  if (first?.type !== 'IHDR' || first.data.length !== headerLength) throw new UnseenPicture(noPng)
  const header = headerOf(first.data)
  requirePictureSize(header)
  const all = (type: string) => chunks.flatMap((chunk) => (chunk.type === type ? [chunk.data] : []))
  const [palette] = all('PLTE')
  const [opacity] = all('tRNS')
  const isPalette = header.colourType === palettePicture
  if (isPalette && !palette) throw new UnseenPicture(noPng)
  const colours = isPalette ? [chunk('PLTE', palette), ...(opacity ? [chunk('tRNS', opacity)] : [])] : []
  const key = isPalette || !opacity ? [] : samplesIn(opacity, header.depth)
  return painted(header, Buffer.concat(all('IDAT')), { colours, key })
}

interface Paints {
  /** Parts of the file that the pixels of a palette are told by. */
  readonly colours: readonly Buffer[]
  /** The samples of the one colour that is transparent; none: there is no such colour. */
  readonly key: readonly number[]
}

function painted(header: Header, packed: Buffer, { colours, key }: Paints): RgbaImage {
  const { width, height, passes } = header
  const parts = passes.map((pass) => ({ pass, ...partOf(header, pass) })).filter(({ length }) => length > 0)
  const rows = unpacked(
    packed,
    parts.reduce((total, { length }) => total + length, 0),
  )
  const data = new Uint8ClampedArray(width * height * 4)
  let begun = 0
  for (const { pass, size, length } of parts) {
    const plain = Buffer.concat([
      signature,
      chunk('IHDR', plainHeader(header, size)),
      ...colours,
      chunk('IDAT', deflateSync(rows.subarray(begun, begun + length), { level: 0 })),
      chunk('IEND', Buffer.alloc(0)),
    ])
    begun += length
    paint(decoded(plain), key, { data, width, pass })
  }
  return { width, height, data }
}

function decoded(plain: Buffer): DecodedPng {
  try {
    return decode(plain)
  } catch (cause) {
    throw new UnseenPicture(noPng, { cause })
  }
}

interface Chunk {
  readonly type: string
  readonly data: Buffer
}

/** The parts of a file, up to its last whole one. */
function chunksOf(bytes: Buffer): readonly Chunk[] {
  const chunks: Chunk[] = []
  for (let at = signature.length; at + 8 <= bytes.length; ) {
    const end = at + 8 + bytes.readUInt32BE(at)
    if (end > bytes.length) break
    chunks.push({ type: bytes.toString('latin1', at + 4, at + 8), data: bytes.subarray(at + 8, end) })
    at = end + 4 // a checksum
  }
  return chunks
}

/** Its checksum, which no decoder here reads, stays empty. */
function chunk(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data, Buffer.alloc(4)])
}

function headerOf(data: Buffer): Header {
  const [depth, colourType, compression, filter, interlace] = data.subarray(8)
  const kind = kinds[colourType]
  if (!kind?.depths.includes(depth) || compression > 0 || filter > 0 || interlace > 1)
    throw new UnseenPicture(noPng)
  const passes = interlace === 1 ? sevenPasses : onePass
  const size = { width: data.readUInt32BE(0), height: data.readUInt32BE(4) }
  return { ...size, depth, colourType, channels: kind.channels, passes }
}

function plainHeader({ depth, colourType }: Header, { columns, rows }: Size): Buffer {
  const data = Buffer.alloc(headerLength)
  data.writeUInt32BE(columns)
  data.writeUInt32BE(rows, 4)
  data[8] = depth
  data[9] = colourType
  return data
}

interface Size {
  readonly columns: number
  readonly rows: number
}

/** How large a pass is, in pixels and in bytes, of which each row has one for the name of its filter. */
function partOf(
  { width, height, depth, channels }: Header,
  { x, y, across, down }: Pass,
): { readonly size: Size; readonly length: number } {
  const size = { columns: Math.ceil((width - x) / across), rows: Math.ceil((height - y) / down) }
  const bytesPerRow = Math.ceil((size.columns * channels * depth) / 8)
  return { size, length: bytesPerRow === 0 ? 0 : size.rows * (1 + bytesPerRow) }
}

/** Numbers of two bytes, of which a sample of so many bits has the last. */
const samplesIn = (data: Buffer, depth: number): readonly number[] =>
  Array.from({ length: data.length >> 1 }, (_, at) => data.readUInt16BE(2 * at) & (2 ** depth - 1))

/** Throws an `UnseenPicture` where there are more bytes, or fewer. */
function unpacked(packed: Buffer, length: number): Buffer {
  const rows = inflated(packed, length)
  if (rows.length < length) throw new UnseenPicture(noPng)
  return rows
}

function inflated(packed: Buffer, most: number): Buffer {
  try {
    return inflateSync(packed, { maxOutputLength: most })
  } catch (cause) {
    const isTooMuch = cause instanceof RangeError
    throw new UnseenPicture(isTooMuch ? tooMuch : noPng, { cause })
  }
}

interface Canvas {
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly pass: Pass
}

/** Grey, grey with opacity, palette, RGB or RGBA of 1 to 16 bits, as RGBA of 8. */
function paint(png: DecodedPng, key: readonly number[], { data, width, pass }: Canvas): void {
  const { channels, depth, palette } = png
  const most = 2 ** depth - 1
  const samples = depth < 8 ? samplesOf(png) : png.data
  const [second, third] = channels < 3 ? [0, 0] : [1, 2]
  const hasOpacity = channels % 2 === 0
  const [red = -1, green = red, blue = red] = key
  let from = 0
  // Every pixel of a large picture comes by here: nothing is made for one.
  for (let row = 0; row < png.height; row++)
    for (let column = 0; column < png.width; column++, from += channels) {
      const at = ((pass.y + row * pass.down) * width + pass.x + column * pass.across) * 4
      const one = samples[from]
      if (palette) {
        const colour = palette[one] ?? unknownColour
        data[at] = colour[0]
        data[at + 1] = colour[1]
        data[at + 2] = colour[2]
        data[at + 3] = colour[3] ?? 255
        continue
      }
      const two = samples[from + second]
      const three = samples[from + third]
      data[at] = (255 * one) / most
      data[at + 1] = (255 * two) / most
      data[at + 2] = (255 * three) / most
      if (hasOpacity) data[at + 3] = (255 * samples[from + channels - 1]) / most
      else data[at + 3] = one === red && two === green && three === blue ? 0 : 255
    }
}

/** Behind the end of a palette. */
const unknownColour = [0, 0, 0, 0]

/** Of fewer than 8 bits several samples share a byte, the first in its highest bits; rows begin with a byte of their own. */
function samplesOf({ width, height, data, channels, depth }: DecodedPng): Uint8Array {
  const perRow = width * channels
  const bytesPerRow = Math.ceil((perRow * depth) / 8)
  const samples = new Uint8Array(perRow * height)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < perRow; x++, at++) {
      const bit = x * depth
      samples[at] = (data[y * bytesPerRow + (bit >> 3)] >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
    }
  return samples
}
