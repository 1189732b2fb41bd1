/**
 * How a tab is forgotten, or one text of it. It says so to its coordinator, trains on that text no more, and waits until the
 * room has unlearned it, also when it is loaded anew before anybody has heard; it alone can measure what the model still makes of
 * the text, before and after, so it makes the certificate. A tab that is forgotten as a whole then leaves for good, and deletes the text that it kept.
 */
import type { Example } from '../../corpora/example'
import { textOfExample } from '../../corpora/example'
import { type Certificate, type ForgottenText, traceOf } from '../../federation/unlearning/certificate'
import type { Wish } from '../../federation/unlearning/wish'
import type { Workplace } from '../local/workplace'
import { lossesOf, someTexts } from '../measuring/traces'
import { nameInRoom } from '../self'
import type { Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'
import type { FromCoordinator } from '../wire/messages'
import type { Arrivals } from './arrivals'
import type { Attachment } from './attachment'
import type { Holding } from './holding'
import type { Reply } from './outbox'
import type { Work } from './work'

/** The last word should arrive. */
const leavesAfterMs = 1_000

/** A wish that another life of this tab has said, perhaps to nobody, still waits. */
export async function showWish(tab: Tab, storage: Storage): Promise<void> {
  tab.set({ forgetting: await storage.loadWish(nameIn(tab)) })
}

const nameIn = ({ store, selfKey }: Tab): string => nameInRoom(store.getState().room, selfKey)

export interface LeavingParts {
  readonly tab: Tab
  readonly storage: Storage
  readonly workplace: Workplace
  readonly holding: Holding
  readonly arrivals: Arrivals
  readonly attachment: Pick<Attachment, 'attach'>
  readonly work: Work
  /** To the coordinator. */
  readonly say: Reply
  readonly leave: () => Promise<void>
}

export interface Leaving {
  /** All that this tab has taught, and the tab itself. */
  everything(): void
  /** Those of this person's own texts in which these words stand. Throws in words where that cannot be. */
  text(words: string): Promise<void>
  /** The coordinator is here: what it may not have heard is said again. */
  welcomed(): void
  hear(message: FromCoordinator & { readonly type: 'forgotten' }): Promise<void>
}

/** What is to be forgotten, and others like it that nobody trained on. */
interface Measured {
  readonly texts: readonly Example[]
  readonly others: readonly Example[]
  /** The adapter in which it still is; null: none has come yet. */
  readonly before: Uint8Array | null
}

export function leavingOf(parts: LeavingParts): Leaving {
  const { tab, storage, workplace, holding, arrivals, attachment, work, say, leave } = parts
  const asked = new Map<Wish['of'], Measured>()
  let hasLeft = false

  function mayAsk(): void {
    if (hasLeft) throw new Error('This tab was forgotten, and has left its room.')
    if (tab.store.getState().forgetting !== null)
      throw new Error('This tab waits for its room to forget already. Ask again once that is done.')
  }

  /** @param texts in the training text that is held now */
  function ask(of: Wish['of'], texts: readonly Example[], others: readonly Example[]): void {
    const before = holding.common()?.bytes ?? null
    asked.set(of, { texts: someTexts(texts), others: someTexts(others), before })
    arrivals.turnTo(null)
    // No edge waits for what will not come.
    attachment.attach(null)
    tab.set({ forgetting: of })
    say({ type: 'forget', of, isAgain: false })
    storage.saveWish(nameIn(tab), of).catch(() => tab.problem('wish-not-kept', whyStay))
  }

  /** After a reload the tab still holds what it trained on, but not the adapter of before. */
  function ofEverything(): Measured {
    const { train = [], heldOut = [] } = workplace.held()?.share ?? {}
    return { texts: someTexts(train), others: someTexts(heldOut), before: null }
  }

  async function measured({ texts, others, before }: Measured): Promise<ForgottenText | null> {
    const engine = workplace.engine()
    if (!engine || texts.length === 0) return null
    const trace = async (adapter: Uint8Array | null) =>
      traceOf(await lossesOf(engine.compute, adapter, texts), await lossesOf(engine.compute, adapter, others))
    return {
      texts: texts.length,
      before: before && (await trace(before)),
      after: await trace(holding.common()?.bytes ?? null),
    }
  }

  return {
    everything() {
      mayAsk()
      const { train = [], heldOut = [] } = workplace.held()?.share ?? {}
      ask('everything', train, heldOut)
    },
    async text(words) {
      mayAsk()
      const held = workplace.held()
      const { value: own } = await storage.loadText(tab.selfKey)
      if (!held || held.corpus !== null || !own)
        throw new Error(
          'This tab trains on generated text, of which nothing is anybody’s own. Leave to be forgotten.',
        )
      const isMeant = (example: Example) => textOfExample(example).includes(words)
      const left = own.examples.filter((example) => !isMeant(example))
      if (words.trim() === '' || left.length === own.examples.length)
        throw new Error('These words stand in no text of this tab. Copy some of them from the text.')
      if (left.length === 0)
        throw new Error(
          'These words stand in every text of this tab. Leave to be forgotten, or use more words.',
        )
      const { train, heldOut } = held.share
      const others = heldOut.filter((example) => !isMeant(example))
      // First, so that no order that comes meanwhile finds it there.
      await work.use({ kind: 'own', text: { ...own, examples: left } })
      holding.owesNothing()
      ask('text', train.filter(isMeant), others)
    },
    welcomed() {
      const { forgetting } = tab.store.getState()
      if (forgetting !== null) say({ type: 'forget', of: forgetting, isAgain: true })
    },
    async hear({ of, unlearned, before, version, kept }) {
      // From here on the coordinator tells it again, until it has the certificate.
      storage.saveWish(nameIn(tab), null).catch(() => {})
      tab.solved('wish-not-kept')
      const wish = asked.get(of) ?? (of === 'everything' ? ofEverything() : null)
      asked.delete(of)
      // A tab that was reloaded meanwhile knows no more which text it was.
      await arrivals.common(version)
      // What cannot be measured, on a GPU that is lost, is not in the certificate.
      const forgotten = wish && (await measured(wish).catch(() => null))
      const { room, devices } = tab.store.getState()
      const device = devices.find(({ isSelf }) => isSelf)?.name ?? ''
      const certificate: Certificate = {
        room,
        device,
        of,
        unlearned,
        versions: { before, after: version },
        forgotten,
        kept,
      }
      tab.set({ certificates: [...tab.store.getState().certificates, certificate], forgetting: null })
      say({ type: 'certified', of, forgotten })
      if (of !== 'everything') return
      hasLeft = true
      await storage
        .saveText(tab.selfKey, null)
        .catch(() =>
          tab.problem(
            'not-deleted',
            'This browser could not delete the text that it kept for this tab. Clear this page’s data in the browser’s settings.',
          ),
        )
      tab.clock.after(leavesAfterMs, () => {
        void leave().then(() => tab.set({ phase: { kind: 'finished', why: whyLeft } }))
      })
    },
  }
}

const whyStay =
  'This browser could not keep your wish to be forgotten. Leave this tab open until its room has forgotten: a reload may lose the wish.'
const whyLeft =
  'This tab has left the room and was forgotten there. Its certificate stays here until you close it.'
