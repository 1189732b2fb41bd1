/**
 * What no single view tells: a picture shows what there is and in which colour, one note says what somebody chose of it, another for
 * whom. A text about a choice has some of these views, then the question and its answer.
 */
import type { Random } from '../../lib/rng'
import type { Turn } from '../example'
import { names } from '../names'
import { pictureOf } from './patches'
import { type Shape, sceneOfUnlikeShapes, shapes } from './scene'

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

/** To tell whose choice is meant is learned where there is more than one. */
const othersRead = 0.7

/** How many of a choice's views a text has. */
const viewsSeen = [3, 3, 3, 3, 2, 2, 1, 1, 1, 0]

/** A choice with some of its views, so that a model learns to speak without the others, too, and without any. */
export function choiceTalk(draw: Random): Turn {
  const { views, question, answer } = choiceOf(draw, othersRead)
  const [picture] = views
  const seen = draw.shuffle(views).slice(0, draw.pick(viewsSeen))
  // A picture comes first where there is one: it is given, all else is said.
  const notes = seen.filter((view) => view !== picture)
  return {
    prompt: seen.includes(picture) ? `${picture}\n` : '',
    completion: [...notes, `${question} ${answer}`].join('\n'),
  }
}
