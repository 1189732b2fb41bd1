/** What a gossiping tab does when its reducer asks for something. What takes long is asked for, and its answer comes as an event. */

import type { RoundCompletedEffect } from '../../federation/effects'
import type { PeerEffect, PeerEvent, PeerState } from '../../federation/types'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { Executor } from '../executor/executor'
import type { Measurements } from '../measuring/measurements'
import { secondsSinceStart } from '../tab/elapsed'
import type { Tab } from '../tab/tab'
import type { Announcements } from './announcements'
import type { Membership } from './membership/membership'
import { poolOf } from './membership/roster'
import type { LocalTraining } from './training'

export interface PeerEffectsParts {
  readonly tab: Tab
  readonly network: Network
  readonly clock: Clock
  readonly membership: Membership
  readonly executor: Executor<PeerState, PeerEvent, PeerEffect>
  readonly announcements: Announcements
  readonly measurements: Measurements
  readonly local: LocalTraining
  /** Of this tab's own adapter. */
  readonly adapter: () => Uint8Array
  /** Stores what a reload must find again. */
  readonly keep: () => void
}

export class PeerEffects {
  readonly #parts: PeerEffectsParts

  constructor(parts: PeerEffectsParts) {
    this.#parts = parts
  }

  perform(effect: PeerEffect): void {
    const { tab, clock, executor, announcements, local } = this.#parts
    switch (effect.type) {
      case 'order':
        if (tab.store.getState().startedAtMs === null) tab.set({ startedAtMs: clock.now() })
        return local.order(effect)
      case 'merge':
        return void executor.merge(effect)
      // Made before the event counted.
      case 'combine':
        return
      case 'tell':
        return announcements.tell(effect)
      case 'pull':
        return announcements.pull(effect)
      case 'take-share':
        return announcements.takeShare(effect)
      case 'start-timer':
        return executor.timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return executor.timers.stop(effect.adapter)
      case 'round-completed':
        return this.#complete(effect)
      case 'finished':
        return local.interrupt()
    }
  }

  #complete({ round, version }: RoundCompletedEffect): void {
    const { tab, network, membership, executor, measurements, adapter, keep } = this.#parts
    tab.setDevice(tab.selfKey, { activity: 'idle' })
    membership.say({ activity: 'idle', step: 0 })
    keep()
    measurements.completed({
      round,
      version,
      waits: true,
      distortion: null,
      staleness: null,
      lanBytes: null,
      seconds: secondsSinceStart(tab),
      bytes: network.bytes.sent + network.bytes.received,
      parts: [{ adapter: adapter(), pool: poolOf(membership.roster()) }],
      trained: executor.updates.latest([tab.selfKey]),
    })
  }
}
