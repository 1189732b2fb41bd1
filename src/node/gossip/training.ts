/**
 * What a gossiping tab computes when its reducer orders a round: local steps from its own adapter, looked at before they
 * count, and beside them the yardstick "alone" (`local/training.ts` has the steps of both). It knows no neighbours; what is
 * merged and mixed is `peer.ts`.
 */

import type { OrderEffect } from '../../federation/effects'
import type { DeviceKey, PeerEffect, PeerEvent, PeerState } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import type { Clock } from '../../network/time/clock'
import type { Settings } from '../../settings/table'
import type { TrainProgress } from '../../training/compute'
import type { Executor } from '../executor/executor'
import type { HeldShare } from '../local/text'
import { type Training, trainingOf } from '../local/training'
import { addLossPoint } from '../tab/lossCurve'
import type { Engine, Tab } from '../tab/tab'
import type { Order, Report } from '../wire/messages'
import { runsOf } from '../wire/pool'
import type { Membership } from './membership/membership'
import { poolOf } from './membership/roster'

const statusEveryMs = 200

export interface LocalTrainingParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly membership: Membership
  readonly engine: Engine
  readonly executor: Executor<PeerState, PeerEvent, PeerEffect>
  /** Resolves when all rounds that are done have been measured. */
  measured(): Promise<void>
  /** How far this tab comes alone. */
  report(report: Report): void
}

export class LocalTraining {
  readonly #parts: LocalTrainingParts
  readonly #selfKey: DeviceKey
  #held: HeldShare | null = null
  #training: Training | null = null
  #isClosed = false
  #work: Promise<void> = Promise.resolve()

  constructor(parts: LocalTrainingParts) {
    this.#parts = parts
    this.#selfKey = parts.tab.selfKey
  }

  /** Trains on this text from now on. */
  hold(held: HeldShare, index: number): void {
    this.#held = held
    this.#training = trainingOf(this.#parts.engine, () => this.#settings(), index, held.share)
  }

  order(effect: OrderEffect): void {
    const { executor, membership } = this.#parts
    const by = { pool: runsOf(poolOf(membership.roster())), forRound: effect.round, edge: null }
    executor.order(effect, by, (_, order) => this.#obey(order))
  }

  interrupt(): void {
    this.#training?.interrupt()
  }

  /** What this tab would be without the others; null before the first round. */
  alone(): Uint8Array | null {
    return this.#training?.alone() ?? null
  }

  close(): void {
    this.#isClosed = true
  }

  #settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }

  /** Here who trains is who measures: a round's figures would come behind all steps of the next one, or the one after. */
  #obey(order: Order): void {
    this.#work = this.#work
      .then(this.#parts.measured)
      .then(() => this.#train(order))
      .catch((error: unknown) => {
        if (this.#isClosed) return
        this.#parts.tab.problem('training-failed', messageOf(error))
        this.#stall(order.round, messageOf(error))
      })
  }

  async #train(order: Order): Promise<void> {
    const { tab, membership, executor, report } = this.#parts
    const start = executor.versions.at(order)
    const [training, held, device] = [this.#training, this.#held, this.#selfKey]
    if (this.#isClosed || !start || !training || !held) return
    const { round, version, adapter } = order
    const result = await training.fromMerged(start.whole.bytes, order, this.#progressOf(round))
    if (this.#isClosed || !result) return
    const { loss } = result
    const { examples } = tab.store.getState().text
    const complaint = await executor.updates.takeOwn(device, { round, loss, examples }, result.adapter)
    if (this.#isClosed) return
    if (complaint !== null) {
      tab.problem('update-refused', sentence(`Round ${round} did not count: ${complaint}`))
      return this.#stall(round, complaint)
    }
    const done = { activity: 'waiting', trainLoss: loss } as const
    tab.setDevice(device, done)
    membership.say(done)
    executor.happen({ type: 'update-arrived', device, round, version, examples })
    if (!this.#settings().baselines) return
    const isOwn = { text: held.corpus === null, model: false }
    report(await training.byItself(order, executor.versions.newest(adapter).whole.bytes, isOwn))
  }

  /** A round that failed would fail again: it waits for a person. */
  #stall(round: number, reason: string): void {
    this.#parts.executor.happen({ type: 'command', command: 'pause' })
    this.#parts.executor.happen({ type: 'update-refused', device: this.#selfKey, round, reason })
  }

  #progressOf(round: number): (progress: TrainProgress) => void {
    const { tab, clock, membership } = this.#parts
    let shownAtMs = Number.NEGATIVE_INFINITY
    return ({ step, steps, loss, tokensPerSecond }) => {
      const shown = Number.isFinite(loss) ? loss : null
      if (shown !== null) addLossPoint(tab, this.#selfKey, round - 1 + step / steps, shown)
      if (clock.now() - shownAtMs < statusEveryMs && step < steps) return
      shownAtMs = clock.now()
      const progress = { activity: 'training', step, steps, tokensPerSecond } as const
      const all = shown === null ? progress : { ...progress, trainLoss: shown }
      tab.set({ tokensPerSecond })
      tab.setDevice(this.#selfKey, all)
      membership.say(all)
    }
  }
}
