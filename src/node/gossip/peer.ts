/**
 * One gossiping tab: it drives its own reducer with what it hears and does what the reducer asks for. It has its adapter
 * trained (`training.ts`), tells its neighbours, pulls theirs (`announcements.ts`) and mixes; nobody tells it to. Who is
 * there and what is being run it knows from the room's membership (`membership/`), what it does for its reducer is
 * `effects.ts`.
 */

import { deviceAdapter } from '../../federation/names'
import { neighboursIn } from '../../federation/schemes/gossip/neighbours'
import { initialPeer, stepPeer } from '../../federation/schemes/gossip/peer'
import type { Command, PeerEffect, PeerEvent, PeerHappening, PeerState } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import type { Network } from '../../network/network'
import { atMostEvery, type Clock } from '../../network/time/clock'
import { federationConfigOf } from '../../settings/derived/federationConfig'
import type { Settings } from '../../settings/table'
import { Executor, makesVersion } from '../executor/executor'
import type { HeldShare } from '../local/text'
import { type Measurements, measureRounds } from '../measuring/measurements'
import type { Published } from '../measuring/record'
import type { IssuedVersion, OpenMerging } from '../merging/merging'
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
export const versionsKept = 6

export interface PeerParts {
  readonly tab: Tab
  readonly network: Network
  readonly clock: Clock
  readonly membership: Membership
  readonly engine: Engine
  readonly openMerging: OpenMerging
  readonly saved: SavedPeer | null
  /** Keeps what a reload must find again. */
  save(change: Pick<SavedPeer, 'state' | 'adapters' | 'history' | 'startedAtMs'>): Promise<void>
}

export class Peer {
  readonly #parts: PeerParts
  readonly #merger: ReturnType<OpenMerging>
  readonly #executor: Executor<PeerState, PeerEvent, PeerEffect>
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

  constructor(parts: PeerParts, merger: ReturnType<OpenMerging>, begun: readonly IssuedVersion[]) {
    const { tab, network, clock, membership, engine, saved } = parts
    const { merging } = merger
    const { selfKey } = tab
    this.#parts = parts
    this.#merger = merger
    this.#ownAdapter = deviceAdapter(selfKey)
    this.#drawSoon = atMostEvery(
      clock,
      () => largeRoomPeriodMs,
      () => this.#draw(),
    )
    const state =
      saved?.state ?? initialPeer(federationConfigOf(tab.store.getState().settings, null), selfKey)
    this.#executor = new Executor({
      tab,
      clock,
      engine: () => engine,
      merging,
      tier: 'peer',
      versionsKept: () => versionsKept,
      begun,
      state,
      step: stepPeer,
      newestIn: ({ adapters }, adapter) => adapters[adapter] ?? 0,
      // Its own updates are looked at as they come out of training.
      isAwaited: () => false,
      perform: (effect) => this.#effects.perform(effect),
      refuse: (_, round, complaint) =>
        tab.problem('update-refused', sentence(`Round ${round} did not count: ${complaint}`)),
      // A round that cannot be merged would fail again: it waits for a person.
      mergeFailed: (reason) => {
        tab.problem('update-refused', reason)
        this.command('pause')
      },
      mixed: (distance) => {
        this.#consensus = [...this.#consensus, distance]
      },
      // A version that a neighbour has heard of must not be forgotten: it is kept before it is told.
      counted: (event, effects) => {
        this.#counted()
        return makesVersion(event, effects) ? this.#keep() : null
      },
      settled: () => this.#show(),
    })
    const executor = this.#executor
    const { versions } = executor
    const happen = (event: PeerHappening) => executor.happen(event)
    this.#announcements = announcementsOf({
      network,
      clock,
      selfKey,
      versions,
      merging,
      terms: () => executor.terms(),
      peerOf: (key) => membership.peerOf(key),
    })
    this.#measurements = measureRounds(
      clock,
      () => engine.compute,
      () => this.#executor.settings(),
      (published) => this.#publish(published),
      (error) => {
        if (!this.#isClosed)
          tab.problem('measuring-failed', sentence(`A round could not be measured: ${messageOf(error)}`))
      },
    )
    this.#local = new LocalTraining({
      tab,
      clock,
      membership,
      engine,
      executor,
      measured: this.#measurements.settled,
      report: (report) => this.#measurements.report(selfKey, report),
    })
    this.#effects = new PeerEffects({
      tab,
      network,
      clock,
      membership,
      executor,
      announcements: this.#announcements,
      measurements: this.#measurements,
      local: this.#local,
      adapter: () => this.adapter(),
      keep: () => void this.#keep(),
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
    return this.#executor.versions.newest(this.#ownAdapter).whole.bytes
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
    this.#announcements.remind(neighboursIn(this.#executor.state))
    this.#show()
  }

  /** Other settings, before anything has begun. */
  configure(settings: Settings): void {
    this.#executor.happen({ type: 'configured', config: federationConfigOf(settings, null) })
  }

  hasBegun(): boolean {
    return this.#executor.state.control.kind !== 'lobby'
  }

  command(command: Command): void {
    this.#executor.happen({ type: 'command', command })
  }

  pause(isPaused: boolean): void {
    const device = this.#parts.tab.selfKey
    this.#executor.happen({ type: isPaused ? 'device-paused' : 'device-resumed', device })
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
        return this.#executor.happen({ type: 'heard', device, version, adapterHash: hash, degree, share })
      }
      case 'pull':
        if (!this.#announcements.answer(from, message.version))
          this.#executor.happen({ type: 'pull-missed', device, version: message.version })
        return
      case 'adapter':
        return void this.#take(device, message, bytes)
      case 'share-taken':
        return this.#executor.happen({ type: 'share-taken', device, version: message.version })
    }
  }

  close(): void {
    this.#isClosed = true
    this.#executor.close()
    this.#local.close()
    this.#merger.close()
  }

  /** A run that began by itself begins for those who come later, too; what a person says counts more. */
  #counted(): void {
    if (this.#wasInLobby && this.#executor.state.control.kind === 'running')
      this.#parts.membership.order('start', 1)
    this.#wasInLobby = this.#executor.state.control.kind === 'lobby'
  }

  async #take(
    device: string,
    message: FromNeighbour & { type: 'adapter' },
    bytes: Uint8Array | null,
  ): Promise<void> {
    const complaint = await this.#announcements.take(device, message, bytes)
    if (this.#isClosed) return
    if (complaint === null) return this.#executor.happen({ type: 'pulled', device, version: message.version })
    const name = this.#parts.membership.roster().get(device)?.name ?? 'a tab'
    this.#parts.tab.problem(
      'update-refused',
      sentence(`The adapter of ${name} was not mixed in: ${complaint}`),
    )
  }

  #publish({ record, baseLoss, baseRecall }: Published): void {
    const { tab, membership } = this.#parts
    if (this.#isClosed) return
    tab.set({ history: [...tab.store.getState().history, record], baseLoss, baseRecall })
    membership.say({ round: record.round })
    void this.#keep()
  }

  #keep(): Promise<void> {
    const { history, startedAtMs } = this.#parts.tab.store.getState()
    return this.#parts.save({
      state: this.#executor.state,
      adapters: this.#executor.versions.saved(),
      history,
      startedAtMs,
    })
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
    const { state, versions } = this.#executor
    const { hash } = versions.newest(this.#ownAdapter)
    const standing = { version: this.#version(), hash, consensus: this.#consensus }
    if (!this.#isClosed) showPeer(tab, network, membership, state, standing)
  }

  #version(): number {
    return this.#executor.state.adapters[this.#ownAdapter] ?? 0
  }
}
