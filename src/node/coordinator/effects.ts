/**
 * What the coordinator's tab does when its reducer asks for something. What takes long (merging, comparing) is asked for, and
 * its answer comes as an event.
 */
import type { MergeEffect, OrderEffect } from '../../federation/effects'
import type {
  AdapterId,
  CoordinatorEffect,
  CoordinatorEvent,
  DeviceKey,
  FederationState,
} from '../../federation/types'
import { worksTowards } from '../../federation/view'
import { messageOf } from '../../lib/messageOf'
import type { Clock } from '../../network/time/clock'
import { federatingOf } from '../../settings/derived/merging'
import type { Deliveries } from '../executor/deliveries'
import type { EventLoop } from '../executor/eventLoop'
import { mergeUpdates } from '../executor/mergeUpdates'
import { sendOrder } from '../executor/orders'
import type { Post } from '../executor/post'
import type { Timers } from '../executor/timers'
import type { Updates } from '../executor/updates'
import type { Versions } from '../executor/versions'
import type { CompareEffect, Merging } from '../merging/merging'
import type { MergingTerms } from '../merging/terms'
import type { Engine, Tab } from '../tab/tab'
import type { PoolMember } from '../wire/messages'
import { runsOf } from '../wire/pool'
import type { Edges } from './edges'
import type { Keep } from './log'
import type { Trials } from './trials'
import type { CoordinatorView } from './view'

export interface CoordinatorEffectsParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly engine: () => Engine
  readonly loop: EventLoop<FederationState, CoordinatorEvent, CoordinatorEffect>
  readonly merging: Merging
  readonly terms: () => MergingTerms
  readonly versions: Versions
  readonly updates: Updates
  readonly deliveries: Deliveries
  readonly timers: Timers
  readonly edges: Edges
  readonly trials: Trials
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
    const { tab, deliveries, timers, trials, edges, updates, view } = this.#parts
    switch (effect.type) {
      case 'order':
        return this.#order(effect)
      case 'announce':
        for (const key of effect.to) deliveries.deliver(key, effect)
        return
      case 'merge':
        return void this.#merge(effect)
      case 'compare':
        return void this.#compare(effect)
      case 'start-timer':
        return timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return timers.stop(effect.adapter)
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
        this.#started()
        return edges.perform(effect)
      case 'edge-devices':
      case 'attach':
        return edges.perform(effect)
      // Made before the event counted.
      case 'combine':
      // Publishing has seen it already.
      case 'round-completed':
      case 'finished':
        return
    }
  }

  /** Tells teacher and device why an update does not count. */
  refuse(device: DeviceKey, round: number, complaint: string): void {
    const { tab, view, send } = this.#parts
    const reason = `The update of round ${round} was refused: ${complaint}.`
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
    const { tab, engine, loop, updates, send, pool } = this.#parts
    const { settings } = tab.store.getState()
    this.#started()
    const terms = {
      batch: settings.batch,
      rank: engine().opened.adapter.rank,
      learningRate: settings.lr,
      learns: federatingOf(settings).rule.learns(effect.round),
      pool: runsOf(pool(effect.adapter)),
      forRound: worksTowards(loop.state, effect.round),
      edge: null,
    }
    sendOrder(effect, terms, updates, send)
  }

  async #merge(effect: MergeEffect): Promise<void> {
    const { loop, merging, terms, updates, versions } = this.#parts
    const refuse = (device: DeviceKey, round: number, complaint: string) =>
      this.refuse(device, round, complaint)
    const { event, made } = await mergeUpdates({ merging, terms, updates, refuse }, effect)
    loop.happen(event, {
      // A run that was stopped meanwhile has no use for it.
      taken: () => {
        if (made && loop.state.adapters[made.adapter] >= made.version) versions.put(made)
      },
    })
  }

  async #compare(effect: CompareEffect): Promise<void> {
    const { tab, loop, merging } = this.#parts
    const nobody = {
      type: 'compared' as const,
      round: effect.round,
      devices: [],
      landmarks: [],
      gram: [],
      norms: [],
    }
    const compared = await merging.compare(effect).catch((error: unknown) => {
      tab.problem('comparing-failed', `Devices could not be compared: ${messageOf(error)}`)
      return nobody
    })
    loop.happen(compared)
  }
}
