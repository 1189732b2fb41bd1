/**
 * A device's private text: facts or a story domain from the generator, or the person's own. It goes into this tab's
 * compute worker and nowhere else; what leaves is a count of examples, and what training on it changed in the adapter.
 */
import { beginningOf, type Example, type Share, textOfExample } from '../../corpora/example'
import { ownShare } from '../../corpora/own'
import { cutAtPictures, pixelsOf } from '../../corpora/pictures/patches'
import { isTextAttack, poisoned } from '../../corpora/poison/poison'
import type { CorpusName } from '../../corpora/share'
import { random } from '../../lib/rng'
import type { Settings } from '../../settings/table'
import { whyNotSeen } from '../../settings/text'
import type { Compute, LoadProgress } from '../../training/compute'
import type { OwnText, Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'
import { ownPrompt } from './ownPrompt'
import { shareFor } from './shares'

/** Where neither a person nor an address nor the room says what is read. */
const usualCorpus = 'facts'

/** A sample is looked at, not read through. */
const sampleLetters = 200

/** Of a text with pictures, each picture whole: half of one cannot be looked at. */
const beginning = (text: string): string =>
  cutAtPictures(text)
    .map((part) => (pixelsOf(part) === null ? beginningOf(part, sampleLetters) : part))
    .join('')

export type Choice =
  | { readonly kind: 'own'; readonly text: OwnText }
  | { readonly kind: 'corpus'; readonly name: CorpusName }

export interface HeldShare {
  readonly share: Share
  /** Pieces like those that are trained on, which nobody trains on; empty where the room does not audit itself. */
  readonly apart: readonly Example[]
  /** Null: the person's own text. */
  readonly corpus: CorpusName | null
  /** Of tokens, that are trained on: a long example is several. */
  readonly rows: number
}

/**
 * What this device trains on: what the person chose, else what its address says, else what the room plays. Nothing where the
 * person's own text was damaged: other text would not be theirs.
 */
export async function chosenText(
  tab: Tab,
  storage: Storage,
  settings: Pick<Settings, 'corpus' | 'model'>,
): Promise<Choice | null> {
  const { value: text, damage } = await storage.loadText(tab.selfKey)
  if (damage !== null) {
    tab.problem('text-damaged', damage)
    return null
  }
  if (text) return { kind: 'own', text }
  const { corpus } = settings
  if (corpus === 'own') return null
  const unseen = whyNotSeen(settings)
  if (unseen !== null) tab.problem('text-unseen', unseen)
  return { kind: 'corpus', name: corpus === null || unseen !== null ? usualCorpus : corpus }
}

/** The examples that a choice comes to in this device's place; of a tab that was opened to read something else, those. */
export function shareOf(settings: Settings, index: number, choice: Choice): Share {
  const share = wholeShare(settings, index, choice)
  const { attack, seed, audit } = settings
  const { train } = audit ? parted(share.train, seed) : share
  return { ...share, train: isTextAttack(attack) ? poisoned(attack, train, seed) : train }
}

/** So much of a text an audit takes away, and not more pieces. */
const [apartShare, mostApart] = [1 / 4, 40]

/** What is trained on, and what an audit keeps out of it: by chance, so that the two are alike. */
function parted(examples: readonly Example[], seed: number) {
  const count = Math.min(mostApart, Math.floor(apartShare * examples.length))
  const out = new Set(random(seed, 'apart').shuffle(examples).slice(0, count))
  return {
    train: examples.filter((example) => !out.has(example)),
    apart: examples.filter((example) => out.has(example)),
  }
}

/** The whole text of a choice, before anything is done to it. */
const wholeShare = (settings: Settings, index: number, choice: Choice): Share =>
  choice.kind === 'own'
    ? ownShare(choice.text.examples, settings.seed)
    : shareFor(settings, { corpus: choice.name, index })

/** Puts a share on the worker's shelves `train` and `heldOut`, and shows it on this tab's page only. */
export async function holdText(
  tab: Tab,
  compute: Compute,
  onProgress: (progress: LoadProgress) => void,
  settings: Settings,
  index: number,
  choice: Choice,
): Promise<HeldShare> {
  const share = shareOf(settings, index, choice)
  const { examples, tokens, rows } = await compute.hold('train', share.train, onProgress)
  if (share.heldOut.length > 0) await compute.hold('heldOut', share.heldOut)
  const title = choice.kind === 'own' ? choice.text.title : choice.name
  const sample = share.train.slice(0, 6).map((example) => beginning(textOfExample(example)))
  const prompt = choice.kind === 'own' ? ownPrompt(share.train) : null
  tab.set({ text: { title, examples, keptBack: share.heldOut.length, tokens, sample, prompt } })
  tab.setDevice(tab.selfKey, { examples })
  const apart = settings.audit ? parted(wholeShare(settings, index, choice).train, settings.seed).apart : []
  return { share, apart, corpus: choice.kind === 'corpus' ? choice.name : null, rows }
}
