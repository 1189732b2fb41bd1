/**
 * The coordinator's tab: it drives the federation's reducer with what arrives, and does what the reducer asks for. The
 * reducer decides; this file keeps the bytes (updates, the merged adapter), the clock and the log. Everything that must
 * survive a reload is stored before it is acted on.
 */
import { fedavg } from '../../federation/aggregation/fedavg'
import { serverSteps } from '../../federation/aggregation/registry'
import { replay, step } from '../../federation/federation'
import type {
  Command,
  DeviceKey,
  Effect,
  FederationConfig,
  FederationEvent,
  FederationState,
} from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { Network, Peer } from '../../network/network'
import { type FromCoordinator, type FromDevice, fromDevice, type PoolMember } from '../messages'
import type { Settings } from '../settings'
import type { SavedRoom, Storage } from '../storage'
import type { Engine, Tab } from '../tab'
import { measureRounds, type Published } from './measurements'
import { keepUpdates } from './updates'
import { type CoordinatorView, viewOf } from './view'

/** An event before it is stamped with the time. */
type Happening = FederationEvent extends infer Event
  ? Event extends { atMs: number }
    ? Omit<Event, 'atMs'>
    : never
  : never

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
  scheme: settings.scheme,
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
  const timers = new Set<ReturnType<typeof setTimeout>>()
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
    void storage.append(room.code, null, { history })
    broadcast({ type: 'record', record, baseLoss, baseRecall })
    view.show(state)
  }

  const peerOf = (key: DeviceKey): Peer | undefined =>
    [...network.peers.values()].find((peer) => peer.deviceKey === key)

  /** Failures to send are no news: the network reports who left, and the reducer hears of it. */
  function send(key: DeviceKey, message: FromCoordinator, attachment?: Uint8Array): void {
    const peer = peerOf(key)
    if (peer) network.send(peer.id, message, { attachment }).catch(() => {})
  }

  const broadcast = (message: FromCoordinator) => {
    for (const { deviceKey } of network.peers.values()) send(deviceKey, message)
  }

  function happen(event: Happening, change?: Partial<SavedRoom>): void {
    const stamped = { atMs: Date.now(), ...event } as FederationEvent
    void storage.append(room.code, stamped, change)
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
      case 'start-timer': {
        const { timer, round, afterMs } = effect
        timers.add(
          setTimeout(() => happen({ type: 'timer-fired', timer, round }), Math.min(afterMs, 2 ** 31 - 1)),
        )
        if (timer !== 'acknowledgement') view.deadline(Date.now() + afterMs)
        return
      }
      case 'stop-timers':
        for (const timer of timers) clearTimeout(timer)
        timers.clear()
        return view.deadline(null)
      case 'round-completed':
        return measurements.completed({
          round: effect.round,
          version: effect.version,
          seconds: (Date.now() - (tab.store.getState().startedAtMs ?? Date.now())) / 1000,
          bytes: network.bytes.sent + network.bytes.received,
          adapter,
          pool: pool(),
          trained: new Map(
            effect.contributors.flatMap((key) => {
              const update = updates.get(key)
              return update ? [[key, update] as const] : []
            }),
          ),
        })
      case 'round-void':
        return tab.problem(
          'round-void',
          `Round ${effect.round} came to nothing. ${effect.why} It is tried again.`,
        )
      case 'finished':
        return
    }
  }

  function order({ to, round, version }: Effect & { type: 'order' }): void {
    updates.clear()
    if (tab.store.getState().startedAtMs === null) {
      tab.set({ startedAtMs: Date.now() })
      void storage.append(room.code, null, { startedAtMs: Date.now() })
    }
    const { localSteps, batch, lr } = settings()
    for (const key of to)
      send(key, { type: 'order', round, version, steps: localSteps, batch, learningRate: lr, pool: pool() })
  }

  /** Whose generated held-out text counts: every device that has ever held some, in index order. */
  function pool(): PoolMember[] {
    const { devices } = tab.store.getState()
    return state.members.flatMap(({ key, index }) => {
      const corpus = devices.find((device) => device.key === key)?.corpus
      return corpus ? [{ index, corpus }] : []
    })
  }

  function merge({ round, fromVersion, updates: wanted }: Effect & { type: 'merge' }): void {
    try {
      const weighted = wanted.map(({ device, weight }) => ({ delta: updates.get(device)!.delta, weight }))
      const server = serverSteps[settings().aggregation](settings())
      const merged = fedavg(decodeSafetensors(adapter).tensors, weighted, velocity, server)
      velocity = merged.velocity
      adapter = encodeSafetensors(merged.tensors)
      const version = fromVersion + 1
      const adapterHash = sha256Hex(adapter)
      tab.set({ version, adapterHash })
      happen(
        { type: 'merged', round, version, adapterHash },
        { version, adapter, velocity: encodeSafetensors(velocity) },
      )
    } catch (error) {
      const reason = `The updates could not be merged: ${error instanceof Error ? error.message : error}`
      happen({ type: 'merge-failed', round, reason })
    }
  }

  function receiveUpdate(
    key: DeviceKey,
    message: FromDevice & { type: 'update' },
    bytes: Uint8Array | null,
  ): void {
    const { stage } = state
    if (stage.kind !== 'training' || stage.round !== message.round || !stage.awaited.includes(key)) return
    const complaint = updates.take(key, message, bytes)
    if (complaint) {
      const reason = `The update of round ${message.round} was refused: ${complaint}.`
      tab.setDevice(key, { refused: reason })
      tab.problem('update-refused', `${view.nameOf(key)}: ${reason} The round goes on without it.`)
      send(key, { type: 'refused', round: message.round, reason })
      return happen({ type: 'update-refused', device: key, round: message.round, reason })
    }
    tab.setDevice(key, { refused: null })
    const { round, version, examples } = message
    happen({ type: 'update-arrived', device: key, round, version, examples })
  }

  function receive(peer: Peer, message: FromDevice, attachment: Uint8Array | null): void {
    const key = peer.deviceKey
    switch (message.type) {
      case 'ready': {
        const { modelHash } = engine().opened
        if (message.modelHash !== modelHash) {
          const reason =
            'It has another base model than this room. Reload that tab so that it loads the model again.'
          send(key, { type: 'refused', round: 0, reason })
          return tab.problem('other-model', `${peer.name}: ${reason}`)
        }
        tab.setDevice(key, {
          backend: message.backend,
          examples: message.examples,
          corpus: message.corpus,
          activity: 'idle',
        })
        return happen({ type: 'text-held', device: key, examples: message.examples })
      }
      case 'status':
        view.status(key, message)
        if (
          (message.activity === 'paused') !==
          state.members.some((member) => member.key === key && member.paused)
        )
          happen({ type: message.activity === 'paused' ? 'device-paused' : 'device-resumed', device: key })
        return
      case 'update':
        return receiveUpdate(key, message, attachment)
      case 'loaded':
        if (message.hash !== sha256Hex(adapter) && message.version === state.version)
          tab.problem(
            'other-adapter',
            `${peer.name} holds another adapter than everybody else. Reload that tab.`,
          )
        return happen({ type: 'loaded', device: key, version: message.version })
      case 'report':
        return measurements.report(key, message)
      case 'rename':
        return tab.setDevice(key, { name: message.name })
    }
  }

  function welcome(peer: Peer): void {
    view.joined(peer)
    happen({ type: 'device-joined', device: peer.deviceKey })
    greet(peer.deviceKey)
  }

  /** Says where a device stands. Goes out after the adapter of `device-joined`: one connection keeps the order. */
  function greet(key: DeviceKey): void {
    const index = state.members.find((member) => member.key === key)?.index ?? 0
    tab.setDevice(key, { index })
    const { history, baseLoss, baseRecall } = tab.store.getState()
    const { modelHash } = engine().opened
    send(key, {
      type: 'welcome',
      index,
      settings: { ...settings() },
      modelHash,
      history: [...history],
      baseLoss,
      baseRecall,
    })
  }

  network.on('join', welcome)
  network.on('leave', (peer) => {
    view.left(peer)
    measurements.left(peer.deviceKey)
    happen({ type: 'device-left', device: peer.deviceKey })
  })
  network.on('message', (from, message, attachment) => {
    const peer = network.peers.get(from)
    const parsed = fromDevice.safeParse(message)
    if (peer && parsed.success) receive(peer, parsed.data, attachment)
    else if (peer)
      tab.problem(
        'bad-message',
        `${peer.name} sent a message (${message.type}) that makes no sense here. It was dropped: reload that tab if this goes on.`,
      )
  })

  const { history, startedAtMs } = room
  tab.set({ version: state.version, adapterHash: sha256Hex(adapter), history, startedAtMs })
  if (log.length > 0) happen({ type: 'coordinator-resumed' })
  for (const peer of network.peers.values()) welcome(peer)
  view.show(state)

  return {
    command: (command) => happen({ type: 'command', command }),
    configure(next) {
      if (state.control.kind !== 'lobby')
        throw new Error('The run has begun: its settings stand. Open a new federation to change them.')
      tab.set({ settings: next })
      if (state.version === 0) adapter = engine().opened.initialAdapter
      tab.set({ adapterHash: sha256Hex(adapter) })
      happen({ type: 'configured', config: federationConfigOf(next) }, { settings: next })
      for (const { deviceKey } of network.peers.values()) greet(deviceKey)
    },
    adapter: () => adapter,
  }
}
