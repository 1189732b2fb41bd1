/**
 * Draws a scene: 48 x 48 pixels, in nine blocks of 16 x 16, one for each place. No two pictures of one scene are equal: paper,
 * colours, sizes and seats vary a little, as in photographs of drawings. Edges are smoothed by sampling each pixel nine times.
 */
import type { Random } from '../../lib/rng'
import type { Colour, Scene, Shape, Thing } from './scene'

/** Pixels a side of a picture, a block and a patch. */
export const side = { picture: 48, block: 16, patch: 8 } as const

/** Red, green and blue from 0 to 255, row by row: [y, x, channel]. */
export type Pixels = Float32Array

export const paper = [250, 248, 240] as const

export const inks: Readonly<Record<Colour, readonly [number, number, number]>> = {
  red: [220, 50, 47],
  yellow: [240, 200, 40],
  green: [60, 160, 70],
  blue: [45, 100, 210],
  purple: [150, 75, 180],
  black: [40, 40, 45],
}

/** How far a picture departs from the model drawing; all zero: the drawing itself. */
interface Variation {
  readonly scale: number
  readonly right: number
  readonly down: number
  /** Added to red, green and blue of the ink. */
  readonly tint: readonly number[]
}

const still: Variation = { scale: 1, right: 0, down: 0, tint: [0, 0, 0] }

/** A picture of the scene, unlike every other. */
export function paint(scene: Scene, draw: Random): Pixels {
  const between = (most: number) => (2 * draw.next() - 1) * most
  const lighter = between(5)
  const pixels = blankPixels(
    side.picture,
    paper.map((channel) => Math.min(255, channel + lighter)),
  )
  for (const thing of scene)
    paintThing(pixels, thing, {
      scale: 0.97 + between(0.06),
      right: between(0.5),
      down: between(0.5),
      tint: [between(14), between(14), between(14)],
    })
  return pixels
}

/** The scene as it would be drawn in a book: always the same. */
export function modelDrawing(scene: Scene): Pixels {
  const pixels = blankPixels(side.picture)
  for (const thing of scene) paintThing(pixels, thing, still)
  return pixels
}

/** Paper alone, so many pixels a side. */
export function blankPixels(pixelsPerSide: number, background: readonly number[] = paper): Pixels {
  const pixels = new Float32Array(pixelsPerSide ** 2 * 3)
  for (let at = 0; at < pixels.length; at++) pixels[at] = background[at % 3]
  return pixels
}

const samples = [1 / 6, 1 / 2, 5 / 6]

function paintThing(pixels: Pixels, { shape, colour, place }: Thing, variation: Variation): void {
  const { scale, right, down, tint } = variation
  const [left, top] = [(place % 3) * side.block, Math.floor(place / 3) * side.block]
  const radius = 7 * scale
  const centre = side.block / 2
  const ink = inks[colour].map((channel, index) => clamped(channel + tint[index]))
  for (let y = 0; y < side.block; y++)
    for (let x = 0; x < side.block; x++) {
      let hits = 0
      for (let sample = 0; sample < 9; sample++) {
        const beside = x + samples[sample % 3] - centre - right
        const below = y + samples[(sample / 3) | 0] - centre - down
        if (isInside(shape, beside / radius, below / radius)) hits++
      }
      if (hits === 0) continue
      const at = ((top + y) * side.picture + left + x) * 3
      for (let channel = 0; channel < 3; channel++)
        pixels[at + channel] += (hits / 9) * (ink[channel] - pixels[at + channel])
    }
}

const clamped = (channel: number): number => Math.min(255, Math.max(0, channel))

/**
 * Whether a point belongs to the shape, whose radius is 1; y grows downwards. Only sums, products and comparisons: every engine
 * paints the same picture, to the last bit.
 */
function isInside(shape: Shape, x: number, y: number): boolean {
  const distance = x * x + y * y
  switch (shape) {
    case 'circle':
      return distance < 1
    case 'square':
      return Math.abs(x) < 0.86 && Math.abs(y) < 0.86
    case 'triangle':
      return isWithin(triangle, x, y)
    case 'star':
      return isWithin(star, x, y)
    case 'ring':
      return distance < 1 && distance > 0.3
    case 'heart':
      return isInHeart(x * 1.15, 0.1 - y * 1.15)
  }
}

type Corners = readonly (readonly [x: number, y: number])[]

const triangle: Corners = [
  [0, -1],
  [1, 0.85],
  [-1, 0.85],
]

/** Points at a distance of 1 and notches at 0.42, in turn, from the top. */
const star: Corners = [
  [0, -1],
  [0.247, -0.34],
  [0.951, -0.309],
  [0.399, 0.13],
  [0.588, 0.809],
  [0, 0.42],
  [-0.588, 0.809],
  [-0.399, 0.13],
  [-0.951, -0.309],
  [-0.247, -0.34],
]

/** Whether a line from the point to the right crosses an odd number of the polygon's sides. */
function isWithin(corners: Corners, x: number, y: number): boolean {
  let inside = false
  let [bx, by] = corners[0]
  for (let index = corners.length - 1; index >= 0; index--) {
    const [ax, ay] = corners[index]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    bx = ax
    by = ay
  }
  return inside
}

/** The curve (x² + y² - 1)³ = x² y³. */
function isInHeart(x: number, y: number): boolean {
  const beyond = x * x + y * y - 1
  return beyond * beyond * beyond < x * x * y * y * y
}
