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
import { isAwaited, mostShared } from '../../federation/view'
import { federationConfigOf, versionsKept } from '../../settings/derived/federationConfig'
import type { Settings } from '../../settings/table'
import { type Deliveries, deliveriesOf } from '../executor/deliveries'
import type { Turn } from '../executor/eventLoop'
import { Executor } from '../executor/executor'
import { postOf } from '../executor/post'
import type { IssuedVersion } from '../merging/merging'
import type { SavedRoom } from '../stored/storage'
import type { Testator } from '../succession/testator'
import type { PoolMember } from '../wire/parts'
import { shutOutsTo } from './door'
import { edgesOf } from './edges'
import { CoordinatorEffects } from './effects'
import { type Forgetting, forgettingOf } from './forgetting'
import { Intake } from './intake/intake'
import type { Keep } from './log'
import type { CoordinatorParts } from './parts'
import { poolOf } from './pool'
import { type Publishing, publishingOf, showSeen } from './publishing'
import type { Resumed } from './resume'
import { changeBy } from './stored'
import { testamentOf } from './testament'
import { trialsOf } from './trials'
import { type CoordinatorView, viewOf } from './view'
import { votesOf } from './votes'

export async function openRounds(parts: CoordinatorParts): Promise<Rounds> {
  const { adapter, initialAdapter } = parts.engine().opened
  return new Rounds(parts, await parts.merging.begin(adapter, initialAdapter, parts.resumed.room.adapters))
}

export class Rounds {
  readonly #parts: CoordinatorParts
  readonly #executor: Executor<FederationState, CoordinatorEvent, CoordinatorEffect>
  readonly #deliveries: Deliveries
  readonly #effects: CoordinatorEffects
  readonly #view: CoordinatorView
  readonly #publishing: Publishing
  readonly #intake: Intake
  readonly #forgetting: Forgetting
  readonly #testator: Testator
  #shownAdapters: FederationState['adapters'] | null = null
  readonly #keep: Keep
  /** Nobody keeps a link to these. */
  readonly tellShutOut: (keys: readonly string[]) => void
  /** With which the log begins, where others stand now. */
  #begunWith: SavedRoom['begunWith']

  constructor(parts: CoordinatorParts, begun: readonly IssuedVersion[]) {
    const { tab, network, engine, merging, clock, keep, resumed } = parts
    const { room } = resumed
    const state = () => this.#executor.state
    this.#parts = parts
    this.#begunWith = room.begunWith
    const { send, sendTo, broadcast } = postOf(tab, network, parts.notary)
    const members = () => this.#executor.state.members
    const votes = votesOf({ settings: () => this.#executor.settings(), clock, send, members })
    this.#executor = new Executor({
      tab,
      clock,
      engine,
      merging,
      tier: 'coordinator',
      versionsKept: ({ config }) => versionsKept(config),
      begun,
      state: resumed.state,
      step,
      newestIn: ({ adapters }, adapter) => adapters[adapter] ?? 0,
      isAwaited,
      perform: (effect) => this.#effects.perform(effect),
      refuse: (device, round, complaint) => this.#effects.refuse(device, round, complaint),
      judged: (made, effect) => votes.on(made, effect),
      counted: (event, effects) => this.#counted(event, effects),
      settled: () => this.#settled(),
      secure: { cryptography: parts.identity, send: (to, message) => send(to, message) },
    })
    const executor = this.#executor
    const happen = (event: CoordinatorHappening, turn?: Turn) => executor.happen(event, turn)
    this.#keep = keep
    this.tellShutOut = shutOutsTo(broadcast, clock)
    const pool = (adapter: AdapterId) => this.#pool(adapter)
    this.#deliveries = deliveriesOf(this.#executor.versions, send, clock)
    const edges = edgesOf({
      tab,
      network,
      engine,
      send,
      updates: this.#executor.updates,
      pool: () => pool(globalAdapter),
    })
    const trials = trialsOf(send, this.#executor.versions, happen)
    this.#view = viewOf(tab, network, sendTo, this.#executor.timers.closesAtMs)
    this.#publishing = publishingOf({
      tab,
      network,
      engine,
      settings: () => this.#executor.settings(),
      room,
      completion: { versions: this.#executor.versions, updates: this.#executor.updates, edges, pool },
      keep: (change) => this.#keep(null, change),
      broadcast,
      published: () => this.#view.show(state()),
    })
    this.#testator = testamentOf(parts, executor, send, this.#keep, () => ({
      begunWith: this.#begunWith,
      forgotten: this.#forgetting.kept(),
    }))
    this.#forgetting = forgettingOf({
      tab,
      engine,
      versions: executor.versions,
      merging,
      send,
      happen,
      state,
      pool: () => pool(globalAdapter),
      nameOf: this.#view.nameOf,
      stored: room.forgotten,
      keep: (change) => void this.#keep(null, change).then(this.#testator.changed),
    })
    this.#effects = new CoordinatorEffects({
      tab,
      clock,
      executor,
      merging,
      deliveries: this.#deliveries,
      edges,
      trials,
      forgetting: this.#forgetting,
      view: this.#view,
      send,
      keep: this.#keep,
      pool,
    })
    this.#intake = new Intake({
      ...parts,
      receiveUpdate: executor.receiveUpdate,
      secure: executor.secure!,
      edges,
      trials,
      forgetting: this.#forgetting,
      votes,
      testator: this.#testator,
      publishing: this.#publishing,
      view: this.#view,
      send,
      happen,
      state,
      hashOf: (name) => this.#executor.versions.at(name)?.hash ?? null,
      lacking: this.#deliveries.lacking,
      barred: () => parts.door.barred,
    })
    this.#goOn(resumed)
  }

  command(command: Command): void {
    this.#executor.happen({ type: 'command', command })
  }

  /** Gives a device this by hand; what is absent follows from what it can do. */
  assign(device: DeviceKey, override: Partial<Assignment>): void {
    this.#executor.happen({ type: 'assignment-overridden', device, override })
  }

  /** Makes a device an edge, or an ordinary one again. */
  appoint(device: DeviceKey, isEdge: boolean): void {
    this.#executor.happen({ type: 'edge-appointed', device, isEdge })
  }

  /** Takes a device out, and what was learned from it. */
  forget(device: DeviceKey): void {
    this.#forgetting.ask({ device, of: 'everything' })
  }

  /** New settings for everybody, which fit the room as it is. The engine has been reopened if it had to be. */
  configure(next: Settings): void {
    if (this.#executor.state.control.kind === 'lobby') this.#agree(next)
    else this.#goOnWith(next)
  }

  /** Nothing happens here any more. */
  close(): void {
    this.#executor.close()
  }

  /** The newest merged adapter of a cluster; where none is said, of the one that most devices share. */
  adapter(id: AdapterId = mostShared(this.#executor.state)): Uint8Array {
    return this.#executor.versions.newest(id).whole.bytes
  }

  /** After a reload: shows what was seen, and begins whatever was under way again. */
  #goOn({ room, event }: Resumed): void {
    const { tab, network } = this.#parts
    showSeen(tab, room)
    tab.set({ version: newestVersion(this.#executor.state) })
    this.#showAdapter()
    this.#publishing.measure()
    this.#forgetting.resume()
    if (event) this.#executor.happen(event)
    for (const peer of network.peers.values()) this.#intake.welcome(peer)
    this.#view.show(this.#executor.state)
  }

  #pool(adapter: AdapterId): PoolMember[] {
    return poolOf(this.#executor.state, this.#parts.tab.store.getState().devices, adapter)
  }

  /**
   * A version that somebody has heard of must not be lost, nor that somebody was forgotten: heirs have it, and it is kept, before it
   * is told.
   */
  #counted(event: CoordinatorEvent, effects: readonly CoordinatorEffect[]): Promise<void> | null {
    if (event.type === 'device-joined') this.#deliveries.forget(event.device)
    if (event.type === 'update-arrived') this.#parts.tab.setDevice(event.device, { refused: null })
    const completed = this.#publishing.completing(this.#executor.state, effects)
    const stored = {
      settings: this.#executor.settings(),
      begunWith: this.#begunWith,
      room: this.#parts.resumed.room,
    }
    const changed = changeBy(event, effects, stored, () => this.#executor.versions.saved())
    const change = { ...changed, ...completed, ...this.#forgetting.fulfilling(effects) }
    const store = () => this.#keep(event, Object.keys(change).length > 0 ? change : undefined)
    const bequeathed = this.#testator.counted(event, change)
    if (bequeathed) return bequeathed.then(store)
    const kept = store()
    return change.adapters || change.forgotten ? kept : null
  }

  #settled(): void {
    this.#testator.settled()
    this.#publishing.measure()
    this.#showAdapter()
    this.#view.show(this.#executor.state)
  }

  /** As often as there are other versions: to ask which is shared by most takes a look at every device. */
  #showAdapter(): void {
    const { tab } = this.#parts
    const { state, versions } = this.#executor
    if (state.adapters === this.#shownAdapters) return
    this.#shownAdapters = state.adapters
    const { hash } = versions.newest(mostShared(state))
    if (hash !== tab.store.getState().adapterHash) tab.set({ adapterHash: hash })
  }

  /** In the lobby: everybody begins with these. */
  #agree(next: Settings): void {
    const { tab, network } = this.#parts
    const { opened } = this.#parts.engine()
    tab.set({ settings: next })
    this.#executor.happen(
      { type: 'configured', config: federationConfigOf(next, opened, this.#parts.crowd) },
      {
        before: async () => {
          if (newestVersion(this.#executor.state) === 0) await this.#executor.beginAnew()
        },
        taken: () => {
          for (const { deviceKey } of network.peers.values()) {
            this.#intake.greet(deviceKey)
            this.#deliveries.forget(deviceKey)
            this.#deliveries.deliver(deviceKey, this.#executor.versions.newest(globalAdapter))
          }
        },
      },
    )
  }

  /** In the middle of a run: what was begun is merged first, and nothing that was learned is lost. */
  #goOnWith(next: Settings): void {
    const { tab, network, engine } = this.#parts
    const config = federationConfigOf(next, engine().opened, this.#parts.crowd)
    const overrides = this.#executor.state.config.allocation?.overrides ?? {}
    const allocation = config.allocation && { ...config.allocation, overrides }
    this.#begunWith ??= this.#executor.settings()
    tab.set({ settings: next })
    this.#executor.happen({ type: 'switched', config: { ...config, allocation } })
    for (const { deviceKey } of network.peers.values()) this.#intake.greet(deviceKey)
  }
}
