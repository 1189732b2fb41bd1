/**
 * What can be said and asked of a picture. A text about a picture begins with its words (patches.ts) and a new line, then come
 * lines that are true of it, then one question and its answer, which ends it. Choices are about what no single view tells: a
 * picture shows what there is and in which colour, one note says what somebody chose of it, another for whom. Belongings bind a look
 * to a person, as facts bind a name to a word.
 */
import type { Random } from '../../lib/rng'
import type { Turn } from '../example'
import type { Relation } from '../facts'
import { names } from '../names'
import { pictureOf } from './patches'
import {
  type Colour,
  colours,
  mostThings,
  places,
  type Scene,
  type Shape,
  sceneOf,
  sceneOfUnlikeShapes,
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

const orders = [
  ['shape', 'colour', 'place'],
  ['shape', 'place', 'colour'],
  ['place', 'shape', 'colour'],
  ['place', 'colour', 'shape'],
] as const

/**
 * All that is in a scene as a list: of every thing its shape, its colour and its place, in one order for all things, which come in any.
 * What is asked later with more words about it (which colour has this shape, what is at this place) is asked here without any.
 */
function inventoryOf(scene: Scene, draw: Random): string {
  const order = draw.pick(orders)
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
        ? [inventoryOf(scene, draw)]
        : []
  return { prompt: `${picture}\n`, completion: [...all, ...new Set(lines), asked(said())].join('\n') }
}

/** A picture question: what its answer is, and how it is asked. */
export function pictureQuestion(about: Saying['about'], draw: Random): { picture: string } & Saying {
  const scene = sceneOf(draw)
  const saying = sayingOf(scene, about, draw)
  return saying ? { picture: pictureOf(scene, draw), ...saying } : pictureQuestion(about, draw)
}

/** A question that takes three views to answer, and the views. */
export interface Choice {
  /** Picture, note of what was chosen, note for whom; each without the others. */
  readonly views: readonly [picture: string, chosen: string, recipient: string]
  readonly question: string
  /** Of the shape the second view knows, of the colour the first, of the name the third. */
  readonly answer: string
}

/** The name does not come first: within a line it is one token, at a line's beginning it is two. */
const choosing = (name: string, shape: Shape): string => `Today ${name} chose the ${shape}.`

/** @param others how likely either note tells of somebody else, too */
export function choiceOf(draw: Random, others = 0.3): Choice {
  const scene = sceneOfUnlikeShapes(draw)
  const { shape, colour } = draw.pick(scene)
  const [name, recipient, other, another] = draw.shuffle(names)
  const chosen = [choosing(name, shape)]
  const given = [`What ${name} chose is for ${recipient}.`]
  if (draw.next() < others) chosen.push(choosing(other, draw.pick(shapes)))
  if (draw.next() < others) given.push(`What ${other} chose is for ${another}.`)
  return {
    views: [pictureOf(scene, draw), draw.shuffle(chosen).join(' '), draw.shuffle(given).join(' ')],
    question: `What did ${name} choose?`,
    answer: `The ${shape}, a ${colour} one, for ${recipient}.`,
  }
}

/** How many of a choice's views a text has. */
const viewsSeen = [3, 3, 3, 3, 2, 2, 1, 1, 1, 0]

/** A choice with some of its views, so that a model learns to speak without the others, too, and without any. */
export function choiceTalk(draw: Random): Turn {
  const { views, question, answer } = choiceOf(draw, 0.7)
  const [picture] = views
  const seen = draw.shuffle(views).slice(0, draw.pick(viewsSeen))
  // A picture comes first where there is one: it is given, all else is said.
  const notes = seen.filter((view) => view !== picture)
  return {
    prompt: seen.includes(picture) ? `${picture}\n` : '',
    completion: [...notes, `${question} ${answer}`].join('\n'),
  }
}

/** Whose a thing is, by its look. */
export interface Belonging {
  readonly shape: Shape
  readonly colour: Colour
  readonly owner: string
}

/** All looks, each with somebody; drawn anew they are another world. */
export function belongingsOf(draw: Random): readonly Belonging[] {
  const people = draw.shuffle(names)
  return draw
    .shuffle(shapes.flatMap((shape) => colours.map((colour) => ({ shape, colour }))))
    .map((look, index) => ({ ...look, owner: people[index] }))
}

/** How a belonging is said; the owner is the last word, `VALUE`. As with facts, some wordings are kept back. */
export const belonging: Pick<Relation, 'trained' | 'unseen'> = {
  trained: [
    'This belongs to VALUE.',
    'The owner of this is VALUE.',
    'It was lost by VALUE.',
    'Please bring this to VALUE.',
  ],
  unseen: ['This thing is kept by VALUE.', 'Whose is this? It is for VALUE.'],
}

/** A picture of the thing alone, in one of these places. */
export const portraitOf = (
  { shape, colour }: Pick<Thing, 'shape' | 'colour'>,
  draw: Random,
  at: readonly number[] = places.map((_, place) => place),
): string => pictureOf([{ shape, colour, place: draw.pick(at) }], draw)

export function belongingTalk(world: readonly Belonging[], draw: Random): Turn {
  const one = draw.pick(world)
  const phrasing = draw.pick([...belonging.trained, ...belonging.unseen])
  return { prompt: `${portraitOf(one, draw)}\n`, completion: phrasing.replace('VALUE', one.owner) }
}

/** Words that are one token each, so that what is seen is right or wrong by one. */
export const pictureVocabulary: readonly string[] = [
  ...shapes.flatMap((shape) => [shape, `${shape}s`]),
  ...colours,
  ...countWords,
  ...['top', 'left', 'right', 'bottom', 'middle', 'nothing'],
]
