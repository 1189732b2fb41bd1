/**
 * Pictures as words. A picture of any size is brought to 48 x 48 pixels, and these to nine blocks. A block in which there is something is a
 * word for its place and four for its patches of 8 x 8; blank ones are left out. A patch is called after the one it is most like, of
 * 145: blank paper, and the four quarters of every shape in every colour (vector quantisation with a codebook that is drawn, not
 * learned: every tab draws the same). What a model sees is those few words, in the one vocabulary that it has for text, too; of a photograph
 * little is left.
 *
 * Source: discrete image tokens beside text in one sequence, as in DALL-E (Ramesh et al., 2021).
 */
import type { Random } from '../../lib/rng'
import { blankPixels, modelDrawing, type Pixels, paint, side } from './paint'
import { type Colour, colours, places, type Scene, type Shape, shapes } from './scene'

const quarters = 4

/** How many words a picture has at most. */
export const mostWordsPerPicture = places.length * (1 + quarters)

/** Blank paper is patch 0; then quarter by quarter, colour by colour, shape by shape. */
const patchCount = 1 + shapes.length * colours.length * quarters

const placeWord = (place: number): string => `<place ${place + 1}>`
const patchWord = (patch: number): string => `<patch ${patch}>`

/** All words that pictures are made of; each is one token of a model that sees. */
export const pictureWords: readonly string[] = [
  ...places.map((_, place) => placeWord(place)),
  ...Array.from({ length: patchCount }, (_, patch) => patchWord(patch)),
]

/**
 * What there is to say of each of `pictureWords`: the plain words for it, and what else it has in common with others (which quarter of a
 * shape it shows, or that it is a place).
 */
export const wordsOfPictureWords: readonly { readonly words: readonly string[]; readonly mark: string }[] = [
  ...places.map((place) => ({ words: place.split(' '), mark: 'place' })),
  { words: ['nothing'], mark: 'blank' },
  ...shapes.flatMap((shape) =>
    colours.flatMap((colour) =>
      Array.from({ length: quarters }, (_, quarter) => ({
        words: [shape, colour],
        mark: `quarter ${quarter}`,
      })),
    ),
  ),
]

/** A picture of a scene, as words. */
export const pictureOf = (scene: Scene, draw: Random): string => wordsOf(paint(scene, draw))

/** A scene as words, as it would be drawn in a book: nothing in it is taken for something else. */
export const drawingOf = (scene: Scene): string => wordsOf(modelDrawing(scene))

/** A picture's words, without spaces between them; of blank paper its first place. */
export function wordsOf(pixels: Pixels): string {
  const blocks = places.map((_, place) =>
    Array.from({ length: quarters }, (_, quarter) => nearest(patchAt(pixels, place, quarter))),
  )
  const isBlank = blocks.every((patches) => patches.every((patch) => patch === 0))
  return blocks
    .map((patches, place) =>
      patches.some((patch) => patch > 0) || (isBlank && place === 0)
        ? placeWord(place) + patches.map(patchWord).join('')
        : '',
    )
    .join('')
}

interface Block {
  readonly place: number
  readonly patches: readonly number[]
}

const blockWords = /<place (\d)>((?:<patch \d+>){4})/g

/** The blocks that words stand for; null where the text is not one picture's words, in the order of their places. */
function blocksOf(words: string): readonly Block[] | null {
  const blocks = [...words.matchAll(blockWords)].map(
    ([, place, patches]): Block => ({
      place: Number(place) - 1,
      patches: [...patches.matchAll(/\d+/g)].map(Number),
    }),
  )
  const isInOrder = blocks.every(
    ({ place }, at) => place > (blocks[at - 1]?.place ?? -1) && place < places.length,
  )
  const isKnown = blocks.every(({ patches }) => patches.every((patch) => patch < patchCount))
  const said = blocks.map(({ place, patches }) => placeWord(place) + patches.map(patchWord).join('')).join('')
  return blocks.length > 0 && isInOrder && isKnown && said === words ? blocks : null
}

/** The pixels that words stand for, to be looked at; null where the text is not one picture's words. */
export function pixelsOf(words: string): Pixels | null {
  const blocks = blocksOf(words)
  if (!blocks) return null
  const pixels = blankPixels(side.picture)
  for (const { place, patches } of blocks)
    for (const [quarter, patch] of patches.entries()) {
      const first = startOf(place, quarter)
      for (const [within, channel] of codebook()[patch].entries()) pixels[first + offsetOf(within)] = channel
    }
  return pixels
}

let drawn: readonly Float32Array[] | null = null

/** What each patch looks like, [y, x, channel] of 8 x 8 pixels. */
function codebook(): readonly Float32Array[] {
  if (drawn) return drawn
  const blank = blankPixels(side.patch)
  const ofThings = shapes.flatMap((shape) =>
    colours.flatMap((colour) => {
      const pixels = modelDrawing([{ shape, colour, place: 0 }])
      return Array.from({ length: quarters }, (_, quarter) => patchAt(pixels, 0, quarter))
    }),
  )
  drawn = [blank, ...ofThings]
  return drawn
}

function patchAt(pixels: Pixels, place: number, quarter: number): Float32Array {
  const patch = new Float32Array(side.patch ** 2 * 3)
  const first = startOf(place, quarter)
  for (let within = 0; within < patch.length; within++) patch[within] = pixels[first + offsetOf(within)]
  return patch
}

/** Index of a patch's first channel in a picture. */
function startOf(place: number, quarter: number): number {
  const left = (place % 3) * side.block + (quarter % 2) * side.patch
  const top = Math.floor(place / 3) * side.block + Math.floor(quarter / 2) * side.patch
  return (top * side.picture + left) * 3
}

/** How far a channel of a patch lies behind its first in a picture. */
const offsetOf = (within: number): number =>
  Math.floor(within / (side.patch * 3)) * side.picture * 3 + (within % (side.patch * 3))

/** The patch that differs least, by the sum of squares; of equals the first. */
function nearest(patch: Float32Array): number {
  const candidates = codebook()
  let best = 0
  let least = Number.POSITIVE_INFINITY
  for (let index = 0; index < candidates.length; index++) {
    const candidate = candidates[index]
    let distance = 0
    for (let at = 0; at < patch.length && distance < least; at++) {
      const difference = patch[at] - candidate[at]
      distance += difference * difference
    }
    if (distance < least) {
      best = index
      least = distance
    }
  }
  return best
}

/** What most of a place's patches are of. */
export interface Glimpse {
  readonly shape: Shape
  readonly colour: Colour
  readonly place: number
}

/** What can be made out in a picture's words, place by place; empty where the text is not one picture's words. */
export function glimpsesOf(words: string): readonly Glimpse[] {
  return (blocksOf(words) ?? []).flatMap(({ place, patches }) => {
    const looks = patches.filter((patch) => patch > 0).map((patch) => Math.floor((patch - 1) / quarters))
    const often = (look: number) => looks.filter((other) => other === look).length
    const [look] = [...looks].sort((one, other) => often(other) - often(one))
    if (look === undefined || looks.length < 2) return []
    return [
      { shape: shapes[Math.floor(look / colours.length)], colour: colours[look % colours.length], place },
    ]
  })
}

/** A text cut at its pictures: what is one picture's words, and what stands between. */
export const cutAtPictures = (text: string): readonly string[] =>
  text.split(/((?:<place \d>(?:<patch \d+>){4})+)/).filter((part) => part !== '')

/** Whether there is a picture in a text. */
export const hasPicture = (text: string): boolean =>
  cutAtPictures(text).some((part) => pixelsOf(part) !== null)
