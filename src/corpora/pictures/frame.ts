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
  if (bytes === 0) throw new UnseenPicture('This file is empty. Choose a picture: PNG, JPEG or WebP.')
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
  const [left, top] = [(width - square) / 2, (height - square) / 2]
  const step = square / side.picture
  const pixels = new Float32Array(side.picture ** 2 * 3)
  for (let y = 0; y < side.picture; y++)
    for (let x = 0; x < side.picture; x++) {
      const rows = covered(top + y * step, step, height)
      const columns = covered(left + x * step, step, width)
      const mean = [0, 0, 0]
      for (const [row, tall] of rows)
        for (const [column, wide] of columns) {
          const at = (row * width + column) * 4
          const opacity = data[at + 3] / 255
          const weight = (tall * wide) / (step * step)
          for (let channel = 0; channel < 3; channel++)
            mean[channel] += weight * (paper[channel] + opacity * (data[at + channel] - paper[channel]))
        }
      pixels.set(mean, (y * side.picture + x) * 3)
    }
  return pixels
}

/** The whole pixels under a stretch, and how much of each lies under it. */
function covered(
  from: number,
  length: number,
  most: number,
): readonly (readonly [index: number, share: number])[] {
  const to = from + length
  const first = Math.floor(from)
  const count = Math.min(most, Math.ceil(to)) - first
  return Array.from({ length: count }, (_, place) => {
    const index = first + place
    return [index, Math.min(to, index + 1) - Math.max(from, index)] as const
  })
}
