/**
 * What no single view tells: a picture shows what there is and in which colour, one note says what somebody chose of it, another for
 * whom. A text about a choice has some of these views, then the question and its answer.
 */
import type { Random } from '../../lib/rng'
import type { Turn } from '../example'
import { names } from '../names'
import { pictureOf } from './patches'
import { type Shape, sceneOfUnlikeShapes, shapes, type Thing } from './scene'

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
const giving = (name: string, recipient: string): string => `What ${name} chose is for ${recipient}.`
const asking = (name: string): string => `What did ${name} choose?`
const answering = (choice: Pick<Thing, 'shape' | 'colour'> & { readonly recipient: string }): string =>
  `The ${choice.shape}, a ${choice.colour} one, for ${choice.recipient}.`

/** @param others how likely either note tells of somebody else, too */
export function choiceOf(draw: Random, others = 0): Choice {
  const scene = sceneOfUnlikeShapes(draw)
  const thing = draw.pick(scene)
  const [name, recipient, other, another] = draw.shuffle(names)
  const chosen = [choosing(name, thing.shape)]
  const given = [giving(name, recipient)]
  if (draw.next() < others) chosen.push(choosing(other, draw.pick(shapes)))
  if (draw.next() < others) given.push(giving(other, another))
  return {
    views: [pictureOf(scene, draw), draw.shuffle(chosen).join(' '), draw.shuffle(given).join(' ')],
    question: asking(name),
    answer: answering({ ...thing, recipient }),
  }
}

/** How many of a choice's views a text has. */
const viewsSeen = [3, 3, 3, 3, 2, 2, 1, 1, 1, 0]
/** Of how many people a text tells: whose choice is meant is learned where there is more than one. */
const peopleSeen = [1, 2, 2, 3]

/**
 * What some people chose of one picture, with some of the views, so that a model learns to speak without the others, too, and without any;
 * then each is asked for.
 */
export function choiceTalk(draw: Random): Turn {
  const scene = sceneOfUnlikeShapes(draw)
  const people = draw.shuffle(names)
  const choices = Array.from({ length: draw.pick(peopleSeen) }, (_, index) => ({
    ...draw.pick(scene),
    name: people[2 * index],
    recipient: people[2 * index + 1],
  }))
  const [sees, ...tells] = seen(draw)
  const chosen = draw.shuffle(choices.map(({ name, shape }) => choosing(name, shape))).join(' ')
  const given = draw.shuffle(choices.map(({ name, recipient }) => giving(name, recipient))).join(' ')
  const notes = draw.shuffle([chosen, given].filter((_, index) => tells[index]))
  const asked = draw.shuffle(choices.map((choice) => `${asking(choice.name)} ${answering(choice)}`))
  // A picture comes first where there is one: it is given, all else is said.
  return { prompt: sees ? `${pictureOf(scene, draw)}\n` : '', completion: [...notes, ...asked].join('\n') }
}

/** How many people a text tells of that tells all twice. */
const peopleRetold = [2, 3, 4, 6]

/**
 * Who chose what, or for whom it is, told and then told again, each time in another order: there is nothing to it but to find what was
 * told of a name. Found among lines this short, it is found among longer ones, too.
 */
export function retellingTalk(draw: Random): Turn {
  const people = draw.shuffle(names)
  const told = Array.from({ length: draw.pick(peopleRetold) }, (_, index) => {
    const name = people[2 * index]
    const shape = draw.pick(shapes)
    return draw.next() < 2 / 3
      ? { list: `${name} ${shape}`, note: choosing(name, shape) }
      : { list: `${name} ${people[2 * index + 1]}`, note: giving(name, people[2 * index + 1]) }
  })
  const asNotes = () => draw.shuffle(told.map(({ note }) => note)).join(' ')
  const asList = () => `There: ${draw.shuffle(told.map(({ list }) => list)).join(', ')}.`
  const once = () => (draw.next() < 0.4 ? asNotes() : asList())
  return { prompt: '', completion: [once(), once(), once(), once()].join('\n') }
}

/** Which of the three views a text has. */
function seen(draw: Random): readonly boolean[] {
  const count = draw.pick(viewsSeen)
  return draw.shuffle([0, 1, 2]).map((rank) => rank < count)
}
