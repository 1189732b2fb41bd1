/**
 * The coordinator's tab: it drives the federation's reducer with what arrives, and does what the reducer asks for. The
 * reducer decides; what is done for it is `effects.ts`. Everything that must survive a reload is stored before it is acted
 * on.
 */
import { step } from '../../federation/federation'
import { globalAdapter } from '../../federation/names'
import type { Assignment } from '../../federation/resources/allocation'
import { newestVersion } from '../../federation/run'
import type {
  AdapterId,
  Command,
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorHappening,
  DeviceKey,
  FederationState,
} from '../../federation/types'
import { mostShared } from '../../federation/view'
import { messageOf } from '../../lib/messageOf'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { type Crowd, federationConfigOf, versionsKept } from '../../settings/derived/federationConfig'
import type { Settings } from '../../settings/table'
import { type Deliveries, deliveriesOf } from '../executor/deliveries'
import { EventLoop, type Prepared, type Turn } from '../executor/eventLoop'
import { postOf } from '../executor/post'
import { type Timers, timersOf } from '../executor/timers'
import { manifestFor, Updates } from '../executor/updates'
import { Versions } from '../executor/versions'
import type { IssuedVersion, Merging } from '../merging/merging'
import { type MergingTerms, termsOf } from '../merging/terms'
import type { Ear, Router } from '../router'
import type { SavedRoom, Storage } from '../stored/storage'
import type { Engine, Tab } from '../tab/tab'
import type { FromDevice, PoolMember } from '../wire/messages'
import { edgesOf } from './edges'
import { CoordinatorEffects } from './effects'
import { type Reception, receiveDevices } from './intake/intake'
import { type Keep, logOf } from './log'
import { poolOf } from './pool'
import { type Publishing, publishingOf, showSeen } from './publishing'
import type { Resumed } from './resume'
import { trialsOf } from './trials'
import { type CoordinatorView, viewOf } from './view'

export interface CoordinatorParts {
  readonly tab: Tab
  readonly network: Network
  readonly router: Router
  readonly fromDevices: Ear<FromDevice>
  readonly engine: () => Engine
  readonly merging: Merging
  readonly clock: Clock
  readonly crowd: Crowd
  readonly storage: Storage
  readonly resumed: Resumed
  /** Whether this coordinator's own invitation lets its bearer merge for others. */
  readonly isEdgePass: (pass: string) => Promise<boolean>
}

export async function openRounds(parts: CoordinatorParts): Promise<Rounds> {
  const { adapter, initialAdapter } = parts.engine().opened
  return new Rounds(parts, await parts.merging.begin(adapter, initialAdapter, parts.resumed.room.adapters))
}

export class Rounds {
  readonly #parts: CoordinatorParts
  readonly #loop: EventLoop<FederationState, CoordinatorEvent, CoordinatorEffect>
  readonly #timers: Timers
  readonly #versions: Versions
  readonly #updates: Updates
  readonly #deliveries: Deliveries
  readonly #effects: CoordinatorEffects
  readonly #view: CoordinatorView
  readonly #publishing: Publishing
  readonly #intake: Reception
  readonly #keep: Keep
  /** With which the log begins, where others stand now. */
  #begunWith: SavedRoom['begunWith']

  constructor(parts: CoordinatorParts, begun: readonly IssuedVersion[]) {
    const { tab, network, engine, merging, clock, storage, resumed } = parts
    const { room } = resumed
    const state = () => this.#loop.state
    this.#parts = parts
    this.#begunWith = room.begunWith
    this.#loop = new EventLoop(resumed.state, {
      clock,
      step,
      prepare: (effects) => this.#prepare(effects),
      counted: (event, effects) => this.#counted(event, effects),
      perform: (effect) => this.#effects.perform(effect),
      settled: () => this.#settled(),
      failed: (error) =>
        tab.problem('mixing-failed', `Adapters could not be mixed: ${messageOf(error)} Reload this tab.`),
    })
    const happen = (event: CoordinatorHappening, turn?: Turn) => this.#loop.happen(event, turn)
    this.#timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
    this.#versions = new Versions(begun, () => versionsKept(state().config))
    this.#updates = new Updates(
      merging,
      () => this.#terms(),
      () => manifestFor(engine().opened, this.#settings().compression),
    )
    this.#keep = logOf(tab, storage, room.code)
    const { send, broadcast } = postOf(tab, network)
    const pool = (adapter: AdapterId) => this.#pool(adapter)
    this.#deliveries = deliveriesOf(this.#versions, send, clock)
    const edges = edgesOf({
      tab,
      network,
      engine,
      send,
      updates: this.#updates,
      pool: () => pool(globalAdapter),
    })
    const trials = trialsOf(send, this.#versions, happen)
    this.#view = viewOf(tab, network, this.#timers.closesAtMs)
    this.#publishing = publishingOf({
      tab,
      network,
      engine,
      settings: () => this.#settings(),
      room,
      completion: { versions: this.#versions, updates: this.#updates, edges, pool },
      keep: (change) => this.#keep(null, change),
      broadcast,
      published: () => this.#view.show(state()),
    })
    this.#effects = new CoordinatorEffects({
      tab,
      clock,
      engine,
      loop: this.#loop,
      merging,
      terms: () => this.#terms(),
      versions: this.#versions,
      updates: this.#updates,
      deliveries: this.#deliveries,
      timers: this.#timers,
      edges,
      trials,
      view: this.#view,
      send,
      keep: this.#keep,
      pool,
    })
    this.#intake = receiveDevices({
      crowd: parts.crowd,
      tab,
      clock,
      network,
      router: parts.router,
      fromDevices: parts.fromDevices,
      engine,
      updates: this.#updates,
      edges,
      trials,
      publishing: this.#publishing,
      view: this.#view,
      send,
      happen,
      state,
      hashOf: (name) => this.#versions.at(name)?.hash ?? null,
      refuse: (device, round, complaint) => this.#effects.refuse(device, round, complaint),
      isEdgePass: parts.isEdgePass,
      lacking: this.#deliveries.lacking,
    })
    this.#goOn(resumed)
  }

  command(command: Command): void {
    this.#loop.happen({ type: 'command', command })
  }

  /** Gives a device this by hand; what is absent follows from what it can do. */
  assign(device: DeviceKey, override: Partial<Assignment>): void {
    this.#loop.happen({ type: 'assignment-overridden', device, override })
  }

  /** Makes a device an edge, or an ordinary one again. */
  appoint(device: DeviceKey, isEdge: boolean): void {
    this.#loop.happen({ type: 'edge-appointed', device, isEdge })
  }

  /** New settings for everybody, which fit the room as it is. The engine has been reopened if it had to be. */
  configure(next: Settings): void {
    if (this.#loop.state.control.kind === 'lobby') this.#agree(next)
    else this.#goOnWith(next)
  }

  /** The newest merged adapter of a cluster; where none is said, of the one that most devices share. */
  adapter(id: AdapterId = mostShared(this.#loop.state)): Uint8Array {
    return this.#versions.newest(id).whole.bytes
  }

  /** After a reload: shows what was seen, and begins whatever was under way again. */
  #goOn({ room, event }: Resumed): void {
    const { tab, network } = this.#parts
    showSeen(tab, room)
    tab.set({ version: newestVersion(this.#loop.state) })
    this.#showAdapter()
    this.#publishing.measure()
    if (event) this.#loop.happen(event)
    for (const peer of network.peers.values()) this.#intake.welcome(peer)
    this.#view.show(this.#loop.state)
  }

  #settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }

  #terms(): MergingTerms {
    return termsOf(this.#settings(), 'coordinator', versionsKept(this.#loop.state.config))
  }

  #pool(adapter: AdapterId): PoolMember[] {
    return poolOf(this.#loop.state, this.#parts.tab.store.getState().devices, adapter)
  }

  /** Means of adapters are stored with the event that they belong to, so they are made before it counts. */
  #prepare(effects: readonly CoordinatorEffect[]): Promise<Prepared> | null {
    const combines = effects.filter((effect) => effect.type === 'combine')
    if (combines.length === 0) return null
    const making = combines.map((effect) => this.#parts.merging.combine(this.#terms(), effect))
    return Promise.all(making).then((made) => () => {
      for (const version of made) this.#versions.put(version)
    })
  }

  #counted(event: CoordinatorEvent, effects: readonly CoordinatorEffect[]): void {
    if (event.type === 'device-joined') this.#deliveries.forget(event.device)
    if (event.type === 'update-arrived') this.#parts.tab.setDevice(event.device, { refused: null })
    const completed = this.#publishing.completing(this.#loop.state, effects)
    const change = { ...this.#changeOf(event, effects), ...completed }
    this.#keep(event, Object.keys(change).length > 0 ? change : undefined)
  }

  /** What an event changes in the room, to be stored in one transaction with it. */
  #changeOf(event: CoordinatorEvent, effects: readonly CoordinatorEffect[]): Partial<SavedRoom> {
    switch (event.type) {
      case 'configured':
        return { settings: this.#settings() }
      case 'switched': {
        const change = { settings: this.#settings(), begunWith: this.#begunWith }
        return combines(effects) ? { ...change, adapters: this.#versions.saved() } : change
      }
      case 'recovered':
      case 'coordinator-resumed': {
        // With what it begins from: a log that was cut must not disagree with the adapters.
        const { adapters, history, unpublished } = this.#parts.resumed.room
        return { adapters: combines(effects) ? this.#versions.saved() : adapters, history, unpublished }
      }
      default:
        return event.type === 'merged' || combines(effects) ? { adapters: this.#versions.saved() } : {}
    }
  }

  #settled(): void {
    this.#publishing.measure()
    this.#showAdapter()
    this.#view.show(this.#loop.state)
  }

  #showAdapter(): void {
    const { tab } = this.#parts
    const { hash } = this.#versions.newest(mostShared(this.#loop.state))
    if (hash !== tab.store.getState().adapterHash) tab.set({ adapterHash: hash })
  }

  /** In the lobby: everybody begins with these. */
  #agree(next: Settings): void {
    const { tab, network, merging } = this.#parts
    const { opened } = this.#parts.engine()
    tab.set({ settings: next })
    this.#loop.happen(
      { type: 'configured', config: federationConfigOf(next, opened, this.#parts.crowd) },
      {
        before: async () => {
          if (newestVersion(this.#loop.state) > 0) return
          this.#versions.replace(await merging.begin(opened.adapter, opened.initialAdapter, []))
        },
        taken: () => {
          for (const { deviceKey } of network.peers.values()) {
            this.#intake.greet(deviceKey)
            this.#deliveries.forget(deviceKey)
            this.#deliveries.deliver(deviceKey, this.#versions.newest(globalAdapter))
          }
        },
      },
    )
  }

  /** In the middle of a run: what was begun is merged first, and nothing that was learned is lost. */
  #goOnWith(next: Settings): void {
    const { tab, network, engine } = this.#parts
    const config = federationConfigOf(next, engine().opened, this.#parts.crowd)
    const overrides = this.#loop.state.config.allocation?.overrides ?? {}
    const allocation = config.allocation && { ...config.allocation, overrides }
    this.#begunWith ??= this.#settings()
    tab.set({ settings: next })
    this.#loop.happen({ type: 'switched', config: { ...config, allocation } })
    for (const { deviceKey } of network.peers.values()) this.#intake.greet(deviceKey)
  }
}

const combines = (effects: readonly CoordinatorEffect[]): boolean =>
  effects.some(({ type }) => type === 'combine')
