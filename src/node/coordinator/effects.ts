/**
 * What the coordinator's tab does when its reducer asks for something. What takes long (merging, comparing) is asked for, and
 * its answer comes as an event.
 */

import type { OrderEffect } from '../../federation/effects'
import type {
  AdapterId,
  CoordinatorEffect,
  CoordinatorEvent,
  DeviceKey,
  FederationState,
} from '../../federation/types'
import { worksTowards } from '../../federation/view'
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import type { Clock } from '../../network/time/clock'
import type { Deliveries } from '../executor/deliveries'
import type { Executor } from '../executor/executor'
import type { Post } from '../executor/post'
import type { CompareEffect, Merging } from '../merging/merging'
import type { Tab } from '../tab/tab'
import type { PoolMember } from '../wire/parts'
import { runsOf } from '../wire/pool'
import type { Edges } from './edges'
import type { Forgetting } from './forgetting'
import type { Keep } from './log'
import type { Trials } from './trials'
import type { CoordinatorView } from './view'

export interface CoordinatorEffectsParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly executor: Executor<FederationState, CoordinatorEvent, CoordinatorEffect>
  readonly merging: Merging
  readonly deliveries: Deliveries
  readonly edges: Edges
  readonly trials: Trials
  readonly forgetting: Forgetting
  readonly view: CoordinatorView
  readonly send: Post['send']
  readonly keep: Keep
  readonly pool: (adapter: AdapterId) => PoolMember[]
}

export class CoordinatorEffects {
  readonly #parts: CoordinatorEffectsParts

  constructor(parts: CoordinatorEffectsParts) {
    this.#parts = parts
  }

  perform(effect: CoordinatorEffect): void {
    const { tab, executor, deliveries, trials, forgetting, edges, view, send } = this.#parts
    switch (effect.type) {
      case 'order':
        return this.#order(effect)
      case 'announce':
        for (const key of effect.to) deliveries.deliver(key, effect)
        return
      case 'merge':
        return void executor.merge(effect)
      case 'compare':
        return void this.#compare(effect)
      case 'start-timer':
        return executor.timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return executor.timers.stop(effect.adapter)
      case 'ask-keys':
      case 'close-roster':
      case 'pass-shares':
      case 'unmask':
        return executor.secure?.perform(effect)
      case 'round-void':
        executor.secure?.forget(effect.adapter)
        return tab.problem(
          'round-void',
          `Round ${effect.round} came to nothing. ${effect.why} It is tried again.`,
        )
      case 'update-dropped': {
        executor.updates.forget(effect.device, effect.round)
        const reason = `The update of order ${effect.round} was not merged. ${effect.why} The device begins anew.`
        tab.setDevice(effect.device, { refused: reason })
        return tab.problem('update-dropped', `${view.nameOf(effect.device)}: ${reason}`)
      }
      case 'passed-over': {
        const { device, why } = effect
        tab.setDevice(device, { refused: why })
        tab.problem('passed-over', `${view.nameOf(device)}: ${why}`)
        return send(device, { type: 'refused', round: 0, reason: why })
      }
      case 'try':
        return trials.perform(effect)
      case 'forgotten':
        return forgetting.perform(effect)
      case 'order-edge':
        this.#started()
        return edges.perform(effect)
      case 'edge-devices':
      case 'attach':
        return edges.perform(effect)
      // Made before the event counted.
      case 'combine':
      // Publishing has seen it already; what was tried again has come to something.
      case 'round-completed':
        return tab.solved('round-void')
      case 'finished':
        return
    }
  }

  /** Tells teacher and device why an update does not count. */
  refuse(device: DeviceKey, round: number, complaint: string): void {
    const { tab, view, send } = this.#parts
    const reason = sentence(`The update of round ${round} was refused: ${complaint}`)
    tab.setDevice(device, { refused: reason })
    tab.problem('update-refused', `${view.nameOf(device)}: ${reason} The round goes on without it.`)
    send(device, { type: 'refused', round, reason })
  }

  /** The first round begins with its first order. */
  #started(): void {
    const { tab, clock, keep } = this.#parts
    if (tab.store.getState().startedAtMs !== null) return
    const startedAtMs = clock.now()
    tab.set({ startedAtMs })
    keep(null, { startedAtMs })
  }

  #order(effect: OrderEffect): void {
    const { executor, send, pool } = this.#parts
    this.#started()
    const forRound = worksTowards(executor.state, effect.round)
    const { privacy, clip: said } = executor.settings()
    const clip = privacy === 'client' && said === null ? executor.state.clip.clip : null
    executor.order(effect, { pool: runsOf(pool(effect.adapter)), forRound, edge: null, clip }, send)
  }

  async #compare(effect: CompareEffect): Promise<void> {
    const { tab, executor, merging } = this.#parts
    const nobody = {
      type: 'compared' as const,
      round: effect.round,
      devices: [],
      landmarks: [],
      gram: [],
      norms: [],
    }
    const compared = await merging.compare(effect).catch((error: unknown) => {
      tab.problem('comparing-failed', sentence(`Devices could not be compared: ${messageOf(error)}`))
      return nobody
    })
    executor.happen(compared)
  }
}
