/**
 * The coordinator's tab: it drives the federation's reducer with what arrives, and does what the reducer asks for. The
 * reducer decides; adapters.ts and updates.ts keep the bytes, and this file the clock and the log. Everything that must
 * survive a reload is stored before it is acted on.
 */
import { mostShared, newestVersion, step, worksTowards } from '../../federation/federation'
import { globalAdapter } from '../../federation/names'
import type { Assignment } from '../../federation/resources/allocation'
import type {
  AdapterId,
  Command,
  DeviceKey,
  Effect,
  FederationEvent,
  Happening,
} from '../../federation/types'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { deliveriesOf } from '../executor/deliveries'
import { postOf } from '../executor/post'
import { timersOf } from '../executor/timers'
import { keepUpdates } from '../merging/updates'
import { keepAdapters } from '../merging/versions'
import type { Settings } from '../settings'
import type { SavedRoom, Storage } from '../stored/storage'
import type { Engine, Tab } from '../tab/tab'
import { federatingOf, federationConfigOf, versionsKept } from '../wire/federating'
import { edgesOf } from './edges'
import { receiveDevices } from './intake/intake'
import { logOf } from './log'
import { poolOf } from './pool'
import { publishingOf, showSeen } from './publishing'
import type { Resumed } from './resume'
import { trialsOf } from './trials'
import { type CoordinatorView, viewOf } from './view'

export interface CoordinatorParts {
  readonly tab: Tab
  readonly network: Network
  readonly engine: () => Engine
  readonly clock: Clock
  readonly storage: Storage
  readonly resumed: Resumed
  /** Whether this coordinator's own invitation lets its bearer merge for others. */
  readonly isEdgePass: (pass: string) => Promise<boolean>
}

export interface Coordinator {
  command(command: Command): void
  /** Gives a device this by hand; what is absent follows from what it can do. */
  assign(device: DeviceKey, override: Partial<Assignment>): void
  /** Makes a device an edge, or an ordinary one again. */
  appoint(device: DeviceKey, isEdge: boolean): void
  /** New settings for everybody, which fit the room as it is. The engine has been reopened if it had to be. */
  configure(settings: Settings): void
  /** The newest merged adapter; of several, the one that most devices share. */
  adapter(id?: AdapterId): Uint8Array
}

/** Null where nothing changes with an event. */
function changeOf(
  ...changes: readonly (Partial<SavedRoom> | null | undefined)[]
): Partial<SavedRoom> | undefined {
  const some = changes.filter((change) => change != null)
  return some.length > 0 ? Object.assign({}, ...some) : undefined
}

export function coordinate(parts: CoordinatorParts): Coordinator {
  const { tab, clock, network, engine, storage, resumed, isEdgePass } = parts
  const settings = () => tab.store.getState().settings
  const federating = () => federatingOf(settings())
  const { room } = resumed
  let { state } = resumed
  const adapters = keepAdapters(
    {
      federating,
      config: () => engine().opened.adapter,
      versions: () => versionsKept(state.config),
    },
    engine().opened.initialAdapter,
    room.adapters,
  )
  const updates = keepUpdates(
    federating,
    () => adapters,
    () => {
      const { modelHash, adapter } = engine().opened
      return { baseHash: modelHash, ...adapter, targets: [...adapter.targets], dtype: settings().compression }
    },
  )
  const timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
  const keep = logOf(tab, storage, room.code)
  const { send, broadcast } = postOf(tab, network)
  const deliveries = deliveriesOf(adapters, send, clock)
  const edges = edgesOf({
    ...{ tab, network, engine, send, updates, started },
    pool: () => pool(globalAdapter),
  })
  const trials = trialsOf(send, () => adapters, happen)
  const view: CoordinatorView = viewOf(tab, network, timers.closesAtMs)
  const publishing = publishingOf({
    ...{ tab, network, engine, settings, room, broadcast },
    completion: { adapters, updates, edges, pool: (adapter) => pool(adapter) },
    keep: (change) => keep(null, change),
    published: () => view.show(state),
  })

  function happen(event: Happening, change?: Partial<SavedRoom>): void {
    const stamped = { atMs: clock.now(), ...event } as FederationEvent
    if (stamped.type === 'device-joined') deliveries.forget(stamped.device)
    const [next, effects] = step(state, stamped)
    // Means of adapters are stored with the event that they belong to, like what was merged.
    const combines = effects.filter((effect) => effect.type === 'combine')
    for (const effect of combines) adapters.combine(effect)
    const combined = combines.length > 0 ? { adapters: adapters.saved() } : null
    keep(stamped, changeOf(change, combined, publishing.completing(next, effects)))
    state = next
    for (const effect of effects) perform(effect)
    publishing.measure()
    showAdapter()
    view.show(state)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'order':
        return order(effect)
      case 'announce':
        for (const key of effect.to) deliveries.deliver(key, effect)
        return
      case 'merge':
        // Later, not inside the event that completed the round: an event's effects see its own state only.
        clock.after(0, () => merge(effect))
        return
      case 'compare':
        clock.after(0, () => happen(updates.compare(effect)))
        return
      case 'start-timer':
        return timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return timers.stop(effect.adapter)
      // Publishing has seen it already.
      case 'round-completed':
        return
      case 'round-void':
        return tab.problem(
          'round-void',
          `Round ${effect.round} came to nothing. ${effect.why} It is tried again.`,
        )
      case 'update-dropped': {
        updates.forget(effect.device, effect.round)
        const reason = `The update of order ${effect.round} was not merged. ${effect.why} The device begins anew.`
        tab.setDevice(effect.device, { refused: reason })
        return tab.problem('update-dropped', `${view.nameOf(effect.device)}: ${reason}`)
      }
      case 'try':
        return trials.perform(effect)
      case 'order-edge':
      case 'edge-devices':
      case 'attach':
        return edges.perform(effect)
      case 'combine':
      case 'finished':
        return
      default:
        throw new Error(`A coordinator's tab cannot do "${effect.type}".`)
    }
  }

  function started(): void {
    if (tab.store.getState().startedAtMs !== null) return
    const startedAtMs = clock.now()
    tab.set({ startedAtMs })
    keep(null, { startedAtMs })
  }

  function order({ to, assigned, ...effect }: Effect & { type: 'order' }): void {
    started()
    const { adapter, version, round, steps, proximal } = effect
    const { batch, lr } = settings()
    const { rank } = engine().opened.adapter
    const { rule } = federating()
    const given = assigned ?? { batch, rank, precision: null }
    const message = {
      type: 'order',
      ...{ round, adapter, version, proximal, ...given, steps },
      ...{ learningRate: lr, learns: rule.learns(round), pool: pool(adapter), edge: null },
      forRound: worksTowards(state, round),
    } as const
    for (const key of to) {
      updates.ordered(key, round, { adapter, version }, given.rank)
      send(key, message)
    }
  }

  const pool = (adapter: AdapterId) => poolOf(state, tab.store.getState().devices, adapter)

  function merge(effect: Effect & { type: 'merge' }): void {
    const { adapter, version, round } = effect
    try {
      const { updates: wanted, complaints } = updates.forMerge(effect, adapters.newest(adapter).wanted)
      for (const { device, complaint } of complaints) refuse(device, round, complaint)
      const { hash } = adapters.merge(effect, wanted).issue
      for (const { device, round } of effect.updates) updates.forget(device, round)
      happen({ type: 'merged', adapter, round, version, adapterHash: hash }, { adapters: adapters.saved() })
    } catch (error) {
      const reason = `The updates could not be merged: ${messageOf(error)}`
      happen({ type: 'merge-failed', adapter, round, reason })
    }
  }

  function refuse(device: DeviceKey, round: number, complaint: string): void {
    const reason = `The update of round ${round} was refused: ${complaint}.`
    tab.setDevice(device, { refused: reason })
    tab.problem('update-refused', `${view.nameOf(device)}: ${reason} The round goes on without it.`)
    send(device, { type: 'refused', round, reason })
  }

  const { greet, welcome } = receiveDevices({
    ...{ tab, clock, network, engine, updates, edges, trials, publishing, view, send, happen, refuse },
    isEdgePass,
    state: () => state,
    hashOf: (name) => adapters.at(name)?.issue.hash ?? null,
    lacking: deliveries.lacking,
  })

  function showAdapter(): void {
    const { hash } = adapters.newest(mostShared(state)).issue
    if (hash !== tab.store.getState().adapterHash) tab.set({ adapterHash: hash })
  }

  /** In the lobby: everybody begins with these. */
  function agree(next: Settings): void {
    tab.set({ settings: next })
    if (newestVersion(state) === 0) adapters.reset(engine().opened.initialAdapter)
    happen({ type: 'configured', config: federationConfigOf(next, engine().opened) }, { settings: next })
    for (const { deviceKey } of network.peers.values()) {
      greet(deviceKey)
      deliveries.forget(deviceKey)
      deliveries.deliver(deviceKey, adapters.newest(globalAdapter).name)
    }
  }

  /** In the middle of a run: what was begun is merged first, and nothing that was learned is lost. */
  function goOnWith(next: Settings): void {
    const before = settings()
    const config = federationConfigOf(next, engine().opened)
    const overrides = state.config.allocation?.overrides ?? {}
    const allocation = config.allocation && { ...config.allocation, overrides }
    begunWith ??= before
    tab.set({ settings: next })
    happen({ type: 'switched', config: { ...config, allocation } }, { settings: next, begunWith })
    for (const { deviceKey } of network.peers.values()) greet(deviceKey)
  }

  let { begunWith } = room
  showSeen(tab, room)
  tab.set({ version: newestVersion(state) })
  showAdapter()
  publishing.measure()
  // With what it begins from, in one transaction: a log that was cut must not disagree with the adapters.
  const { adapters: begins, history, unpublished } = room
  if (resumed.event) happen(resumed.event, { adapters: begins, history, unpublished })
  for (const peer of network.peers.values()) welcome(peer)
  view.show(state)

  return {
    command: (command) => happen({ type: 'command', command }),
    assign: (device, override) => happen({ type: 'assignment-overridden', device, override }),
    appoint: (device, isEdge) => happen({ type: 'edge-appointed', device, isEdge }),
    configure: (next) => (state.control.kind === 'lobby' ? agree(next) : goOnWith(next)),
    adapter: (id = mostShared(state)) => adapters.newest(id).issue.bytes,
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
