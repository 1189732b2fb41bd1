/**
 * The coordinator's tab: it drives the federation's reducer with what arrives, and does what the reducer asks for. The
 * reducer decides; this file keeps the bytes (updates, the merged adapter), the clock and the log. Everything that must
 * survive a reload is stored before it is acted on.
 */
import { fedavg } from '../../federation/aggregation/fedavg'
import { serverSteps } from '../../federation/aggregation/registry'
import { defaultConfig } from '../../federation/config'
import { newestVersion, replay, step } from '../../federation/federation'
import type {
  Command,
  Effect,
  FederationConfig,
  FederationEvent,
  FederationState,
} from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { Network } from '../../network/network'
import type { PoolMember } from '../messages'
import type { Settings } from '../settings'
import type { SavedRoom, Storage } from '../storage'
import type { Engine, Tab } from '../tab'
import { measureRounds, type Published } from './measurements'
import { postOf } from './post'
import { type Happening, receiveDevices } from './reception'
import { timersOf } from './timers'
import { keepUpdates } from './updates'
import { type CoordinatorView, viewOf } from './view'

export interface CoordinatorParts {
  readonly tab: Tab
  readonly network: Network
  readonly engine: () => Engine
  readonly storage: Storage
  readonly room: SavedRoom
  readonly log: readonly FederationEvent[]
}

export interface Coordinator {
  command(command: Command): void
  /** New settings for everybody; only in the lobby. The engine has been reopened if it had to be. */
  configure(settings: Settings): void
  /** The newest merged adapter. */
  adapter(): Uint8Array
}

export const federationConfigOf = (settings: Settings): FederationConfig => ({
  ...defaultConfig,
  scheme: settings.scheme,
  seed: settings.seed,
  rounds: settings.rounds,
  localSteps: settings.localSteps,
  autostart: settings.autostart,
})

export function coordinate({ tab, network, engine, storage, room, log }: CoordinatorParts): Coordinator {
  const settings = () => tab.store.getState().settings
  let state: FederationState = replay(federationConfigOf(room.settings), log)
  let adapter = room.adapter ?? engine().opened.initialAdapter
  let velocity: TensorMap | null = room.velocity ? decodeSafetensors(room.velocity).tensors : null
  const updates = keepUpdates(() => adapter)
  const timers = timersOf((timer) => happen({ type: 'timer-fired', timer }))
  const { send, broadcast } = postOf(network)
  const view: CoordinatorView = viewOf(tab, network)
  const measurements = measureRounds(
    () => engine().compute,
    settings,
    publish,
    (error) =>
      tab.problem(
        'measuring-failed',
        `A round could not be measured: ${error instanceof Error ? error.message : error}`,
      ),
  )

  function publish({ record, baseLoss, baseRecall }: Published): void {
    const history = [...tab.store.getState().history, record]
    tab.set({ history, baseLoss, baseRecall })
    keep(null, { history })
    broadcast({ type: 'record', record, baseLoss, baseRecall })
    view.show(state)
  }

  /** Stored before it is acted on. A browser that stops storing (a full disk) costs the resume, not the run. */
  function keep(event: FederationEvent | null, change?: Partial<SavedRoom>): void {
    storage.append(room.code, event, change).catch(() => {
      const what = 'This browser has stopped storing the run, so a reload of this tab would lose it.'
      tab.problem(
        'not-stored',
        `${what} The run itself goes on: free some disk space, and leave the tab open.`,
      )
    })
  }

  function happen(event: Happening, change?: Partial<SavedRoom>): void {
    const stamped = { atMs: Date.now(), ...event } as FederationEvent
    keep(stamped, change)
    const [next, effects] = step(state, stamped)
    state = next
    for (const effect of effects) perform(effect)
    view.show(state)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'order':
        return order(effect)
      case 'announce': {
        const message = { type: 'adapter', version: effect.version, hash: sha256Hex(adapter) } as const
        for (const key of effect.to) send(key, message, adapter)
        return
      }
      case 'merge':
        // Later, not inside the event that completed the round: an event's effects see its own state only.
        queueMicrotask(() => merge(effect))
        return
      case 'start-timer':
        timers.start(effect.timer, effect.afterMs)
        if (effect.timer.name !== 'acknowledgement') view.deadline(Date.now() + effect.afterMs)
        return
      case 'stop-timers':
        timers.stop(effect.adapter)
        return view.deadline(null)
      case 'round-completed':
        return measurements.completed({
          round: effect.round,
          version: effect.version,
          seconds: (Date.now() - (tab.store.getState().startedAtMs ?? Date.now())) / 1000,
          bytes: network.bytes.sent + network.bytes.received,
          adapter,
          pool: pool(),
          trained: updates.of(effect.contributors),
        })
      case 'round-void':
        return tab.problem(
          'round-void',
          `Round ${effect.round} came to nothing. ${effect.why} It is tried again.`,
        )
      case 'finished':
        return
      default:
        throw new Error(`A coordinator's tab cannot do "${effect.type}".`)
    }
  }

  function order({ to, round, version }: Effect & { type: 'order' }): void {
    updates.clear()
    if (tab.store.getState().startedAtMs === null) {
      tab.set({ startedAtMs: Date.now() })
      keep(null, { startedAtMs: Date.now() })
    }
    const { localSteps, batch, lr } = settings()
    const message = {
      type: 'order',
      round,
      version,
      steps: localSteps,
      batch,
      learningRate: lr,
      pool: pool(),
    } as const
    for (const key of to) send(key, message)
  }

  /** Whose generated held-out text counts: every device that has ever held some, in index order. */
  function pool(): PoolMember[] {
    const { devices } = tab.store.getState()
    return state.members.flatMap(({ key, index }) => {
      const corpus = devices.find((device) => device.key === key)?.corpus
      return corpus ? [{ index, corpus }] : []
    })
  }

  function merge({ adapter: target, version, round, updates: wanted }: Effect & { type: 'merge' }): void {
    try {
      const weighted = wanted.map(({ device, weight }) => ({ delta: updates.get(device)!.delta, weight }))
      const server = serverSteps[settings().aggregation](settings())
      const merged = fedavg(decodeSafetensors(adapter).tensors, weighted, velocity, server)
      velocity = merged.velocity
      adapter = encodeSafetensors(merged.tensors)
      const adapterHash = sha256Hex(adapter)
      tab.set({ version, adapterHash })
      happen(
        { type: 'merged', adapter: target, round, version, adapterHash },
        { version, adapter, velocity: encodeSafetensors(velocity) },
      )
    } catch (error) {
      const reason = `The updates could not be merged: ${error instanceof Error ? error.message : error}`
      happen({ type: 'merge-failed', adapter: target, round, reason })
    }
  }

  const { greet, welcome } = receiveDevices({
    ...{ tab, network, engine, updates, measurements, view, send, happen },
    state: () => state,
    adapterHash: () => sha256Hex(adapter),
  })

  const { history, startedAtMs } = room
  tab.set({ version: newestVersion(state), adapterHash: sha256Hex(adapter), history, startedAtMs })
  if (log.length > 0) happen({ type: 'coordinator-resumed' })
  for (const peer of network.peers.values()) welcome(peer)
  view.show(state)

  return {
    command: (command) => happen({ type: 'command', command }),
    configure(next) {
      if (state.control.kind !== 'lobby')
        throw new Error('The run has begun: its settings stand. Open a new federation to change them.')
      tab.set({ settings: next })
      if (newestVersion(state) === 0) adapter = engine().opened.initialAdapter
      tab.set({ adapterHash: sha256Hex(adapter) })
      happen({ type: 'configured', config: federationConfigOf(next) }, { settings: next })
      for (const { deviceKey } of network.peers.values()) greet(deviceKey)
    },
    adapter: () => adapter,
  }
}
