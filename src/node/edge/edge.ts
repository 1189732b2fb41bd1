/**
 * A tab that merges for others. It drives the edge's reducer (`federation/schemes/parts/edge.ts`) as the coordinator's tab
 * drives its own: devices that enrolled get versions and orders from here and send their updates here, and once per round
 * of the coordinator one update for all of them goes on. It keeps nothing beyond a reload: its devices enrol again, and
 * the coordinator orders the next round. Whether a tab is an edge is not decided here.
 */

import type { CodecMemory } from '../../federation/compression/types'
import { globalAdapter } from '../../federation/names'
import { initialEdge, stepEdge } from '../../federation/schemes/parts/edge'
import type { DeviceKey, Effect, FederationEvent, Happening } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { random } from '../../lib/rng'
import type { Clock } from '../../network/time/clock'
import type { Held } from '../device/holding'
import { deliveriesOf } from '../executor/deliveries'
import { timersOf } from '../executor/timers'
import { encodeForward } from '../merging/forwarding'
import { keepUpdates } from '../merging/updates'
import { keepAdapters } from '../merging/versions'
import type { Engine, Tab } from '../tab/tab'
import { edgeFederatingOf } from '../wire/federating'
import type { EdgeOrderMessage, Forward, FromCoordinator, FromDevice } from '../wire/messages'
import { musterOf } from './enrolment'

export interface EdgeParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly engine: () => Engine
  /** To a device that enrolled; its own tab may be one. */
  readonly send: (to: DeviceKey, message: FromCoordinator, attachment?: Uint8Array) => void
  readonly forward: (message: Forward, attachment?: Uint8Array) => void
  readonly lanBytes: () => number
}

export interface Edge {
  /** The coordinator wants a round of these devices. */
  order(order: EdgeOrderMessage): void
  devices(round: number, devices: readonly DeviceKey[]): void
  /** The coordinator's adapter is here. */
  adopt(held: Held): void
  hear(device: DeviceKey, message: FromDevice, attachment: Uint8Array | null): void
  left(device: DeviceKey): void
  close(): void
}

export function openEdge({ tab, clock, engine, send, forward, lanBytes }: EdgeParts): Edge {
  const { selfKey } = tab
  const settings = () => tab.store.getState().settings
  const federating = () => edgeFederatingOf(settings())
  const timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
  const adapters = keepAdapters(
    { federating, config: () => engine().opened.adapter, versions: () => 2 },
    engine().opened.initialAdapter,
    [],
  )
  const manifest = () => {
    const { modelHash, adapter } = engine().opened
    return { baseHash: modelHash, ...adapter, targets: [...adapter.targets], dtype: settings().compression }
  }
  const updates = keepUpdates(federating, () => adapters, manifest)
  const muster = musterOf(clock)
  const deliveries = deliveriesOf(adapters, send, clock)
  let state = initialEdge(selfKey)
  /** Waits for its devices or for the version that it speaks of. */
  let pending: EdgeOrderMessage | null = null
  let order: EdgeOrderMessage | null = null
  let owed: CodecMemory = null

  function happen(event: Happening): void {
    const [next, effects] = stepEdge(state, { atMs: clock.now(), ...event } as FederationEvent)
    state = next
    for (const effect of effects) perform(effect)
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'announce':
        for (const key of effect.to) deliveries.deliver(key, effect)
        return
      case 'order':
        return orderDevices(effect)
      case 'merge':
        clock.after(0, () => merge(effect))
        return
      case 'forward':
        return sendOn(effect)
      case 'start-timer':
        return timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return timers.stop(effect.adapter)
      // Of edge rounds: the coordinator hears what came of them.
      case 'round-completed':
      case 'round-void':
        return
      default:
        throw new Error(`An edge's tab cannot do "${effect.type}".`)
    }
  }

  function orderDevices({ to, assigned, ...effect }: Effect & { type: 'order' }): void {
    if (!order) return
    const { adapter, version, round, steps, proximal } = effect
    const { learningRate, pool, edgeRounds: turns } = order
    const { rank } = engine().opened.adapter
    const given = { batch: assigned?.batch ?? order.batch, rank, precision: assigned?.precision ?? null }
    const edge = { round: order.round, turn: round - (order.round - 1) * turns, turns }
    const learns = federating().rule.learns(round)
    for (const key of to) {
      updates.ordered(key, round, { adapter, version }, rank)
      const name = { round, adapter, version }
      send(key, {
        type: 'order',
        ...name,
        ...given,
        steps,
        proximal,
        learningRate,
        learns,
        pool,
        edge,
        forRound: order.round,
      })
    }
  }

  function merge(effect: Effect & { type: 'merge' }): void {
    const { adapter, version, round, from } = effect
    try {
      const current = (adapters.at(from) ?? adapters.newest(from.adapter)).wanted
      const { updates: wanted, complaints } = updates.forMerge(effect, current)
      for (const { device, complaint } of complaints) refuse(device, round, complaint)
      const { hash } = adapters.merge(effect, wanted).issue
      for (const { device } of effect.updates) updates.forget(device, round)
      happen({ type: 'merged', adapter, round, version, adapterHash: hash })
    } catch (error) {
      const reason = `The updates could not be merged: ${error instanceof Error ? error.message : error}`
      tab.problem('merge-failed', reason)
      happen({ type: 'merge-failed', adapter, round, reason })
    }
  }

  function sendOn({
    adapter,
    version,
    round,
    startedFrom,
    examples,
    contributors,
  }: Effect & { type: 'forward' }) {
    const start = adapters.at({ adapter: globalAdapter, version: startedFrom })
    const result = adapters.at({ adapter, version })
    const { up, rule, aggregation } = federating()
    const seed = random(aggregation.seed, 'forward', selfKey, round).int(2 ** 31)
    const coded =
      examples > 0 && start && result
        ? encodeForward(
            up,
            result.wanted.adapter.tensors,
            start.issue.global.adapter.tensors,
            rule.sends(round),
            owed,
            seed,
          )
        : null
    if (coded) owed = coded.memory
    const latest = [...updates.latest(contributors)]
    const trained = Object.fromEntries(latest.map(([key, { loss, examples }]) => [key, { loss, examples }]))
    const weight = latest.reduce((sum, [, { examples }]) => sum + examples, 0)
    const loss = coded
      ? latest.reduce((sum, [, part]) => sum + (part.loss * part.examples) / weight, 0)
      : null
    const hash = sha256Hex(coded?.bytes ?? new Uint8Array())
    const common = { round, version: startedFrom, examples: coded ? examples : 0, loss, hash, trained }
    forward({ type: 'forward', ...common, manifest: manifest(), lanBytes: lanBytes() }, coded?.bytes)
  }

  function refuse(device: DeviceKey, round: number, complaint: string): void {
    send(device, {
      type: 'refused',
      round,
      reason: `The update of edge round ${round} was refused: ${complaint}.`,
    })
  }

  function awaitDevices(next: EdgeOrderMessage): void {
    pending = next
    muster.await(
      next.devices,
      () => adapters.at(next) !== null,
      () => begin(next),
    )
  }

  function begin(ready: EdgeOrderMessage): void {
    pending = null
    order = ready
    const { round, adapter, version, edgeRounds, steps, proximal, deadlineMs, devices, assigned } = ready
    const plan = { round, adapter, version, edgeRounds, steps, proximal, deadlineMs, devices, assigned }
    happen({ type: 'edge-ordered', ...plan })
  }

  return {
    order: awaitDevices,
    devices(round, devices) {
      if (pending?.round === round) awaitDevices({ ...pending, devices: [...devices] })
      else happen({ type: 'edge-devices', round, devices })
    },
    adopt({ name, global }) {
      if (adapters.at(name)) return
      adapters.adopt(name, global)
      happen({ type: 'adapter-arrived', ...name })
      muster.look()
    },
    hear(device, message, attachment) {
      switch (message.type) {
        case 'enroll':
          deliveries.forget(device)
          happen({ type: 'device-joined', device })
          return muster.here(device)
        case 'withdraw':
          return this.left(device)
        case 'update': {
          const { round, version, examples } = message
          const { stage } = state.cycle
          if (stage.kind !== 'training' || stage.round !== round || !stage.awaited.includes(device)) return
          const complaint = updates.take(device, message, attachment)
          if (!complaint) return happen({ type: 'update-arrived', device, round, version, examples })
          refuse(device, round, complaint)
          return happen({ type: 'update-refused', device, round, reason: complaint })
        }
        case 'lacks':
          return deliveries.lacking(device, message)
        default:
          return
      }
    },
    left(device) {
      muster.gone(device)
      happen({ type: 'device-left', device })
    },
    close() {
      timers.stop(null)
      muster.stop()
    },
  }
}
