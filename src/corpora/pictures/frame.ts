/**
 * Anybody's picture, brought to the size that a model sees: the largest square from its middle, averaged down (or spread) to
 * 48 x 48, on paper where it is transparent. What is no picture, or none that can be looked at, is refused in words.
 */

import { type Pixels, paper, side } from './paint'
import { wordsOf } from './patches'

/** As a canvas or a decoder gives it: red, green, blue and opacity from 0 to 255, row by row. */
export interface RgbaImage {
  readonly width: number
  readonly height: number
  readonly data: ArrayLike<number>
}

/** A picture that cannot be looked at; the message says why and what to do. */
export class UnseenPicture extends Error {
  override readonly name = 'UnseenPicture'
}

export const pictureLimits = { bytes: 16 * 2 ** 20, pixels: 16e6, leastSide: 8 } as const

/** Throws an `UnseenPicture` where a file is empty, or so large that opening it would fill a tab. */
export function requireFileSize(bytes: number): void {
  if (bytes === 0) throw new UnseenPicture('This file is empty. Choose a picture.')
  if (bytes > pictureLimits.bytes)
    throw new UnseenPicture(
      `This file has ${Math.ceil(bytes / 2 ** 20)} MB, and a picture may have ${pictureLimits.bytes / 2 ** 20}. Make it smaller.`,
    )
}

/** Throws an `UnseenPicture` where a picture is too large to be decoded, or too small to show anything. */
export function requirePictureSize({ width, height }: Pick<RgbaImage, 'width' | 'height'>): void {
  if (width * height > pictureLimits.pixels)
    throw new UnseenPicture(
      `This picture has ${width} x ${height} pixels, more than ${pictureLimits.pixels / 1e6} million. Make it smaller.`,
    )
  const { leastSide } = pictureLimits
  if (Math.min(width, height) < leastSide)
    throw new UnseenPicture(
      `This picture has ${width} x ${height} pixels: too few to see anything. It needs ${leastSide} x ${leastSide}.`,
    )
}

export const noPicture = 'This is no picture that can be read here. Choose a PNG, JPEG or WebP file.'

/** The words of a picture of any size. Throws an `UnseenPicture`. */
export function wordsOfImage(image: RgbaImage): string {
  requirePictureSize(image)
  return wordsOf(framed(image))
}

/** Each pixel is the mean of what lies under it, weighted by how much of that it covers. */
function framed({ width, height, data }: RgbaImage): Pixels {
  const square = Math.min(width, height)
  const step = square / side.picture
  const stretches = (from: number, most: number) =>
    Array.from({ length: side.picture }, (_, place) => covered(from + place * step, step, most))
  const rows = stretches((height - square) / 2, height)
  const columns = stretches((width - square) / 2, width)
  const [paperRed, paperGreen, paperBlue] = paper
  const pixels = new Float32Array(side.picture ** 2 * 3)
  for (let y = 0; y < side.picture; y++)
    for (let x = 0; x < side.picture; x++) {
      const { first: top, shares: tall } = rows[y]
      const { first: left, shares: wide } = columns[x]
      let [red, green, blue] = [0, 0, 0]
      // Every pixel of a large picture comes by here: nothing is made for one.
      for (let row = 0; row < tall.length; row++)
        for (let column = 0; column < wide.length; column++) {
          const at = ((top + row) * width + left + column) * 4
          const opacity = data[at + 3] / 255
          const weight = (tall[row] * wide[column]) / (step * step)
          red += weight * (paperRed + opacity * (data[at] - paperRed))
          green += weight * (paperGreen + opacity * (data[at + 1] - paperGreen))
          blue += weight * (paperBlue + opacity * (data[at + 2] - paperBlue))
        }
      pixels.set([red, green, blue], (y * side.picture + x) * 3)
    }
  return pixels
}

/** The first of the whole pixels under a stretch, and how much of each, from there on, lies under it. */
interface Covered {
  readonly first: number
  readonly shares: Float64Array
}

function covered(from: number, length: number, most: number): Covered {
  const to = from + length
  const first = Math.floor(from)
  const shares = new Float64Array(Math.min(most, Math.ceil(to)) - first)
  for (let place = 0; place < shares.length; place++) {
    const index = first + place
    shares[place] = Math.min(to, index + 1) - Math.max(from, index)
  }
  return { first, shares }
}
