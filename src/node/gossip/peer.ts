/**
 * One gossiping tab: it drives its own reducer with what it hears and does what the reducer asks for. It has its adapter
 * trained (`training.ts`), tells its neighbours, pulls theirs (`announcements.ts`) and mixes; nobody tells it to. Who is
 * there and what is being run it knows from the room's membership (`membership/`), what it does for its reducer is
 * `effects.ts`.
 */
import { deviceAdapter } from '../../federation/names'
import { initialPeer, neighboursIn, stepPeer } from '../../federation/schemes/gossip/peer'
import type { Command, PeerEffect, PeerEvent, PeerHappening, PeerState } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import type { Network } from '../../network/network'
import { atMostEvery, type Clock } from '../../network/time/clock'
import { federationConfigOf } from '../../settings/derived/federationConfig'
import type { Settings } from '../../settings/table'
import { EventLoop, type Prepared } from '../executor/eventLoop'
import { type Timers, timersOf } from '../executor/timers'
import { manifestFor, Updates } from '../executor/updates'
import { Versions } from '../executor/versions'
import type { HeldShare } from '../local/text'
import { type Measurements, measureRounds } from '../measuring/measurements'
import type { Published } from '../measuring/record'
import type { OpenMerging } from '../merging/merging'
import { type MergingTerms, termsOf } from '../merging/terms'
import type { SavedPeer } from '../stored/storage'
import { isLargeRoom, largeRoomPeriodMs } from '../tab/largeRoom'
import type { Engine, Tab } from '../tab/tab'
import type { FromNeighbour } from '../wire/neighbourMessages'
import { type Announcements, announcementsOf } from './announcements'
import { PeerEffects } from './effects'
import { type MembershipChanges, membershipChanges } from './membership/changes'
import type { Membership } from './membership/membership'
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
  readonly #loop: EventLoop<PeerState, PeerEvent, PeerEffect>
  readonly #timers: Timers
  readonly #announcements: Announcements
  readonly #measurements: Measurements
  readonly #local: LocalTraining
  readonly #effects: PeerEffects
  readonly #changes: MembershipChanges
  readonly #ownAdapter: string
  readonly #drawSoon: () => void
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
    this.#drawSoon = atMostEvery(
      clock,
      () => largeRoomPeriodMs,
      () => this.#draw(),
    )
    const state = saved?.state ?? initialPeer(federationConfigOf(this.#settings(), null), selfKey)
    this.#loop = new EventLoop(state, {
      clock,
      step: stepPeer,
      prepare: (effects) => this.#prepare(effects),
      counted: () => this.#counted(),
      perform: (effect) => this.#effects.perform(effect),
      settled: () => this.#show(),
      failed: (error) => tab.problem('mixing-failed', `Adapters could not be mixed: ${messageOf(error)}`),
    })
    const happen = (event: PeerHappening) => this.#loop.happen(event)
    const terms = () => this.#terms()
    this.#timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
    const updates = new Updates(merging, terms, () =>
      manifestFor(engine.opened, this.#settings().compression),
    )
    this.#announcements = announcementsOf({
      network,
      clock,
      selfKey,
      versions,
      merging,
      terms,
      peerOf: (key) => membership.peerOf(key),
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
      updates,
      happen,
      measured: this.#measurements.settled,
      report: (report) => this.#measurements.report(selfKey, report),
    })
    this.#effects = new PeerEffects({
      tab,
      network,
      clock,
      membership,
      loop: this.#loop,
      merging,
      terms,
      versions,
      updates,
      timers: this.#timers,
      announcements: this.#announcements,
      measurements: this.#measurements,
      local: this.#local,
      adapter: () => this.adapter(),
      keep: () => this.#keep(),
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
    this.#effects.close()
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
    const { tab, membership } = this.#parts
    if (isLargeRoom(tab)) this.#drawSoon()
    else this.#draw()
    const version = this.#version()
    if (version !== membership.self().version) membership.say({ version })
  }

  #draw(): void {
    const { tab, network, membership } = this.#parts
    const { hash } = this.#versions.newest(this.#ownAdapter)
    const standing = { version: this.#version(), hash, consensus: this.#consensus }
    if (!this.#isClosed) showPeer(tab, network, membership, this.#loop.state, standing)
  }

  #version(): number {
    return this.#loop.state.adapters[this.#ownAdapter] ?? 0
  }
}
