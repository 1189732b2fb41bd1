/**
 * The private text of one device. A share depends on the corpus, the room's seed and the index that the coordinator gave
 * the device, never on how many devices there are, so anybody who knows the seed can rebuild anybody's share.
 *
 * `facts`: four facts that nobody else has, 16 sentences to train on and 8 other wordings kept back. A domain: about 300
 * sentences (60 paragraphs) about the room's town, and 8 paragraphs kept back. `mixed`: the facts, and 24 paragraphs whose
 * domains follow from the partition. `things`, for a model that sees: every other device holds pictures of things and whose they are, the
 * next facts about these people; nobody holds both. No kept-back sentence is in any device's training text.
 */
import { random } from '../lib/rng'
import { type Domain, domains } from './domains/index'
import type { Example, Partition, Probe, Share } from './example'
import { type Fact, factsOf, factsPerDevice, promptOf, sentenceOf } from './facts'
import { storiesByDomain } from './partition'
import { belonging, belongingsOf, portraitOf } from './pictures/belongings'
import { places } from './pictures/scene'
import { sidesOf } from './split'
import { story, townOfRoom } from './stories'

export type { Domain } from './domains/index'
export { domains } from './domains/index'

export type CorpusName = 'facts' | 'mixed' | 'things' | Domain
export const corpusNames: readonly CorpusName[] = ['facts', 'mixed', 'things', ...domains]

/** Whether a text speaks of pictures, so that only a model that sees can learn from it. */
export const hasPictures = (corpus: string | null): boolean => corpus === 'things'

export interface ShareRequest {
  readonly corpus: CorpusName
  /** Used by `mixed`; the other corpora say themselves what everybody holds. */
  readonly partition: Partition
  /** The room's seed. */
  readonly seed: number
  /** The device's index, from 0. */
  readonly index: number
}

const trainedStories = { domain: 60, mixed: 24 }
const heldOutStories = { domain: 8, mixed: 6 }

export function shareOf({ corpus, partition, seed, index }: ShareRequest): Share {
  if (corpus === 'facts') return factsShare(seed, index)
  if (corpus === 'things') return index % 2 === 0 ? thingsShare(seed, index) : factsShare(seed, index)
  if (corpus !== 'mixed')
    return storyShare(
      seed,
      index,
      (total) => domains.map((domain) => (domain === corpus ? total : 0)),
      'domain',
    )
  const facts = factsShare(seed, index)
  const stories = storyShare(seed, index, (total) => storiesByDomain(partition, seed, index, total), 'mixed')
  return {
    train: [...facts.train, ...stories.train],
    heldOut: [...facts.heldOut, ...stories.heldOut],
    probes: facts.probes,
  }
}

/**
 * Four facts: trained in four phrasings each, kept back in two, asked in all six. The loss counts what is to be learned,
 * the value: counting the phrasing too would teach the four wordings by heart and make every other one unlikely.
 */
function factsShare(seed: number, index: number): Share {
  const facts = factsOf(seed, index)
  const sentences = (side: 'trained' | 'unseen') =>
    facts.flatMap((fact) => fact.relation[side].map((phrasing) => exampleOf(fact, phrasing)))
  const probes = (side: 'trained' | 'unseen') =>
    facts.flatMap((fact) => fact.relation[side].map((phrasing) => probeOf(fact, phrasing, side)))
  return {
    train: sentences('trained'),
    heldOut: sentences('unseen'),
    probes: [...probes('trained'), ...probes('unseen')],
  }
}

function exampleOf(fact: Fact, phrasing: string): Example {
  const prompt = promptOf(fact, phrasing)
  return { prompt, completion: sentenceOf(fact, phrasing).slice(prompt.length) }
}

function probeOf(fact: Fact, sentence: string, phrasing: Probe['phrasing']): Probe {
  return { prompt: promptOf(fact, sentence), answer: ` ${fact.value}`, phrasing }
}

/** So many pictures of a thing are trained on in each wording, and in so many places is it shown there. */
const shown = { pictures: 3, places: 6 }

/**
 * Four things by their looks, and whose they are: the people of whom the next device holds facts. What is kept back or asked shows a thing
 * in places where training never shows it. Looks are unique in a room for 18 devices; from then on they are dealt again.
 */
function thingsShare(seed: number, index: number): Share {
  const looks = belongingsOf(random(seed, 'looks'))
  const draw = random(seed, 'pictures of things', index)
  const things = factsOf(seed, index + 1).map(({ name }, place) => ({
    ...looks[((index / 2) * factsPerDevice + place) % looks.length],
    owner: name,
    seats: draw.shuffle(places.map((_, seat) => seat)),
  }))
  const each = <Made>(
    side: 'trained' | 'unseen',
    seatsOf: (seats: readonly number[]) => readonly number[],
    make: (prompt: string, answer: string) => Made,
  ) =>
    things.flatMap(({ owner, seats, ...look }) =>
      belonging[side].map((phrasing) => {
        const [before] = phrasing.split(' VALUE')
        return make(`${portraitOf(look, draw, seatsOf(seats))}\n${before}`, ` ${owner}`)
      }),
    )
  const trained = (seats: readonly number[]) => seats.slice(0, shown.places)
  const elsewhere = (seats: readonly number[]) => seats.slice(shown.places)
  const example = (prompt: string, answer: string): Example => ({ prompt, completion: `${answer}.` })
  const probes = (side: 'trained' | 'unseen') =>
    each(side, elsewhere, (prompt, answer): Probe => ({ prompt, answer, phrasing: side }))
  return {
    train: Array.from({ length: shown.pictures }, () => each('trained', trained, example)).flat(),
    heldOut: each('unseen', elsewhere, example),
    probes: [...probes('trained'), ...probes('unseen')],
  }
}

/** Paragraphs about the room's towns; `counts` says how many of a total fall to each domain. */
function storyShare(
  seed: number,
  index: number,
  counts: (total: number) => readonly number[],
  size: 'domain' | 'mixed',
): Share {
  const sides = sidesOf(seed)
  const stories = (side: 'trained' | 'heldOut', total: number) =>
    counts(total).flatMap((count, place) => {
      const domain = domains[place]
      const town = townOfRoom(domain, seed)
      const draw = random(seed, 'stories', side, domain, index)
      return Array.from({ length: count }, () => plain(story(domain, town, draw, sides[side])))
    })
  return {
    train: stories('trained', trainedStories[size]),
    heldOut: stories('heldOut', heldOutStories[size]),
    probes: [],
  }
}

function plain(text: string): Example {
  return { prompt: '', completion: text }
}
