/** What a node sees, from the command line: `--view TEXT`, or `--view @FILE.png`, a picture, which becomes words. */
import { readFileSync } from 'node:fs'
import { type DecodedPng, decode, hasPngSignature } from 'fast-png'
import {
  type RgbaImage,
  requireFileSize,
  requirePictureSize,
  UnseenPicture,
  wordsOfImage,
} from '../corpora/pictures/frame'
import { UsageError } from './flags'

const noPng = 'This is no PNG picture, or a damaged one. Save the picture as PNG.'

/** Throws a `UsageError` that names the file and says what is wrong with it. */
export function readView(view: string): string {
  if (!view.startsWith('@')) return view
  const path = view.slice(1)
  try {
    const bytes = readFileSync(path)
    requireFileSize(bytes.length)
    return wordsOfImage(rgbaOf(bytes))
  } catch (error) {
    if (error instanceof UnseenPicture) throw new UsageError(`--view ${view}: ${error.message}`)
    throw new UsageError(`--view ${view} cannot be read. Give the path of a PNG file behind the @.`)
  }
}

function rgbaOf(bytes: Uint8Array): RgbaImage {
  if (!hasPngSignature(bytes)) throw new UnseenPicture(noPng)
  // Width and height stand first in every PNG; a few bytes may announce more pixels than there is memory.
  const header = new DataView(bytes.buffer, bytes.byteOffset)
  if (bytes.length < 24) throw new UnseenPicture(noPng)
  const size = { width: header.getUint32(16), height: header.getUint32(20) }
  requirePictureSize(size)
  return { ...size, data: rgba(decodePng(bytes)) }
}

function decodePng(bytes: Uint8Array) {
  try {
    return decode(bytes)
  } catch (cause) {
    throw new UnseenPicture(noPng, { cause })
  }
}

/** Grey, grey with opacity, palette, RGB or RGBA of 1 to 16 bits, as RGBA of 8. */
function rgba({ width, height, data, channels, depth, palette }: DecodedPng): Uint8ClampedArray {
  const most = 2 ** depth - 1
  const bytesPerRow = Math.ceil((width * channels * depth) / 8)
  /** Of fewer than 8 bits several samples share a byte, the first in its highest bits; rows begin with a byte of their own. */
  const packed = (x: number, y: number) =>
    (data[y * bytesPerRow + Math.floor((x * depth) / 8)] >> (8 - depth - ((x * depth) % 8))) & most
  const rgba = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const sample = (channel: number) =>
        depth < 8 ? packed(x, y) : data[(y * width + x) * channels + channel]
      const part = (channel: number) => (255 * sample(channel)) / most
      const at = (y * width + x) * 4
      if (palette) {
        const [red, green, blue, alpha = 255] = palette[sample(0)] ?? [0, 0, 0, 0]
        rgba.set([red, green, blue, alpha], at)
      } else if (channels < 3) rgba.set([part(0), part(0), part(0), channels === 2 ? part(1) : 255], at)
      else rgba.set([part(0), part(1), part(2), channels === 4 ? part(3) : 255], at)
    }
  return rgba
}
