/**
 * The world of the base models that ship: the public text that they are pretrained on, and what can be made of it later.
 * Pretraining reads stories of all domains, each from a town of its own, and documents of facts from worlds that follow one
 * another; its order matters, it is read once, from front to back. The general text is never read by anybody: it measures
 * what a model still knows of this world after it was tuned on something else (`loss.general`). Rehearsal is what devices
 * read of it again beside their own text, so that they do not forget it; each draws its own, from towns and worlds of its own.
 */
import { type Random, random } from '../lib/rng'
import { type Domain, domains } from './domains/index'
import type { Example } from './example'
import { factDocument, factsOf, worldOf } from './facts'
import { story, townOf } from './stories'

export const kinds = [...domains, 'facts'] as const
export type Kind = (typeof kinds)[number]

/** What each base read: from which seed, and which share of its documents is about facts (they are shorter than stories). */
export const bases = {
  toy: { seed: 1, factShare: 0.75 },
  seedling: { seed: 2, factShare: 0.7 },
} as const

export type BaseName = keyof typeof bases

/** Whether this is the name of a model whose world is known. */
export const isBase = (model: string): model is BaseName => Object.hasOwn(bases, model)

/** The base that a model is, by its name in a page or its directory in this repository; null: another model, of another world. */
export function baseNamed(model: string): BaseName | null {
  const name = /(?:^|\/models\/)(\w+)$/.exec(model)?.[1] ?? ''
  return isBase(name) ? name : null
}

/** Any model of this world goes on with a sentence, before it is tuned and after. */
export const everydayPrompt = 'The nurse put the'

const factDocumentsPerWorld = 4000

/** Pretraining documents, by default without end. */
export function* documents(base: BaseName, count = Number.POSITIVE_INFINITY): Generator<string> {
  const { seed, factShare } = bases[base]
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
  return Array.from({ length: count }, () => documentOf(kind, draw))
}

/** Of each kind as many documents as make about 1,500 tokens, so that no kind outweighs another: 10,000 and more in all. */
const generalDocuments = { story: 18, facts: 80 }

const writtenGeneral = new Map<BaseName, readonly Example[]>()

/** The general text of a base: the first of its held-out documents of every kind. */
export function generalText(base: BaseName): readonly Example[] {
  const ofKind = (kind: Kind) =>
    heldOutDocuments(bases[base].seed, kind, generalDocuments[kind === 'facts' ? 'facts' : 'story'])
  const text = writtenGeneral.get(base) ?? kinds.flatMap(ofKind).map(plain)
  writtenGeneral.set(base, text)
  return text
}

/** The texts of the general text, of all kinds in turn: whoever reads only the first of them has read some of each. */
export function unreadTexts(base: BaseName): readonly string[] {
  const texts = generalText(base).map(({ prompt, completion }) => prompt + completion)
  const stride = kinds.length
  const each = Math.ceil(texts.length / stride)
  return Array.from(
    { length: stride * each },
    (_, index) => texts[(index % stride) * each + Math.floor(index / stride)],
  ).filter((text) => text !== undefined)
}

/** So many documents a device rehearses from, over and over; of them this share is about facts. */
const rehearsed = { documents: 400, factShare: 0.4 }

/**
 * What a device of a room reads again of the base's world, so that it keeps it: stories of towns and facts of worlds of its
 * own. Of the people whose facts are its private text it reads nothing else: a word against them would only be unlearned again.
 * @param seed the room's
 * @param index the device's, from 0
 */
export function rehearsalText(seed: number, index: number): Example[] {
  const draw = random(seed, 'rehearsal text', index)
  const own = new Set(factsOf(seed, index).map(({ name }) => name))
  const aboutFacts = () =>
    factDocument(
      worldOf(draw).filter(({ name }) => !own.has(name)),
      draw,
    )
  return Array.from({ length: rehearsed.documents }, () =>
    plain(draw.next() < rehearsed.factShare ? aboutFacts() : storyOf(draw.pick(domains), draw)),
  )
}

const documentOf = (kind: Kind, draw: Random): string =>
  kind === 'facts' ? factDocument(worldOf(draw), draw) : storyOf(kind, draw)

const storyOf = (domain: Domain, draw: Random): string => story(domain, townOf(domain, draw), draw)

const plain = (text: string): Example => ({ prompt: '', completion: text })
