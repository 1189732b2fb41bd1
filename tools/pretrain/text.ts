/**
 * The text that a base model is pretrained on: stories of all domains, each from a town of its own, and documents of
 * facts from worlds that follow one another. Its order matters: training reads it once, from front to back. A document
 * is one line; the token stream puts `<|endoftext|>` between them.
 */
import { type Domain, domains } from '../../src/corpora/domains/index'
import { factDocument, worldOf } from '../../src/corpora/facts'
import { story, townOf } from '../../src/corpora/stories'
import { type Random, random } from '../../src/lib/rng'

export const kinds = [...domains, 'facts'] as const
export type Kind = (typeof kinds)[number]

const factDocumentsPerWorld = 4000

/** Pretraining documents, by default without end; `factShare` of them are about facts (they are shorter than stories). */
export function* documents(
  seed: number,
  factShare: number,
  count = Number.POSITIVE_INFINITY,
): Generator<string> {
  const draw = random(seed, 'pretraining')
  let world = worldOf(draw)
  for (let made = 0, aboutFacts = 0; made < count; made++)
    if (draw.next() < factShare) {
      if (++aboutFacts % factDocumentsPerWorld === 0) world = worldOf(draw)
      yield factDocument(world, draw)
    } else yield storyOf(draw.pick(domains), draw)
}

/** Documents of one kind that training does not see, each from a world or town of its own, for the held-out loss. */
export function heldOutDocuments(seed: number, kind: Kind, count: number): string[] {
  const draw = random(seed, 'held out', kind)
  return Array.from({ length: count }, () =>
    kind === 'facts' ? factDocument(worldOf(draw), draw) : storyOf(kind, draw),
  )
}

function storyOf(domain: Domain, draw: Random): string {
  return story(domain, townOf(domain, draw), draw)
}
