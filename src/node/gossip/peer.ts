/**
 * One gossiping tab: it drives its own reducer with what it hears and does what the reducer asks for. It has its adapter
 * trained (`training.ts`), tells its neighbours, pulls theirs (`announcements.ts`) and mixes; nobody tells it to. Who is
 * there and what is being run it knows from the room's membership (`membership/`).
 */
import type { MergeEffect, RoundCompletedEffect } from '../../federation/effects'
import { deviceAdapter } from '../../federation/names'
import { initialPeer, neighboursIn, stepPeer } from '../../federation/schemes/gossip/peer'
import type { Command, PeerEffect, PeerEvent, PeerHappening, PeerState } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { federationConfigOf } from '../../settings/derived/federationConfig'
import type { Settings } from '../../settings/table'
import { EventLoop, type Prepared } from '../executor/eventLoop'
import { mergeUpdates } from '../executor/mergeUpdates'
import { type Timers, timersOf } from '../executor/timers'
import { manifestFor, Updates } from '../executor/updates'
import { Versions } from '../executor/versions'
import type { HeldShare } from '../local/text'
import { type Measurements, measureRounds, type Published } from '../measuring/measurements'
import type { OpenMerging } from '../merging/merging'
import { type MergingTerms, termsOf } from '../merging/terms'
import type { SavedPeer } from '../stored/storage'
import type { Engine, Tab } from '../tab/tab'
import type { FromNeighbour } from '../wire/neighbourMessages'
import { type Announcements, announcementsOf } from './announcements'
import { type MembershipChanges, membershipChanges } from './membership/changes'
import type { Membership } from './membership/membership'
import { poolOf } from './membership/roster'
import { LocalTraining } from './training'
import { showPeer } from './view'

/** A neighbour may still ask for a version that was mixed into a newer one meanwhile. */
const versionsKept = 6

export interface PeerParts {
  readonly tab: Tab
  readonly network: Network
  readonly clock: Clock
  readonly membership: Membership
  readonly engine: Engine
  readonly openMerging: OpenMerging
  readonly saved: SavedPeer | null
  /** Keeps what a reload must find again. */
  save(change: Pick<SavedPeer, 'state' | 'adapters' | 'history' | 'startedAtMs'>): void
}

/** Starts from what was stored, or from the model's initial adapter. */
export async function openPeer(parts: PeerParts): Promise<Peer> {
  const { tab, engine, openMerging, saved } = parts
  const { adapter, initialAdapter } = engine.opened
  const merger = openMerging()
  const begun = await merger.merging.begin(adapter, initialAdapter, saved?.adapters ?? [])
  const versions = new Versions(begun, () => versionsKept)
  if (!saved) {
    const { hash, whole } = begun[0]
    const own = { adapter: deviceAdapter(tab.selfKey), version: 0, folds: 0 }
    const terms = termsOf(tab.store.getState().settings, 'peer', versionsKept)
    versions.put(await merger.merging.adopt(terms, { ...own, hash, bytes: whole.bytes.slice() }))
  }
  return new Peer(parts, merger, versions)
}

export class Peer {
  readonly #parts: PeerParts
  readonly #merger: ReturnType<OpenMerging>
  readonly #versions: Versions
  readonly #updates: Updates
  readonly #loop: EventLoop<PeerState, PeerEvent, PeerEffect>
  readonly #timers: Timers
  readonly #announcements: Announcements
  readonly #measurements: Measurements
  readonly #local: LocalTraining
  readonly #changes: MembershipChanges
  readonly #ownAdapter: string
  /** A new list with each mixing: what was shown once stays as it was. */
  #consensus: readonly number[] = []
  #wasInLobby = true
  #isClosed = false

  constructor(parts: PeerParts, merger: ReturnType<OpenMerging>, versions: Versions) {
    const { tab, network, clock, membership, engine, saved } = parts
    const { merging } = merger
    const { selfKey } = tab
    this.#parts = parts
    this.#merger = merger
    this.#versions = versions
    this.#ownAdapter = deviceAdapter(selfKey)
    const state = saved?.state ?? initialPeer(federationConfigOf(this.#settings(), null), selfKey)
    this.#loop = new EventLoop(state, {
      clock,
      step: stepPeer,
      prepare: (effects) => this.#prepare(effects),
      counted: () => this.#counted(),
      perform: (effect) => this.#perform(effect),
      settled: () => this.#show(),
      failed: (error) => tab.problem('mixing-failed', `Adapters could not be mixed: ${messageOf(error)}`),
    })
    const happen = (event: PeerHappening) => this.#loop.happen(event)
    const terms = () => this.#terms()
    this.#timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
    this.#updates = new Updates(merging, terms, () =>
      manifestFor(engine.opened, this.#settings().compression),
    )
    this.#announcements = announcementsOf({
      network,
      clock,
      selfKey,
      versions,
      merging,
      terms,
      peerOf: membership.peerOf,
    })
    this.#measurements = measureRounds(
      clock,
      () => engine.compute,
      () => this.#settings(),
      (published) => this.#publish(published),
      (error) => {
        if (!this.#isClosed)
          tab.problem('measuring-failed', `A round could not be measured: ${messageOf(error)}`)
      },
    )
    this.#local = new LocalTraining({
      tab,
      clock,
      membership,
      engine,
      versions,
      updates: this.#updates,
      happen,
      measured: this.#measurements.settled,
      report: (report) => this.#measurements.report(selfKey, report),
    })
    this.#changes = membershipChanges(happen, this.#announcements.forget)
    this.#wasInLobby = state.control.kind === 'lobby'
    if (saved) {
      tab.set({ history: saved.history, startedAtMs: saved.startedAtMs })
      happen({ type: 'peer-resumed' })
    }
    network.on('join', ({ deviceKey }) => {
      this.#announcements.forget(deviceKey)
      this.#changes.met(deviceKey)
      this.follow()
    })
    this.follow()
  }

  adapter(): Uint8Array {
    return this.#versions.newest(this.#ownAdapter).whole.bytes
  }

  alone(): Uint8Array | null {
    return this.#local.alone()
  }

  /** Trains on this text from the next round on. */
  hold(share: HeldShare, index: number): void {
    const { tab, membership } = this.#parts
    this.#local.hold(share, index)
    const { examples } = tab.store.getState().text
    tab.setDevice(tab.selfKey, { activity: 'idle' })
    membership.say({ examples, corpus: share.corpus, activity: 'idle' })
  }

  /** The roster has changed. */
  follow(): void {
    const { membership } = this.#parts
    this.#changes.follow(membership.roster())
    this.#announcements.remind(neighboursIn(this.#loop.state))
    this.#show()
  }

  /** Other settings, before anything has begun. */
  configure(settings: Settings): void {
    this.#loop.happen({ type: 'configured', config: federationConfigOf(settings, null) })
  }

  hasBegun(): boolean {
    return this.#loop.state.control.kind !== 'lobby'
  }

  command(command: Command): void {
    this.#loop.happen({ type: 'command', command })
  }

  pause(isPaused: boolean): void {
    const device = this.#parts.tab.selfKey
    this.#loop.happen({ type: isPaused ? 'device-paused' : 'device-resumed', device })
  }

  receive(from: string, message: FromNeighbour, bytes: Uint8Array | null): void {
    const { network, membership } = this.#parts
    const device = network.peers.get(from)?.deviceKey
    if (device === undefined || !membership.roster().has(device)) return
    switch (message.type) {
      case 'news':
        return
      case 'announcement': {
        const { version, hash, degree, share } = message
        return this.#loop.happen({ type: 'heard', device, version, adapterHash: hash, degree, share })
      }
      case 'pull':
        if (!this.#announcements.answer(from, message.version))
          this.#loop.happen({ type: 'pull-missed', device, version: message.version })
        return
      case 'adapter':
        return void this.#take(device, message, bytes)
      case 'share-taken':
        return this.#loop.happen({ type: 'share-taken', device, version: message.version })
    }
  }

  close(): void {
    this.#isClosed = true
    this.#loop.close()
    this.#local.close()
    this.#timers.stop(null)
    this.#merger.close()
  }

  #settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }

  #terms(): MergingTerms {
    return termsOf(this.#settings(), 'peer', versionsKept)
  }

  /** A mixing is made before its event counts, so that whoever asks for the new version finds it. */
  #prepare(effects: readonly PeerEffect[]): Promise<Prepared> | null {
    const { merging } = this.#merger
    const mixes = effects.filter((effect) => effect.type === 'combine')
    if (mixes.length === 0) return null
    const mixing = mixes.map((effect) =>
      Promise.all([merging.distance(effect.of), merging.combine(this.#terms(), effect)]),
    )
    return Promise.all(mixing).then((made) => () => {
      for (const [distance, version] of made) {
        this.#consensus = [...this.#consensus, distance]
        this.#versions.put(version)
      }
    })
  }

  /** A run that began by itself begins for those who come later, too; what a person says counts more. */
  #counted(): void {
    if (this.#wasInLobby && this.#loop.state.control.kind === 'running')
      this.#parts.membership.order('start', 1)
    this.#wasInLobby = this.#loop.state.control.kind === 'lobby'
  }

  #perform(effect: PeerEffect): void {
    const { tab, clock } = this.#parts
    switch (effect.type) {
      case 'order':
        if (tab.store.getState().startedAtMs === null) tab.set({ startedAtMs: clock.now() })
        return this.#local.order(effect)
      case 'merge':
        return void this.#merge(effect)
      // Made before the event counted.
      case 'combine':
        return
      case 'tell':
        return this.#announcements.tell(effect)
      case 'pull':
        return this.#announcements.pull(effect)
      case 'take-share':
        return this.#announcements.takeShare(effect)
      case 'start-timer':
        return this.#timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return this.#timers.stop(effect.adapter)
      case 'round-completed':
        return this.#complete(effect)
      case 'finished':
        return this.#local.interrupt()
    }
  }

  async #merge(effect: MergeEffect): Promise<void> {
    const refuse = (_: string, round: number, complaint: string) =>
      this.#parts.tab.problem('update-refused', `Round ${round} did not count: ${complaint}.`)
    const terms = () => this.#terms()
    const { merging } = this.#merger
    const { event, made } = await mergeUpdates({ merging, terms, updates: this.#updates, refuse }, effect)
    if (event.type === 'merge-failed' && !this.#isClosed) {
      this.#parts.tab.problem('update-refused', event.reason)
      this.command('pause')
    }
    this.#loop.happen(event, {
      taken: () => {
        if (made && this.#loop.state.adapters[made.adapter] >= made.version) this.#versions.put(made)
      },
    })
  }

  async #take(
    device: string,
    message: FromNeighbour & { type: 'adapter' },
    bytes: Uint8Array | null,
  ): Promise<void> {
    const complaint = await this.#announcements.take(device, message, bytes)
    if (this.#isClosed) return
    if (complaint === null) return this.#loop.happen({ type: 'pulled', device, version: message.version })
    const name = this.#parts.membership.roster().get(device)?.name ?? 'a tab'
    this.#parts.tab.problem('update-refused', `The adapter of ${name} was not mixed in: ${complaint}.`)
  }

  #complete({ round, version }: RoundCompletedEffect): void {
    const { tab, clock, network, membership } = this.#parts
    const { startedAtMs } = tab.store.getState()
    tab.setDevice(tab.selfKey, { activity: 'idle' })
    membership.say({ activity: 'idle', step: 0 })
    this.#keep()
    this.#measurements.completed({
      round,
      version,
      waits: true,
      distortion: null,
      staleness: null,
      lanBytes: null,
      seconds: startedAtMs === null ? 0 : (clock.now() - startedAtMs) / 1000,
      bytes: network.bytes.sent + network.bytes.received,
      parts: [{ adapter: this.adapter(), pool: poolOf(membership.roster()) }],
      trained: this.#updates.latest([tab.selfKey]),
    })
  }

  #publish({ record, baseLoss, baseRecall }: Published): void {
    const { tab, membership } = this.#parts
    if (this.#isClosed) return
    tab.set({ history: [...tab.store.getState().history, record], baseLoss, baseRecall })
    membership.say({ round: record.round })
    this.#keep()
  }

  #keep(): void {
    const { history, startedAtMs } = this.#parts.tab.store.getState()
    this.#parts.save({ state: this.#loop.state, adapters: this.#versions.saved(), history, startedAtMs })
  }

  #show(): void {
    const { tab, network, membership } = this.#parts
    const { hash } = this.#versions.newest(this.#ownAdapter)
    const version = this.#loop.state.adapters[this.#ownAdapter] ?? 0
    showPeer(tab, network, membership, this.#loop.state, { version, hash, consensus: this.#consensus })
    if (version !== membership.self().version) membership.say({ version })
  }
}
