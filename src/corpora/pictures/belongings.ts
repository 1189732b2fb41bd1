/** Whose a thing is: belongings bind a look to a person, as facts bind a name to a word. */
import type { Random } from '../../lib/rng'
import type { Turn } from '../example'
import type { Relation } from '../facts'
import { names } from '../names'
import { pictureOf } from './patches'
import { type Colour, colours, places, type Shape, shapes, type Thing } from './scene'

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
