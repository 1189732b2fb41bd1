/**
 * The world of the base models that ship: the public text that they are pretrained on, and what can be made of it later.
 * Pretraining reads stories of all domains, each from a town of its own, and documents of facts from worlds that follow one
 * another; its order matters, it is read once, from front to back. A base that sees reads of pictures, too
 * (pictures/). The general text is never read by anybody: it measures
 * what a model still knows of this world after it was tuned on something else (`loss.general`). Rehearsal is what devices
 * read of it again beside their own text, so that they do not forget it; each draws its own, from towns and worlds of its own.
 */
import { type Random, random } from '../lib/rng'
import { type Domain, domains } from './domains/index'
import { type Example, type Turn, textOfExample } from './example'
import { factDocument, factsOf, worldOf } from './facts'
import { type Belonging, belongingsOf, belongingTalk } from './pictures/belongings'
import { listTalk, pictureTalk } from './pictures/captions'
import { choiceTalk, retellingTalk } from './pictures/choices'
import { mostThings } from './pictures/scene'
import { story, townOf } from './stories'

const storyKinds = [...domains, 'facts'] as const
const pictureKinds = ['pictures', 'choices', 'belongings'] as const
export type Kind = (typeof storyKinds)[number] | (typeof pictureKinds)[number]

/** What each base read: from which seed, and which share of its documents is of pictures, and of all others about facts (they are
 *  shorter than stories). */
export const bases = {
  toy: { seed: 1, pictureShare: 0, factShare: 0.75 },
  seedling: { seed: 2, pictureShare: 0, factShare: 0.7 },
  lens: { seed: 3, pictureShare: 0.75, factShare: 0.7 },
} as const

export type BaseName = keyof typeof bases

/** Whether a base can see: whether pictures are among its words. */
export const canSee = (base: BaseName): boolean => bases[base].pictureShare > 0

/** What a base has read of. */
export const kindsOf = (base: BaseName): readonly Kind[] =>
  canSee(base) ? [...pictureKinds, ...storyKinds] : storyKinds

/** Whether this is the name of a model whose world is known. */
export const isBase = (model: string): model is BaseName => Object.hasOwn(bases, model)

/** The base that a model is, by its name in a page or its directory in this repository; null: another model, of another world. */
export function baseNamed(model: string): BaseName | null {
  const name = /(?:^|\/models\/)(\w+)\/*$/.exec(model)?.[1] ?? ''
  return isBase(name) ? name : null
}

/** Any model of this world goes on with a sentence, before it is tuned and after. */
export const everydayPrompt = 'The nurse put the'

/** After so many documents about facts, or about belongings, another world begins. */
const documentsPerWorld = 4000
/** Of the documents with pictures. */
const pictureMix: readonly (typeof pictureKinds)[number][] = [
  ...['pictures', 'pictures', 'pictures', 'pictures', 'pictures', 'pictures'],
  ...['choices', 'choices', 'choices', 'belongings'],
] as const

/**
 * What a base that sees reads before all else: pictures of two things at most, and texts in which there is nothing to do but to find what
 * was said of a name or a thing. To look for the one that is meant is learned there in a tenth of the time that it takes among
 * five, with stories in between.
 */
const firstTexts = { documents: 24_000, things: 2, listed: 3 }
const firstMix = [
  ...(['pictures', 'pictures', 'pictures', 'pictures', 'pictures'] as const),
  ...(['lists', 'lists', 'lists', 'retellings', 'retellings'] as const),
] as const

/** Some come later, too, so that it is not forgotten. */
const laterLists = 0.12

/** Then pictures with more in them come by and by: so many things in documents before these. */
const growingPictures = [
  { before: 20_000, things: 2 },
  { before: 30_000, things: 3 },
] as const
export const thingsIn = (document: number): number =>
  growingPictures.find(({ before }) => document < before)?.things ?? mostThings

/** Documents that come before all others; none for a base that sees nothing. */
export function* firstDocuments(base: BaseName): Generator<Example> {
  const draw = random(bases[base].seed, 'first pictures')
  const { documents, things, listed } = firstTexts
  for (let made = 0; canSee(base) && made < documents; made++)
    switch (draw.pick(firstMix)) {
      case 'pictures':
        yield pictureTalk(draw, things)
        break
      case 'lists':
        yield listTalk(draw, listed)
        break
      case 'retellings':
        yield retellingTalk(draw)
    }
}

/** Pretraining documents, by default without end. */
export function* documents(base: BaseName, count = Number.POSITIVE_INFINITY): Generator<Example> {
  const { seed, pictureShare, factShare } = bases[base]
  const draw = random(seed, 'pretraining')
  const facts = worlds(worldOf, draw)
  const belongings = canSee(base) ? worlds(belongingsOf, draw) : nobodys
  for (let made = 0; made < count; made++)
    if (canSee(base) && draw.next() < pictureShare) {
      const most = thingsIn(made)
      if (draw.next() < laterLists) yield draw.next() < 0.5 ? listTalk(draw, most) : retellingTalk(draw)
      else yield pictureDocument(draw.pick(pictureMix), belongings, draw, most)
    } else if (draw.next() < factShare) yield plain(factDocument(facts(), draw))
    else yield plain(storyOf(draw.pick(domains), draw))
}

/** Gives one world to so many documents in turn, then the next. */
function worlds<World>(make: (draw: Random) => World, draw: Random): () => World {
  let world = make(draw)
  let documents = 0
  return () => {
    if (++documents % documentsPerWorld === 0) world = make(draw)
    return world
  }
}

/** Documents of one kind that training does not see, each from a world or town of its own, for the held-out loss. */
export function heldOutDocuments(seed: number, kind: Kind, count: number): Example[] {
  const draw = random(seed, 'held out', kind)
  return Array.from({ length: count }, () => documentOf(kind, draw))
}

/** Of each kind as many documents as make about 1,500 tokens, so that no kind outweighs another: 10,000 and more in all. */
const generalDocuments = (kind: Kind): number =>
  kind === 'facts' ? 80 : kind === 'pictures' || kind === 'choices' ? 60 : kind === 'belongings' ? 150 : 18

const writtenGeneral = new Map<BaseName, readonly Example[]>()

/** The general text of a base: the first of its held-out documents of every kind. */
export function generalText(base: BaseName): readonly Example[] {
  const text =
    writtenGeneral.get(base) ??
    kindsOf(base).flatMap((kind) => heldOutDocuments(bases[base].seed, kind, generalDocuments(kind)))
  writtenGeneral.set(base, text)
  return text
}

/** The texts of the general text, of all kinds in turn: whoever reads only the first of them has read some of each. */
export function unreadTexts(base: BaseName): readonly string[] {
  const texts = generalText(base).map(textOfExample)
  const stride = kindsOf(base).length
  const each = Math.ceil(texts.length / stride)
  return Array.from(
    { length: stride * each },
    (_, index) => texts[(index % stride) * each + Math.floor(index / stride)],
  ).filter((text) => text !== undefined)
}

/**
 * So many documents a device rehearses from, over and over; of all that are not of pictures this share is about facts. Those with
 * pictures are fewer: each takes a page more than a millisecond to paint.
 */
const rehearsed = { documents: 400, withPictures: 160, factShare: 0.4 }

/**
 * What a device of a room reads again of the base's world, so that it keeps it: stories of towns, facts of worlds of its own, and
 * pictures where the base sees. Of the people whose facts are its private text it reads nothing else: a word against them would
 * only be unlearned again.
 * @param seed the room's
 * @param index the device's, from 0
 */
export function rehearsalText(base: BaseName, seed: number, index: number): Example[] {
  const draw = random(seed, 'rehearsal text', index)
  const own = new Set(factsOf(seed, index).map(({ name }) => name))
  const facts = () => worldOf(draw).filter(({ name }) => !own.has(name))
  const { pictureShare } = bases[base]
  const length = canSee(base) ? rehearsed.withPictures : rehearsed.documents
  return Array.from({ length }, () => {
    if (canSee(base) && draw.next() < pictureShare) return pictureDocument(draw.pick(seen), nobodys, draw)
    return plain(
      draw.next() < rehearsed.factShare ? factDocument(facts(), draw) : storyOf(draw.pick(domains), draw),
    )
  })
}

/** Whose things are is private text, and no two rooms agree on it: it is not rehearsed. */
const seen = ['pictures', 'choices'] as const
const nobodys = (): readonly Belonging[] => []

function documentOf(kind: Kind, draw: Random): Example {
  switch (kind) {
    case 'facts':
      return plain(factDocument(worldOf(draw), draw))
    case 'pictures':
    case 'choices':
    case 'belongings':
      return pictureDocument(kind, () => belongingsOf(draw), draw)
    default:
      return plain(storyOf(kind, draw))
  }
}

function pictureDocument(
  kind: (typeof pictureKinds)[number],
  belongings: () => readonly Belonging[],
  draw: Random,
  most = mostThings,
): Turn {
  switch (kind) {
    case 'pictures':
      return pictureTalk(draw, most)
    case 'choices':
      return choiceTalk(draw)
    case 'belongings':
      return belongingTalk(belongings(), draw)
  }
}

const storyOf = (domain: Domain, draw: Random): string => story(domain, townOf(domain, draw), draw)

const plain = (text: string): Example => ({ prompt: '', completion: text })
