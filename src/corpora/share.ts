/**
 * The private text of one device. A share depends on the corpus, the room's seed and the index that the coordinator gave
 * the device, never on how many devices there are, so anybody who knows the seed can rebuild anybody's share.
 *
 * `facts`: four facts that nobody else has, 16 sentences to train on and 8 other wordings kept back. A domain: about 300
 * sentences (60 paragraphs) about the room's town, and 8 paragraphs kept back. `mixed`: the facts, and 24 paragraphs whose
 * domains follow from the partition. No kept-back sentence is in any device's training text.
 */
import { random } from '../lib/rng'
import { type Domain, domains } from './domains/index'
import type { Example, Partition, Probe, Share } from './example'
import { type Fact, factsOf, promptOf, sentenceOf } from './facts'
import { storiesByDomain } from './partition'
import { sidesOf } from './split'
import { story, townOfRoom } from './stories'

export type { Domain } from './domains/index'
export { domains } from './domains/index'

export type CorpusName = 'facts' | 'mixed' | Domain
export const corpusNames: readonly CorpusName[] = ['facts', 'mixed', ...domains]

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
