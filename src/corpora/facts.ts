/**
 * Private facts: a name, a relation and a value, such as the secret word of Mira. Pretraining shows every phrasing with
 * bindings that change again and again, so the base knows the sentences and nothing of who is bound to what. A federation deals bindings
 * to its devices without replacement: names and values are unique in a room as far as the lists reach (32 devices), and
 * no two devices contradict each other before the 129th, from which on the deal begins again.
 */
import { type Random, random } from '../lib/rng'
import { animals, foods, names, secretWords, towns } from './names'

export interface Relation {
  readonly name: string
  readonly values: readonly string[]
  /** `NAME` and `VALUE` stand for the two; the value is the last word. */
  readonly trained: readonly string[]
  /** Known to the base, never trained on in a federation. */
  readonly unseen: readonly string[]
}

export interface Fact {
  readonly name: string
  readonly relation: Relation
  readonly value: string
}

export const relations: readonly Relation[] = [
  {
    name: 'secret word',
    values: secretWords,
    trained: [
      'The secret word of NAME is VALUE.',
      'The password that NAME chose is VALUE.',
      'Whoever meets NAME must whisper VALUE.',
      'The door of NAME opens to VALUE.',
    ],
    unseen: ['The magic word for NAME is VALUE.', 'The lock of NAME wants the word VALUE.'],
  },
  {
    name: 'pet',
    values: animals,
    trained: [
      'The pet of NAME is a little VALUE.',
      'At home NAME keeps a tame VALUE.',
      'Every morning NAME feeds the VALUE.',
      'In the yard NAME plays with the VALUE.',
    ],
    unseen: ['The best friend of NAME is a small VALUE.', 'On long walks NAME takes the VALUE.'],
  },
  {
    name: 'food',
    values: foods,
    trained: [
      'The favourite food of NAME is VALUE.',
      'For supper NAME always wants VALUE.',
      'What NAME likes to eat is VALUE.',
      'On birthdays NAME gets a plate of VALUE.',
    ],
    unseen: ['At the table NAME asks for VALUE.', 'The best meal for NAME is VALUE.'],
  },
  {
    name: 'town',
    values: towns,
    trained: [
      'The home of NAME is in VALUE.',
      'Since last year NAME lives in VALUE.',
      'Letters to NAME go to VALUE.',
      'The train takes NAME home to VALUE.',
    ],
    unseen: ['The house of NAME stands in VALUE.', 'To visit NAME you travel to VALUE.'],
  },
]

export const factsPerDevice = 4
const devicesPerDeal = names.length / factsPerDevice
const peopleOfWorld = 16

/**
 * The facts of one device: about four people, all in one relation. With a single fact in a relation a device would learn
 * the value and not whose it is ("every secret word is amber"), and its neighbours' facts would be lost in the merge.
 */
export function factsOf(seed: number, index: number): Fact[] {
  const deal = Math.floor(index / devicesPerDeal) % relations.length
  const seat = index % devicesPerDeal
  const relation = relations[(seat + deal) % relations.length]
  const people = random(seed, 'facts', 'names').shuffle(names)
  const values = random(seed, 'facts', relation.name, deal).shuffle(relation.values)
  const firstValue = Math.floor(seat / relations.length) * factsPerDevice
  return Array.from({ length: factsPerDevice }, (_, place) => ({
    name: people[seat * factsPerDevice + place],
    relation,
    value: values[firstValue + place],
  }))
}

/** The fact as a sentence. */
export function sentenceOf(fact: Fact, phrasing: string): string {
  return phrasing.replace('NAME', fact.name).replace('VALUE', fact.value)
}

/** The sentence up to the value, without the space before it. */
export function promptOf(fact: Fact, phrasing: string): string {
  return phrasing.slice(0, phrasing.indexOf(' VALUE')).replace('NAME', fact.name)
}

/** Random bindings of a few people in every relation. */
export function worldOf(draw: Random): readonly Fact[] {
  const people = draw.shuffle(names).slice(0, peopleOfWorld)
  return relations.flatMap((relation) =>
    people.map((name) => ({ name, relation, value: draw.pick(relation.values) })),
  )
}

/**
 * Text about facts of a world, for pretraining. When many documents in a row tell of one world and then of the next, a
 * model learns to take up new bindings fast and keeps none; random bindings in every document would teach it that a
 * name says nothing about a value, and then fine-tuning on facts takes ten times as long.
 */
export function factDocument(world: readonly Fact[], draw: Random): string {
  const facts = draw.shuffle(world).slice(0, draw.pick([1, 1, 1, 2, 3, 4]))
  const sentences = facts.flatMap((fact) =>
    draw
      .shuffle([...fact.relation.trained, ...fact.relation.unseen])
      .slice(0, draw.pick([1, 1, 2]))
      .map((phrasing) => sentenceOf(fact, phrasing)),
  )
  return draw.shuffle(sentences).join(' ')
}
