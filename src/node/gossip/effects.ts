/** What a gossiping tab does when its reducer asks for something. What takes long is asked for, and its answer comes as an event. */
import type { MergeEffect, RoundCompletedEffect } from '../../federation/effects'
import type { PeerEffect, PeerEvent, PeerState } from '../../federation/types'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import type { EventLoop } from '../executor/eventLoop'
import { mergeUpdates } from '../executor/mergeUpdates'
import type { Timers } from '../executor/timers'
import type { Updates } from '../executor/updates'
import type { Versions } from '../executor/versions'
import type { Measurements } from '../measuring/measurements'
import type { Merging } from '../merging/merging'
import type { MergingTerms } from '../merging/terms'
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
  readonly loop: EventLoop<PeerState, PeerEvent, PeerEffect>
  readonly merging: Merging
  readonly terms: () => MergingTerms
  readonly versions: Versions
  readonly updates: Updates
  readonly timers: Timers
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
  #isClosed = false

  constructor(parts: PeerEffectsParts) {
    this.#parts = parts
  }

  perform(effect: PeerEffect): void {
    const { tab, clock, timers, announcements, local } = this.#parts
    switch (effect.type) {
      case 'order':
        if (tab.store.getState().startedAtMs === null) tab.set({ startedAtMs: clock.now() })
        return local.order(effect)
      case 'merge':
        return void this.#merge(effect)
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
        return timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return timers.stop(effect.adapter)
      case 'round-completed':
        return this.#complete(effect)
      case 'finished':
        return local.interrupt()
    }
  }

  close(): void {
    this.#isClosed = true
  }

  /** A round that cannot be merged would fail again: it waits for a person. */
  async #merge(effect: MergeEffect): Promise<void> {
    const { tab, loop, merging, terms, updates, versions } = this.#parts
    const refuse = (_: string, round: number, complaint: string) =>
      tab.problem('update-refused', `Round ${round} did not count: ${complaint}.`)
    const { event, made } = await mergeUpdates({ merging, terms, updates, refuse }, effect)
    if (this.#isClosed) return
    if (event.type === 'merge-failed') {
      tab.problem('update-refused', event.reason)
      loop.happen({ type: 'command', command: 'pause' })
    }
    loop.happen(event, {
      taken: () => {
        if (made && loop.state.adapters[made.adapter] >= made.version) versions.put(made)
      },
    })
  }

  #complete({ round, version }: RoundCompletedEffect): void {
    const { tab, clock, network, membership, updates, measurements, adapter, keep } = this.#parts
    const { startedAtMs } = tab.store.getState()
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
      seconds: startedAtMs === null ? 0 : (clock.now() - startedAtMs) / 1000,
      bytes: network.bytes.sent + network.bytes.received,
      parts: [{ adapter: adapter(), pool: poolOf(membership.roster()) }],
      trained: updates.latest([tab.selfKey]),
    })
  }
}
