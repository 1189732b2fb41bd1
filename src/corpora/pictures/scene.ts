/**
 * What can be in a picture: up to five coloured shapes, each in one of nine places. A scene is what there is to know of a picture;
 * paint.ts draws it, captions.ts talks about it. Words of shapes and colours are one token each under the model that sees.
 */
import type { Random } from '../../lib/rng'

export const shapes = ['circle', 'square', 'triangle', 'star', 'ring', 'heart'] as const
export type Shape = (typeof shapes)[number]

export const colours = ['red', 'yellow', 'green', 'blue', 'purple', 'black'] as const
export type Colour = (typeof colours)[number]

/** From left to right, then from top to bottom. */
export const places = [
  ...['top left', 'top', 'top right'],
  ...['left', 'middle', 'right'],
  ...['bottom left', 'bottom', 'bottom right'],
] as const

export interface Thing {
  readonly shape: Shape
  readonly colour: Colour
  /** Index into `places`; no two things share one. */
  readonly place: number
}

/** In the order of their places. */
export type Scene = readonly Thing[]

/** How often a thing has the shape, and how often the colour, of the one before: else there would be nothing to count. */
const repeats = 0.3

/** How many things there may be in a scene. */
export const mostThings = 5

/** A scene of one to five things, or of at most so many. */
export function sceneOf(draw: Random, most = mostThings): Scene {
  const things: Thing[] = []
  const looks = () => {
    const last = things.at(-1)
    const shape = last && draw.next() < repeats ? last.shape : draw.pick(shapes)
    const colour = last && draw.next() < repeats ? last.colour : draw.pick(colours)
    return { shape, colour }
  }
  const count = draw.pick([1, 2, 3, 3, 4, 4, 5].map((each) => Math.min(each, most)))
  for (const place of somePlaces(count, draw)) things.push({ ...looks(), place })
  return inOrder(things)
}

/** A scene of two to four things, no two of one shape: each can be named by its shape. */
export function sceneOfUnlikeShapes(draw: Random): Scene {
  const count = draw.pick([2, 3, 3, 4])
  const each = draw.shuffle(shapes).slice(0, count)
  const at = somePlaces(count, draw)
  return inOrder(each.map((shape, index) => ({ shape, colour: draw.pick(colours), place: at[index] })))
}

const somePlaces = (count: number, draw: Random): number[] =>
  draw.shuffle(places.map((_, place) => place)).slice(0, count)

const inOrder = (things: readonly Thing[]): Scene => [...things].sort((a, b) => a.place - b.place)
