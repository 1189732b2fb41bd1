/**
 * The membership that a gossiping tab keeps: it hears and passes on the news of the room (who is in it, what is being run,
 * whether it runs), and reaches for its neighbours in the web of those who are there. It knows nothing of training and
 * adapters; what the news mean to this tab is `peer.ts`.
 */
import type { Command, DeviceKey } from '../../../federation/types'
import type { Network } from '../../../network/network'
import type { Clock } from '../../../network/time/clock'
import { federationConfigOf } from '../../../settings/derived/federationConfig'
import { commonOf, isSameCharter } from '../../../settings/ownership'
import { parseSettings } from '../../../settings/reading'
import type { Settings } from '../../../settings/table'
import { mostChanges, type RoomOrder } from '../../wire/neighbourMessages'
import { type Charter, charterComplaint, isOfGossip, outranks } from './agreement'
import {
  credibleNews,
  type Entry,
  firstContacts,
  isBefore,
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
  readonly charter: Charter
  /** Whether this tab's run has begun. */
  hasBegun(): boolean
  /** Somebody came, went or changed, this tab itself included. */
  onRoster(): void
  /** The room's settings are others than this tab's. */
  onCharter(settings: Settings): void
  onOrder(command: Command): void
  /** This tab has no place in the room, and why. */
  onRefused(code: string, why: string): void
}

export interface Membership {
  roster(): Roster
  self(): Entry
  charter(): Charter
  /** Says something new of this tab. */
  say(change: Partial<Entry>): void
  /** Asks all tabs for it, this one included. `stamp` null: now. */
  order(command: Command, stamp?: number): void
  lastOrder(): RoomOrder | null
  /** Changes what is run, for everybody. */
  agree(settings: Settings): void
  /** From the tab behind a link. */
  hear(news: News): void
  peerOf(key: DeviceKey): string | null
}

export function keepMembership(parts: MembershipParts): Membership {
  const { network, clock } = parts
  let self = parts.self
  let charter = parts.charter
  let order: RoomOrder | null = null
  let roster: Roster = new Map([[self.key, self]])
  let unsaid = new Map<DeviceKey, Entry>()
  let isGathering = false

  const newsOf = (entries: readonly Entry[]): News => ({
    type: 'news',
    entries: [...entries],
    charter: { ...charter, settings: commonOf(charter.settings) },
    order,
  })

  function passOn(entries: readonly Entry[]): void {
    for (const entry of entries) unsaid.set(entry.key, entry)
    if (isGathering) return
    isGathering = true
    clock.after(gatherMs, () => {
      isGathering = false
      const news = newsOf([...unsaid.values()])
      unsaid = new Map()
      for (const peer of network.peers.keys()) network.send(peer, news).catch(() => {})
    })
  }

  function learn(news: readonly Entry[]): void {
    const { roster: next, changed } = mergeNews(roster, news)
    if (changed.length === 0) return
    roster = next
    reach()
    passOn(changed)
    parts.onRoster()
  }

  function say(change: Partial<Entry>, after = self.stamp): void {
    self = { ...self, ...change, stamp: Math.max(clock.now(), after + 1) }
    learn([self])
  }

  /** The neighbours among those who are here and among those who take part, and strangers, who may know others or be back. */
  function reach(): void {
    const present = presentIn(roster)
    const { gossip, seed } = federationConfigOf(charter.settings, null)
    const seated = present.filter((entry) => isSeated(roster, entry))
    const neighbours = [present, seated].flatMap(
      (entries) =>
        webOf(
          entries.map(({ key }) => key),
          gossip,
          seed,
        ).get(self.key) ?? [],
    )
    const here = new Set(present.map(({ peer }) => peer))
    const strangers = [...network.sighted].filter((peer) => !here.has(peer))
    network.reach('neighbours', [
      ...neighbours.map((key) => roster.get(key)!.peer),
      ...firstContacts(network.self, strangers),
    ])
  }

  /** That it is gone: nobody needs to ask it. */
  function lost(peer: string): void {
    const entry = [...roster.values()].find((known) => known.peer === peer && known.isPresent)
    if (entry && entry.key !== self.key) learn([{ ...entry, isPresent: false, activity: 'gone' }])
  }

  /** False: whoever says so is of another kind, and not listened to. */
  function hearCharter(heard: News['charter']): boolean {
    const theirs = { ...heard, settings: commonOf(parseSettings(heard.settings)) }
    if (!isOfGossip(theirs.settings)) return false
    if (isSameCharter(theirs.settings, charter.settings)) {
      if (outranks(theirs, charter)) charter = theirs
      return true
    }
    const theyStand = outranks(theirs, charter)
    // A run that has begun goes on as it was agreed: web, adapters and rounds follow from that.
    if (theyStand && parts.hasBegun()) return charterComplaint(theirs.settings, charter.settings) === null
    // What is changed for all is followed; who comes anew must fit.
    const isChange = theirs.stamp > charter.stamp && presentIn(roster).length > 1
    const [guest, host] = theyStand ? [charter, theirs] : [theirs, charter]
    const complaint = isChange ? null : charterComplaint(guest.settings, host.settings)
    if (complaint && theyStand && !isSettled()) parts.onRefused('other-settings', complaint)
    if (complaint) return false
    if (theyStand) {
      charter = theirs
      parts.onCharter(theirs.settings)
    }
    return true
  }

  /**
   * Others learn with the same model as this tab: who is of another kind then is the newcomer, whatever it says of its age.
   * One stranger's word must not send a whole room away.
   */
  const isSettled = (): boolean =>
    presentIn(roster).some(
      ({ key, modelHash }) => key !== self.key && modelHash !== null && modelHash === self.modelHash,
    )

  const isOtherModel = (entry: Entry): boolean =>
    entry.isPresent &&
    entry.modelHash !== null &&
    self.modelHash !== null &&
    entry.modelHash !== self.modelHash

  function hear(said: News): void {
    if (!hearCharter(said.charter)) return
    const news = credibleNews(said, clock.now())
    const other = news.entries.find((entry) => isOtherModel(entry) && isBefore(entry, self))
    if (other && !isSettled()) {
      const what = `This tab’s ${charter.settings.model} has other weights than that of ${other.name}, so the two cannot learn together.`
      return parts.onRefused('no-model', `${what} Reload both tabs, so that they load the same version.`)
    }
    const ofSelf = news.entries.find(({ key }) => key === self.key)
    learn(news.entries.filter((entry) => entry.key !== self.key && !isOtherModel(entry)))
    // Somebody believes older, worse or what it never said of this tab. A later stamp than its own is not its word.
    const isFalse = ofSelf && (ofSelf.peer !== self.peer || !ofSelf.isPresent)
    if (ofSelf && (ofSelf.stamp > self.stamp || (ofSelf.stamp === self.stamp && isFalse)))
      say(self.index === null ? { index: ofSelf.index } : {}, ofSelf.stamp)
    if (news.order && news.order.stamp > (order?.stamp ?? 0)) {
      order = news.order
      passOn([])
      parts.onOrder(order.command)
    }
  }

  network.on('join', ({ id }) => network.send(id, newsOf([...roster.values()])).catch(() => {}))
  network.on('sighted', reach)
  network.on('vanished', (peer) => {
    if (!network.peers.has(peer)) lost(peer)
    reach()
  })
  network.on('leave', ({ id }, why) => {
    // A link that ends says little of its tab, unless it said goodbye or has long been silent.
    if (why === 'goodbye' || why === 'silent' || !network.sighted.has(id)) lost(id)
  })
  for (const peer of network.peers.keys()) network.send(peer, newsOf([...roster.values()])).catch(() => {})
  reach()

  return {
    roster: () => roster,
    self: () => self,
    charter: () => charter,
    say,
    order(command, stamp = Math.max(clock.now(), (order?.stamp ?? 0) + 1)) {
      if (stamp <= (order?.stamp ?? 0)) return
      order = { command, stamp }
      passOn([])
    },
    lastOrder: () => order,
    agree(settings) {
      charter = {
        ...charter,
        settings: commonOf(settings),
        stamp: Math.min(charter.stamp + 1, mostChanges),
        by: self.key,
      }
      passOn([])
    },
    hear,
    peerOf: (key) => roster.get(key)?.peer ?? null,
  }
}
