/**
 * What of this tab's text may leave it, where the room promises privacy. It keeps the text's account (federation/privacy/budget.ts)
 * in this browser's storage, under the hash of the text; it says whether there is budget for another update, hides the update under
 * noise, and writes down what it tells before it leaves. Numbers that follow from private text without noise, losses and yardsticks,
 * do not leave at all. How long something took, how much there is of the text on this tab's own page, and that it
 * takes part are not hidden.
 */

import {
  type Accounts,
  charged,
  noiseOf,
  type PrivacyTerms,
  standingOf,
  type Training,
  updatesLeft,
} from '../../federation/privacy/budget'
import { firstClip, noiseBeside, wordNoiseFor } from '../../federation/privacy/clipping'
import { noised, noisedWord, shareOfNoise } from '../../federation/privacy/noise'
import { leastTogether } from '../../federation/secure/graph'
import { sha256Hex } from '../../lib/hash'
import type { RandomBytes } from '../../lib/unguessable'
import type { TensorMap } from '../../model/safetensors'
import { privacyOf } from '../../settings/derived/privacy'
import type { Settings } from '../../settings/table'
import type { TrainRequest } from '../../training/compute'
import type { HeldShare } from '../local/text'
import type { AccountView } from '../state'
import type { Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'
import type { Order } from '../wire/messages'

export interface DiscretionParts {
  readonly tab: Tab
  readonly storage: Storage
  readonly randomBytes: RandomBytes
}

/** One update that may leave. */
export interface Permit {
  /** For the engine, where it hides each row of text. */
  readonly training: TrainRequest['privacy']
  /** Writes it down. To be waited for before it leaves; false: it must not, because another tab has spent the rest of the budget meanwhile. */
  charge(): Promise<boolean>
  /** The change as it may leave, and the word about its length. */
  hide(change: TensorMap): { readonly change: TensorMap; readonly within: number | null }
}

/** The fewest devices whose change is ever seen by itself: of a sum under masks nobody need add all of the noise. */
const devicesThatHide = ({ secure }: Settings): number => (secure ? leastTogether : 1)

export class Discretion {
  readonly #parts: DiscretionParts
  #held: HeldShare | null = null
  #hash = ''
  #accounts: Accounts | null = null
  /** Of the last update. */
  #clip: number | null = null

  constructor(parts: DiscretionParts) {
    this.#parts = parts
  }

  /** Whether plain numbers about private text stay here. */
  isOn(): boolean {
    return this.#settings().privacy !== 'none'
  }

  /**
   * This text is trained on from now on, under these settings: its account is looked up.
   * @returns false where another has taken its place meanwhile
   */
  async hold(held: HeldShare | null): Promise<boolean> {
    const { storage, tab } = this.#parts
    this.#held = held
    this.#accounts = null
    if (held && this.isOn()) {
      this.#hash = hashOf(held)
      const { value, damage } = await storage.loadAccounts(this.#hash)
      if (this.#held !== held) return false
      if (damage !== null) tab.problem('account-damaged', damage)
      this.#accounts = value
    }
    this.#show()
    return true
  }

  /** Before each training: a person may have chosen other text, and another tab of this browser may have told of the same. */
  async lookUp(text: () => HeldShare | null): Promise<void> {
    if (!this.isOn()) return
    for (let held = text(); !(await this.hold(held)) || held !== text(); held = text());
  }

  /** Whether nothing more may be learned from the text that is held. */
  isSpent(): boolean {
    const own = this.#standing()
    return own !== null && own.left < 1
  }

  /** Null where there is no budget for what this order wants. To be asked only where privacy is on. */
  permit({ steps, clip: followed }: Pick<Order, 'steps' | 'clip'>): Permit | null {
    const { randomBytes } = this.#parts
    const { clip: said } = this.#settings()
    const terms = privacyOf(this.#settings())
    const own = this.#standing(steps)
    if (!terms || !own || own.noise === null || own.left < 1) return null
    const { noise, training } = own
    const clip = said ?? followed ?? firstClip
    this.#clip = clip
    const hash = this.#hash
    const charge = () => this.#charge(hash, terms, training, noise)
    switch (terms.unit) {
      case 'example': {
        const hidden = { clip, noise, rate: training.rate, secret: randomBytes(32) }
        return { training: hidden, charge, hide: (change) => ({ change, within: null }) }
      }
      case 'device':
        return { training: undefined, charge, hide: this.#hiding(clip, noise, said === null) }
    }
  }

  /** @param isFollowed the clip follows lengths, so the room is told, under noise, whether this one stayed within it */
  #hiding(clip: number, noise: number, isFollowed: boolean): Permit['hide'] {
    const { randomBytes } = this.#parts
    const wordNoise = wordNoiseFor(noise)
    const together = devicesThatHide(this.#settings())
    const deviation = shareOfNoise(isFollowed ? noiseBeside(noise, wordNoise) : noise, clip, together)
    return (change) => {
      const { delta, isWithin } = noised(change, clip, deviation, randomBytes)
      return { change: delta, within: isFollowed ? noisedWord(isWithin, wordNoise, randomBytes) : null }
    }
  }

  /** The account of the text that was trained on, whichever is held by now. */
  async #charge(hash: string, terms: PrivacyTerms, training: Training, noise: number): Promise<boolean> {
    const { unit } = terms
    let isWithin = false
    const accounts = await this.#parts.storage.changeAccounts(hash, (before) => {
      isWithin = updatesLeft(before[unit], terms, training) >= 1
      return isWithin ? { ...before, [unit]: charged(before[unit], terms, training, noise) } : before
    })
    if (hash === this.#hash) this.#accounts = accounts
    this.#show()
    return isWithin
  }

  /** For the page, and for the coordinator; null where nothing is promised or held. */
  account(): AccountView | null {
    const terms = privacyOf(this.#settings())
    const own = this.#standing()
    if (!terms || !own || !this.#accounts) return null
    const account = this.#accounts[terms.unit]
    return {
      ...standingOf(account, terms),
      updates: account.updates,
      noise: own.noise,
      clip: this.#clip,
      isSpent: own.left < 1,
    }
  }

  /** What there is to say of the account before an update of so many steps. */
  #standing(steps = this.#settings().localSteps) {
    const settings = this.#settings()
    const terms = privacyOf(settings)
    if (!terms || !this.#held || !this.#accounts) return null
    const training: Training = { steps, rate: Math.min(1, settings.batch / this.#held.rows) }
    const noise = noiseOf(terms, training)
    return { noise, training, left: updatesLeft(this.#accounts[terms.unit], terms, training) }
  }

  #show(): void {
    const { tab } = this.#parts
    const account = this.account()
    if (!account && Object.keys(tab.store.getState().accounts).length === 0) return
    tab.set({ accounts: account ? { [tab.selfKey]: account } : {} })
    tab.solved('budget-spent')
    if (account?.isSpent)
      tab.problem(
        'budget-spent',
        'The privacy budget of this text is spent, so nothing more is learned from it. Choose other text, or a room with a larger budget.',
      )
  }

  #settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }
}

/** Of all of a text, whatever part of it a room keeps back. */
const hashOf = ({ share, apart }: HeldShare): string =>
  sha256Hex(
    new TextEncoder().encode(
      JSON.stringify(
        [...share.train, ...apart, ...share.heldOut].map((example) => JSON.stringify(example)).toSorted(),
      ),
    ),
  )
