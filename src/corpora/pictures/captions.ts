/**
 * What can be said and asked of a picture. A text about a picture begins with its words (patches.ts) and a new line, then come
 * lines that are true of it, then one question and its answer, which ends it. What takes more than a picture: choices.ts.
 */
import type { Random } from '../../lib/rng'
import type { Turn } from '../example'
import { pictureOf } from './patches'
import {
  type Colour,
  colours,
  mostThings,
  places,
  type Scene,
  type Shape,
  sceneOf,
  shapes,
  type Thing,
} from './scene'

/** A line that is true of a scene, and the question that it answers. `about` says which ability it takes. */
export interface Saying {
  readonly about: 'colour' | 'shape' | 'place' | 'there' | 'count'
  readonly question: string
  readonly answer: string
  readonly line: string
}

const countWords = ['none', 'one', 'two', 'three', 'four', 'five']

const at = (place: number): string => `${places[place] === 'middle' ? 'in' : 'at'} the ${places[place]}`
const nameOf = ({ colour, shape }: Thing): string => `${colour} ${shape}`
const capital = (text: string): string => text[0].toUpperCase() + text.slice(1)
const only = (things: readonly Thing[]): Thing | null => (things.length === 1 ? things[0] : null)

/** Something true of the scene, drawn; null where what was drawn cannot be said of it without doubt. */
export function sayingOf(scene: Scene, about: Saying['about'], draw: Random): Saying | null {
  const thing = draw.pick(scene)
  const alike = (one: Partial<Thing>) =>
    scene.filter(({ shape, colour }) => shape === (one.shape ?? shape) && colour === (one.colour ?? colour))
  switch (about) {
    case 'colour':
      return only(alike({ shape: thing.shape })) && colourSaying(thing)
    case 'shape':
      return only(alike({ colour: thing.colour })) && shapeSaying(thing)
    case 'place':
      return placeSaying(thing, alike)
    case 'there':
      return thereSaying(scene, draw)
    case 'count':
      return countSaying(scene, alike, draw)
  }
}

const colourSaying = ({ shape, colour }: Thing): Saying => ({
  about: 'colour',
  question: `Which colour is the ${shape}?`,
  answer: `It is ${colour}.`,
  line: `The ${shape} is ${colour}.`,
})

const shapeSaying = ({ shape, colour }: Thing): Saying => ({
  about: 'shape',
  question: `Which shape is the ${colour} thing?`,
  answer: `It is a ${shape}.`,
  line: `The ${colour} thing is a ${shape}.`,
})

type Alike = (one: Partial<Thing>) => readonly Thing[]

function placeSaying(thing: Thing, alike: Alike): Saying | null {
  const { shape, colour, place } = thing
  const name = only(alike({ shape })) ? shape : only(alike({ shape, colour })) ? nameOf(thing) : null
  if (name === null) return null
  const where = at(place)
  return {
    about: 'place',
    question: `Where is the ${name}?`,
    answer: `It is ${where}.`,
    line: `The ${name} is ${where}.`,
  }
}

function thereSaying(scene: Scene, draw: Random): Saying {
  const found = draw.next() < 0.7 ? draw.pick(scene) : null
  const place = found?.place ?? draw.int(places.length)
  const thing = scene.find((one) => one.place === place)
  const what = thing ? `a ${nameOf(thing)}` : 'nothing'
  return {
    about: 'there',
    question: `What is ${at(place)}?`,
    answer: `It is ${what}.`,
    line: `${capital(at(place))} is ${what}.`,
  }
}

function countSaying(scene: Scene, alike: Alike, draw: Random): Saying {
  const near = draw.pick(scene)
  const counted: { readonly of: Partial<Thing>; readonly name: (many: boolean) => string } = draw.pick([
    { of: {}, name: (many) => (many ? 'things' : 'thing') },
    ofShape(draw.next() < 0.7 ? near.shape : draw.pick(shapes)),
    ofColour(draw.next() < 0.7 ? near.colour : draw.pick(colours)),
  ])
  const count = alike(counted.of).length
  const verb = count === 1 ? 'is' : 'are'
  return {
    about: 'count',
    question: `How many ${counted.name(true)} are there?`,
    answer: `There ${verb} ${countWords[count]}.`,
    line: `There ${verb} ${count === 0 ? 'no' : countWords[count]} ${counted.name(count !== 1)}.`,
  }
}

const ofShape = (shape: Shape) => ({ of: { shape }, name: (many: boolean) => (many ? `${shape}s` : shape) })
const ofColour = (colour: Colour) => ({
  of: { colour },
  name: (many: boolean) => `${colour} ${many ? 'things' : 'thing'}`,
})

/** What each ability is worth in a text: a shape is what each naming tells; where it is, and in which colour, takes longest to learn. */
const drawnAbilities: readonly Saying['about'][] = [
  ...(['colour', 'colour', 'colour', 'shape', 'place', 'place', 'place', 'place'] as const),
  ...(['there', 'there', 'count', 'count'] as const),
]
export const abilities = [...new Set(drawnAbilities)]

/** All that is in a scene, thing by thing, in one line. */
export function captionOf(scene: Scene): string {
  const things = scene.map((thing) => `a ${nameOf(thing)} ${at(thing.place)}`)
  return `${capital(things.join(', '))}.`
}

type Side = 'shape' | 'colour' | 'place'
const wholeOrders: readonly (readonly Side[])[] = [
  ['shape', 'colour', 'place'],
  ['shape', 'place', 'colour'],
  ['place', 'shape', 'colour'],
  ['place', 'colour', 'shape'],
]
/** What is asked without a word between: where a thing is takes longest to learn. */
const orders: readonly (readonly Side[])[] = [
  ...wholeOrders,
  ...([
    ['shape', 'place'],
    ['shape', 'place'],
    ['colour', 'place'],
    ['shape', 'colour'],
  ] as const),
]

/**
 * All that is in a scene as a list: of every thing two or three of its shape, its colour and its place, in one order for all things, which
 * come in any. What is asked later with more words about it (which colour has this shape, what is at this place) is asked here without any.
 */
function inventoryOf(scene: Scene, draw: Random, of = orders): string {
  const order = draw.pick(of)
  const each = draw.shuffle(scene).map((thing) => {
    const said = { ...thing, place: places[thing.place] }
    return order.map((side) => said[side]).join(' ')
  })
  return `There: ${each.join(', ')}.`
}

/** How many things are said of a picture after its naming. */
const sayings = [2, 4, 6, 8]

/**
 * A text about a picture. Nearly all begin with the picture: all that is in it is named or listed, or is not, then much is said and asked
 * of it, and a question with its answer comes last. Of a few the picture comes behind the naming: it is drawn.
 * @param most so many things are in it at most
 */
export function pictureTalk(draw: Random, most = mostThings): Turn {
  const scene = sceneOf(draw, most)
  const picture = pictureOf(scene, draw)
  if (draw.next() < 0.1) return { prompt: `${captionOf(scene)}\n`, completion: picture }
  const said = (): Saying => sayingOf(scene, draw.pick(drawnAbilities), draw) ?? said()
  const asked = ({ question, answer }: Saying) => `${question} ${answer}`
  const lines = Array.from({ length: draw.pick(sayings) }, () => {
    const saying = said()
    return draw.next() < 0.5 ? saying.line : asked(saying)
  })
  const first = draw.pick(['named', 'listed', 'listed', 'neither'] as const)
  const all =
    first === 'named'
      ? [captionOf(draw.shuffle(scene))]
      : first === 'listed'
        ? [inventoryOf(scene, draw), inventoryOf(scene, draw)]
        : []
  return { prompt: `${picture}\n`, completion: [...all, ...new Set(lines), asked(said())].join('\n') }
}

/**
 * What could be a picture's text, in words alone: all that there is as a list, then much is said and asked of it, and listed again. To
 * look for the thing that is meant is the same there, since picture words are made of the words for them, and every word of it tells.
 */
export function listTalk(draw: Random, most = mostThings): Turn {
  const scene = sceneOf(draw, most)
  const said = (): Saying => sayingOf(scene, draw.pick(drawnAbilities), draw) ?? said()
  const lines = Array.from({ length: 4 }, () => {
    const { question, answer, line } = said()
    return draw.next() < 0.5 ? line : `${question} ${answer}`
  })
  const again = Array.from({ length: 3 }, () => inventoryOf(scene, draw))
  return {
    prompt: '',
    completion: [inventoryOf(scene, draw, wholeOrders), ...draw.shuffle([...again, ...new Set(lines)])].join(
      '\n',
    ),
  }
}

/** A picture question: what its answer is, and how it is asked. */
export function pictureQuestion(about: Saying['about'], draw: Random): { picture: string } & Saying {
  const scene = sceneOf(draw)
  const saying = sayingOf(scene, about, draw)
  return saying ? { picture: pictureOf(scene, draw), ...saying } : pictureQuestion(about, draw)
}

/** Words that are one token each, so that what is seen is right or wrong by one. */
export const pictureVocabulary: readonly string[] = [
  ...shapes.flatMap((shape) => [shape, `${shape}s`]),
  ...colours,
  ...countWords,
  ...['top', 'left', 'right', 'bottom', 'middle', 'nothing'],
]
