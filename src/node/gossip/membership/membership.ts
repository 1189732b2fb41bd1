/**
 * The membership that a gossiping tab keeps: it hears and passes on the news of the room (who is in it, what is being run,
 * whether it runs), and reaches for its neighbours in the web of those who are there. It knows nothing of training and
 * adapters; what the news mean to this tab is `peer.ts`.
 */
import type { Command, DeviceKey } from '../../../federation/types'
import type { Network } from '../../../network/network'
import type { Clock } from '../../../network/time/clock'
import { federationConfigOf } from '../../../settings/derived/federationConfig'
import { commonOf, isSameAgreement } from '../../../settings/ownership'
import { parseSettings } from '../../../settings/reading'
import type { Settings } from '../../../settings/table'
import { mostDrawn } from '../../tab/largeRoom'
import { mostChanges, type RoomOrder } from '../../wire/neighbourMessages'
import { type Agreement, agreementComplaint, isOfGossip, outranks } from './agreement'
import {
  credibleNews,
  type Entry,
  firstContacts,
  isBefore,
  isProgress,
  isSeated,
  mergeNews,
  type News,
  presentIn,
  type Roster,
  webOf,
} from './roster'

/** News are gathered for so long before they are passed on. */
const gatherMs = 100

export interface MembershipParts {
  readonly network: Network
  readonly clock: Clock
  readonly self: Entry
  readonly agreement: Agreement
  /** Whether this tab's run has begun. */
  hasBegun(): boolean
  /** Somebody came, went or changed, this tab itself included. */
  onRoster(): void
  /** The room's settings are others than this tab's. */
  onAgreement(settings: Settings): void
  onCommand(command: Command): void
  /** This tab has no place in the room, and why. */
  onRefused(code: string, why: string): void
}

export class Membership {
  readonly #parts: MembershipParts
  #self: Entry
  #agreement: Agreement
  #order: RoomOrder | null = null
  #roster: Roster
  /** Whom the next news speak of. */
  #unsaid = new Map<DeviceKey, Entry>()
  #isGathering = false

  /** Listens from now on. */
  constructor(parts: MembershipParts) {
    const { network, self, agreement } = parts
    this.#parts = parts
    this.#self = self
    this.#agreement = agreement
    this.#roster = new Map([[self.key, self]])
    const tellAll = (peer: string) =>
      network.send(peer, this.#newsOf([...this.#roster.values()])).catch(() => {})
    network.on('join', ({ id }) => tellAll(id))
    network.on('sighted', () => this.#reach())
    network.on('vanished', (peer) => {
      if (!network.peers.has(peer)) this.#lost(peer)
      this.#reach()
    })
    network.on('leave', ({ id }, why) => {
      // A link that ends says little of its tab, unless it said goodbye or has long been silent.
      if (why === 'goodbye' || why === 'silent' || !network.sighted.has(id)) this.#lost(id)
    })
    for (const peer of network.peers.keys()) tellAll(peer)
    this.#reach()
  }

  roster(): Roster {
    return this.#roster
  }

  self(): Entry {
    return this.#self
  }

  agreement(): Agreement {
    return this.#agreement
  }

  lastOrder(): RoomOrder | null {
    return this.#order
  }

  peerOf(key: DeviceKey): string | null {
    return this.#roster.get(key)?.peer ?? null
  }

  /** Says something new of this tab. */
  say(change: Partial<Entry>, after = this.#self.stamp): void {
    const stamp = Math.max(this.#parts.clock.now(), after + 1)
    this.#self = { ...this.#self, ...change, stamp }
    this.#learn([this.#self])
  }

  /** Asks all tabs for it, this one included. @param stamp now, unless it is said */
  order(command: Command, stamp?: number): void {
    const last = this.#order?.stamp ?? 0
    const own = stamp ?? Math.max(this.#parts.clock.now(), last + 1)
    if (own <= last) return
    this.#order = { command, stamp: own }
    this.#passOn([])
  }

  /** Changes what is run, for everybody. */
  agree(settings: Settings): void {
    this.#agreement = {
      settings: commonOf(settings),
      stamp: Math.min(this.#agreement.stamp + 1, mostChanges),
      openedAtMs: this.#agreement.openedAtMs,
      by: this.#self.key,
    }
    this.#passOn([])
  }

  /** From the tab behind a link. */
  hear(said: News): void {
    if (!this.#hearAgreement(said.agreement)) return
    const news = credibleNews(said, this.#parts.clock.now())
    const other = news.entries.find((entry) => this.#isOtherModel(entry) && isBefore(entry, this.#self))
    if (other && !this.#isSettled()) {
      const what = `This tab’s ${this.#agreement.settings.model} has other weights than that of ${other.name}, so the two cannot learn together.`
      return this.#parts.onRefused(
        'no-model',
        `${what} Reload both tabs, so that they load the same version.`,
      )
    }
    const { key } = this.#self
    this.#learn(news.entries.filter((entry) => entry.key !== key && !this.#isOtherModel(entry)))
    const ofSelf = news.entries.find((entry) => entry.key === key)
    if (ofSelf) this.#correct(ofSelf)
    if (!news.order || news.order.stamp <= (this.#order?.stamp ?? 0)) return
    this.#order = news.order
    this.#passOn([])
    this.#parts.onCommand(news.order.command)
  }

  /** Somebody believes older, worse or what it never said of this tab. A later stamp than its own is not its word. */
  #correct(ofSelf: Entry): void {
    const { stamp, peer, index } = this.#self
    const isFalse = ofSelf.peer !== peer || !ofSelf.isPresent
    if (ofSelf.stamp > stamp || (ofSelf.stamp === stamp && isFalse))
      this.say(index === null ? { index: ofSelf.index } : {}, ofSelf.stamp)
  }

  #newsOf(entries: readonly Entry[]): News {
    const agreement = { ...this.#agreement, settings: commonOf(this.#agreement.settings) }
    return { type: 'news', entries: [...entries], agreement, order: this.#order }
  }

  #passOn(entries: readonly Entry[]): void {
    const { clock, network } = this.#parts
    for (const entry of entries) this.#unsaid.set(entry.key, entry)
    if (this.#isGathering) return
    this.#isGathering = true
    clock.after(gatherMs, () => {
      this.#isGathering = false
      const news = this.#newsOf([...this.#unsaid.values()])
      this.#unsaid = new Map()
      for (const peer of network.peers.keys()) network.send(peer, news).catch(() => {})
    })
  }

  #learn(news: readonly Entry[]): void {
    const before = this.#roster
    const { roster, changed } = mergeNews(before, news)
    if (changed.length === 0) return
    this.#roster = roster
    const moved = changed.filter((entry) => !isProgress(before.get(entry.key), entry))
    if (moved.length > 0) this.#reach()
    // In a large room only a tab's neighbours hear how far it is.
    const isSmall = roster.size <= mostDrawn + 1
    const toTell = isSmall
      ? changed
      : changed.filter((entry) => entry === this.#self || moved.includes(entry))
    if (toTell.length > 0) this.#passOn(toTell)
    this.#parts.onRoster()
  }

  /** The neighbours among those who are here and among those who take part, and strangers, who may know others or be back. */
  #reach(): void {
    const { network } = this.#parts
    const present = presentIn(this.#roster)
    const { gossip, seed } = federationConfigOf(this.#agreement.settings, null)
    const seated = present.filter((entry) => isSeated(this.#roster, entry))
    const neighbours = [present, seated].flatMap((entries) => {
      const keys = entries.map(({ key }) => key)
      return webOf(keys, gossip, seed).get(this.#self.key) ?? []
    })
    const here = new Set(present.map(({ peer }) => peer))
    const strangers = [...network.sighted].filter((peer) => !here.has(peer))
    network.reach('neighbours', [
      ...neighbours.map((key) => this.#roster.get(key)!.peer),
      ...firstContacts(network.self, strangers),
    ])
  }

  /** That it is gone: nobody needs to ask it. */
  #lost(peer: string): void {
    const entry = [...this.#roster.values()].find((known) => known.peer === peer && known.isPresent)
    if (entry && entry.key !== this.#self.key) this.#learn([{ ...entry, isPresent: false, activity: 'gone' }])
  }

  /** False: whoever says so is of another kind, and not listened to. */
  #hearAgreement(heard: News['agreement']): boolean {
    const own = this.#agreement
    const theirs = { ...heard, settings: commonOf(parseSettings(heard.settings)) }
    if (!isOfGossip(theirs.settings)) return false
    const theyStand = outranks(theirs, own)
    if (isSameAgreement(theirs.settings, own.settings)) {
      if (theyStand) this.#agreement = theirs
      return true
    }
    // A run that has begun goes on as it was agreed: web, adapters and rounds follow from that.
    if (theyStand && this.#parts.hasBegun()) return agreementComplaint(theirs.settings, own.settings) === null
    // What is changed for all is followed; who comes anew must fit.
    const isChange = theirs.stamp > own.stamp && presentIn(this.#roster).length > 1
    const [guest, host] = theyStand ? [own, theirs] : [theirs, own]
    const complaint = isChange ? null : agreementComplaint(guest.settings, host.settings)
    if (complaint && theyStand && !this.#isSettled()) this.#parts.onRefused('other-settings', complaint)
    if (complaint) return false
    if (theyStand) {
      this.#agreement = theirs
      this.#parts.onAgreement(theirs.settings)
    }
    return true
  }

  /**
   * Others learn with the same model as this tab: who is of another kind then is the newcomer, whatever it says of its age.
   * One stranger's word must not send a whole room away.
   */
  #isSettled(): boolean {
    const { key: own, modelHash: model } = this.#self
    return presentIn(this.#roster).some(
      ({ key, modelHash }) => key !== own && modelHash !== null && modelHash === model,
    )
  }

  #isOtherModel({ isPresent, modelHash }: Entry): boolean {
    const own = this.#self.modelHash
    return isPresent && modelHash !== null && own !== null && modelHash !== own
  }
}
