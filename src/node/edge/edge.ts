/**
 * A tab that merges for others. It drives the edge's reducer as the coordinator's tab drives its own: devices that enrolled
 * get versions and orders from here and send their updates here, and once per round of the coordinator one update for all
 * of them goes on. It keeps nothing beyond a reload: its devices enrol again, and the coordinator orders the next round.
 * Whether a tab is an edge is not decided here.
 */

import type { OrderEffect } from '../../federation/effects'
import { awaits } from '../../federation/rounds/stage'
import { initialEdge, stepEdge } from '../../federation/schemes/hierarchical/edge'
import type { DeviceKey, EdgeEffect, EdgeEvent, EdgeState } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { random } from '../../lib/rng'
import { sentence } from '../../lib/sentence'
import type { Identity } from '../../network/identity/identity'
import type { Clock } from '../../network/time/clock'
import { type Deliveries, deliveriesOf } from '../executor/deliveries'
import { Executor } from '../executor/executor'
import { manifestFor } from '../executor/updates'
import { weighted } from '../measuring/means'
import type { ForeignVersion, ForwardEffect, OpenMerging } from '../merging/merging'
import type { Engine, Tab } from '../tab/tab'
import type { EdgeOrderMessage, Forward, FromDevice } from '../wire/messages'
import { type Enrolment, enrolmentOf } from './enrolment'
import { type BareFromEdge, type FromEdge, type Vouching, vouchingOf } from './vouching'

/** An edge's rounds wait for each other. */
const versionsKept = 2

export interface EdgeParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly identity: Identity
  readonly engine: Engine
  readonly openMerging: OpenMerging
  /** To a device that enrolled; its own tab may be one. */
  readonly send: (to: DeviceKey, message: FromEdge, attachment?: Uint8Array) => void
  readonly forward: (message: Forward, attachment?: Uint8Array) => void
  readonly lanBytes: () => number
}

export class Edge {
  readonly #parts: EdgeParts
  readonly #merger: ReturnType<OpenMerging>
  readonly #executor: Executor<EdgeState, EdgeEvent, EdgeEffect>
  readonly #deliveries: Deliveries
  readonly #enrolment: Enrolment
  readonly #send: (to: DeviceKey, message: BareFromEdge, attachment?: Uint8Array) => void
  readonly #vouching: Vouching
  readonly #begun: Promise<void>
  /** Waits for its devices or for the version that it speaks of. */
  #pending: EdgeOrderMessage | null = null
  #order: EdgeOrderMessage | null = null
  #isClosed = false

  constructor(parts: EdgeParts) {
    const { tab, clock, identity, engine, openMerging } = parts
    const send = (to: DeviceKey, message: BareFromEdge, attachment?: Uint8Array) =>
      parts.send(to, this.#vouching.vouched(message), attachment)
    this.#send = send
    this.#parts = parts
    this.#vouching = vouchingOf(tab.selfKey)
    this.#merger = openMerging()
    this.#executor = new Executor({
      tab,
      clock,
      engine: () => engine,
      merging: this.#merger.merging,
      tier: 'edge',
      versionsKept: () => versionsKept,
      begun: [],
      state: initialEdge(tab.selfKey),
      step: stepEdge,
      newestIn: ({ version }) => version,
      isAwaited: ({ cycle }, device, round) => awaits(cycle, device, round),
      perform: (effect) => this.#perform(effect),
      refuse: (device, round, complaint) => {
        const reason = sentence(`The update of edge round ${round} was refused: ${complaint}`)
        send(device, { type: 'refused', round, reason })
      },
      secure: { cryptography: identity, send },
      mergeFailed: (reason) => tab.problem('merge-failed', reason),
    })
    this.#deliveries = deliveriesOf(this.#executor.versions, send, clock)
    this.#enrolment = enrolmentOf(clock)
    this.#begun = this.#executor.beginAnew()
    // Whoever waits for it hears of it; nobody may.
    this.#begun.catch(() => {})
  }

  /** The coordinator wants a round of these devices. */
  order(order: EdgeOrderMessage): void {
    this.#pending = order
    this.#enrolment.await(
      order.devices,
      () => this.#executor.versions.at(order) !== null,
      () => this.#begin(order),
    )
  }

  devices(round: number, devices: readonly DeviceKey[]): void {
    if (this.#pending?.round === round) this.order({ ...this.#pending, devices: [...devices] })
    else this.#executor.happen({ type: 'edge-devices', round, devices })
  }

  /** The coordinator's adapter is here. */
  async adopt(held: ForeignVersion, signature: string | null): Promise<void> {
    await this.#begun
    this.#vouching.adopted(held, signature)
    const { adapter, version } = held
    if (this.#executor.versions.at(held)) return this.#enrolment.look()
    this.#executor.versions.put(await this.#merger.merging.adopt(this.#executor.terms(), held))
    this.#executor.happen({ type: 'adapter-arrived', adapter, version })
    this.#enrolment.look()
  }

  hear(device: DeviceKey, message: FromDevice, attachment: Uint8Array | null): void {
    switch (message.type) {
      case 'enroll':
        this.#deliveries.forget(device)
        this.#executor.happen({ type: 'device-joined', device })
        return this.#enrolment.here(device)
      case 'withdraw':
        return this.left(device)
      case 'update':
        return void this.#executor.receiveUpdate(device, message, attachment)
      case 'secure-keys':
      case 'secure-shared':
      case 'masked':
      case 'secure-told':
      case 'secure-refusal':
        return this.#executor.secure?.hear(device, message, attachment)
      case 'lacks':
        return this.#deliveries.lacking(device, message)
      default:
        return
    }
  }

  left(device: DeviceKey): void {
    this.#enrolment.gone(device)
    this.#executor.happen({ type: 'device-left', device })
  }

  close(): void {
    this.#isClosed = true
    this.#executor.close()
    this.#enrolment.stop()
    this.#merger.close()
  }

  #begin(ready: EdgeOrderMessage): void {
    this.#pending = null
    this.#order = ready
    this.#vouching.ordered(ready)
    const { round, adapter, version, edgeRounds, steps, proximal, deadlineMs, devices, assigned, secure } =
      ready
    const plan = {
      round,
      adapter,
      version,
      edgeRounds,
      steps,
      proximal,
      deadlineMs,
      devices,
      assigned,
      secure,
    }
    this.#executor.happen({ type: 'edge-ordered', ...plan })
  }

  #perform(effect: EdgeEffect): void {
    switch (effect.type) {
      case 'announce':
        for (const key of effect.to) this.#deliveries.deliver(key, effect)
        return
      case 'order':
        return this.#orderDevices(effect)
      case 'merge':
        return void this.#executor.merge(effect)
      case 'forward':
        return void this.#forward(effect)
      case 'start-timer':
        return this.#executor.timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return this.#executor.timers.stop(effect.adapter)
      case 'ask-keys':
      case 'close-roster':
      case 'pass-shares':
      case 'unmask':
        return this.#executor.secure?.perform(effect)
      // Of edge rounds: the coordinator hears what came of them.
      case 'round-void':
        return this.#executor.secure?.forget(effect.adapter)
      case 'round-completed':
        return
    }
  }

  #orderDevices(effect: OrderEffect): void {
    const order = this.#order
    if (!order) return
    const { round, edgeRounds: turns, batch, learningRate, pool } = order
    const edge = { round, turn: effect.round - (round - 1) * turns, turns }
    const by = { batch, learningRate, pool, forRound: round, edge }
    this.#executor.order(effect, by, this.#send)
  }

  /** One update for all devices; without examples where nothing came of them. */
  async #forward(effect: ForwardEffect): Promise<void> {
    const { tab, engine, forward, lanBytes } = this.#parts
    const { round, startedFrom: version, contributors } = effect
    const seed = random(this.#executor.settings().seed, 'forward', tab.selfKey, round).int(2 ** 31)
    const coded =
      effect.examples > 0
        ? await this.#merger.merging.forward(this.#executor.terms(), effect, seed).catch(() => null)
        : null
    if (this.#isClosed) return
    const latest = [...this.#executor.updates.latest(contributors)]
    const known = latest.flatMap(([, { loss, examples }]) =>
      loss === null ? [] : [{ value: loss, weight: examples }],
    )
    const message: Forward = {
      type: 'forward',
      round,
      version,
      examples: coded ? effect.examples : 0,
      loss: coded ? weighted(known) : null,
      hash: coded?.hash ?? sha256Hex(new Uint8Array()),
      trained: Object.fromEntries(latest),
      manifest: manifestFor(engine.opened, this.#executor.settings().compression),
      lanBytes: lanBytes(),
    }
    forward(message, coded?.bytes)
  }
}
