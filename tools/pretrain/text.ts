/**
 * The text that a base model is pretrained on: stories of all domains, each from a town of its own, and documents of
 * facts with random bindings. A document is one line; the token stream puts `<|endoftext|>` between them.
 */
import { domains } from '../../src/corpora/domains/index'
import { factDocument } from '../../src/corpora/facts'
import { story, townOf } from '../../src/corpora/stories'
import { type Random, random } from '../../src/lib/rng'

export const kinds = [...domains, 'facts'] as const
export type Kind = (typeof kinds)[number]

/** One document of a kind. */
export function documentOf(kind: Kind, draw: Random): string {
  return kind === 'facts' ? factDocument(draw) : story(kind, townOf(kind, draw), draw)
}

/** Pretraining documents, by default without end; `factShare` of them are about facts (they are shorter than stories). */
export function* documents(
  seed: number,
  factShare: number,
  count = Number.POSITIVE_INFINITY,
): Generator<string> {
  const draw = random(seed, 'pretraining')
  for (let made = 0; made < count; made++)
    yield documentOf(draw.next() < factShare ? 'facts' : draw.pick(domains), draw)
}

/** Documents of one kind that training does not see, for its held-out loss. */
export function heldOutDocuments(seed: number, kind: Kind, count: number): string[] {
  const draw = random(seed, 'held out', kind)
  return Array.from({ length: count }, () => documentOf(kind, draw))
}
