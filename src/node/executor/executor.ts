/**
 * What coordinator, edge and peer have in common as they drive their reducers: the loop of events, timers, the versions and
 * updates that there are, and having them merged. Each says itself what else its effects mean.
 */

import { only } from '../../federation/aggregation/global/downlink'
import { countOf, shapesOf } from '../../federation/compression/vector'
import type { CombineEffect, MergeEffect, OrderEffect } from '../../federation/effects'
import type { RoundHappening, Stamped, Unstamped } from '../../federation/events'
import type { AdapterId, DeviceKey } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import { sentence } from '../../lib/sentence'
import { decodeAdapter } from '../../model/adapter'
import type { Clock } from '../../network/time/clock'
import { further, learningRateIn } from '../../settings/derived/learningRate'
import { federatingOf } from '../../settings/derived/merging'
import type { Settings } from '../../settings/table'
import type { IssuedVersion, Merging } from '../merging/merging'
import { type MergingTerms, termsOf } from '../merging/terms'
import type { Engine, Tab } from '../tab/tab'
import type { Order } from '../wire/messages'
import { EventLoop, type Prepared, type Turn } from './eventLoop'
import { orderOf } from './orders'
import { type ReceiveUpdate, receivingUpdates } from './receiveUpdates'
import { SecureRounds, type SecureRoundsParts } from './secure'
import { type Timers, timersOf } from './timers'
import { manifestFor, Updates } from './updates'
import { Versions } from './versions'

export interface ExecutorParts<State, Event extends Stamped, Effect> {
  readonly tab: Tab
  readonly clock: Clock
  readonly engine: () => Engine
  readonly merging: Merging
  readonly tier: MergingTerms['tier']
  readonly versionsKept: (state: State) => number
  /** What merging began with. */
  readonly begun: readonly IssuedVersion[]
  /** What the reducer begins with. */
  readonly state: State
  readonly step: (state: State, event: Event) => readonly [State, readonly Effect[]]
  /** The newest version of an adapter that the reducer knows. */
  readonly newestIn: (state: State, adapter: AdapterId) => number
  readonly isAwaited: (state: State, device: DeviceKey, round: number) => boolean
  readonly perform: (effect: Effect) => void
  /** Tells teacher and device why an update does not count. */
  readonly refuse: (device: DeviceKey, round: number, complaint: string) => void
  /** Why a merge is not taken up, as a whole sentence; null: it is. Not said: all are. */
  readonly judged?: (made: IssuedVersion, effect: MergeEffect) => Promise<string | null>
  /** Before the reducer hears that a merge failed. */
  readonly mergeFailed?: (reason: string) => void
  /** How far adapters were from each other before they were mixed; measured where somebody asks. */
  readonly mixed?: (distance: number) => void
  /** The event counts. A promise: its effects wait until that is kept. */
  readonly counted?: (event: Event, effects: readonly Effect[]) => Promise<void> | null
  readonly settled?: () => void
  /** Where rounds may be secure; absent: nobody sends under masks here. */
  readonly secure?: Pick<SecureRoundsParts, 'cryptography' | 'send'>
}

/** What an order says beside the reducer's words and the room's settings. */
export type OrderedBy = Pick<Order, 'pool' | 'forRound' | 'edge'> &
  Partial<Pick<Order, 'batch' | 'learningRate' | 'clip'>>

export class Executor<State, Event extends Stamped, Effect extends { readonly type: string }> {
  readonly timers: Timers
  readonly versions: Versions
  readonly updates: Updates
  readonly receiveUpdate: ReceiveUpdate
  /** Null: nobody sends under masks here. */
  readonly secure: SecureRounds | null
  readonly #parts: ExecutorParts<State, Event, Effect>
  readonly #loop: EventLoop<State, Event, Effect>
  #isClosed = false

  constructor(parts: ExecutorParts<State, Event, Effect>) {
    const { tab, clock, engine, merging, begun, step, perform, counted, settled } = parts
    this.#parts = parts
    this.#loop = new EventLoop(parts.state, {
      clock,
      step,
      prepare: (effects) => this.#prepare(effects),
      counted,
      perform,
      settled,
      failed: (error) =>
        tab.problem(
          'mixing-failed',
          `${sentence(`Adapters could not be mixed: ${messageOf(error)}`)} Reload this tab.`,
        ),
    })
    const happen = (event: RoundHappening) => this.happen(event)
    this.timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
    this.versions = new Versions(begun, () => parts.versionsKept(this.state))
    this.updates = new Updates(
      merging,
      () => this.terms(),
      () => manifestFor(engine().opened, this.settings().compression),
    )
    const isAwaited = (device: DeviceKey, round: number) => parts.isAwaited(this.state, device, round)
    const { refuse } = parts
    this.receiveUpdate = receivingUpdates({ updates: this.updates, isAwaited, happen, refuse })
    this.secure = parts.secure
      ? new SecureRounds({
          ...parts.secure,
          happen,
          refuse,
          isAwaited,
          countOf: (round) => this.#numbersIn(round),
          trained: (device, trained) => this.updates.heard(device, trained),
        })
      : null
  }

  /** After the last event that counts. */
  get state(): State {
    return this.#loop.state
  }

  settings(): Settings {
    return this.#parts.tab.store.getState().settings
  }

  terms(): MergingTerms {
    return termsOf(this.settings(), this.#parts.tier, this.#parts.versionsKept(this.state))
  }

  happen(event: Unstamped<Event> | RoundHappening, turn?: Turn): void {
    this.#loop.happen(event, turn)
  }

  /** Sends an order, and expects updates in answer. */
  order(
    effect: OrderEffect,
    { batch, learningRate, clip = null, ...by }: OrderedBy,
    send: (to: DeviceKey, order: Order) => void,
  ): void {
    const settings = this.settings()
    const order = orderOf(effect, {
      ...by,
      clip,
      batch: batch ?? settings.batch,
      learningRate: further(learningRate ?? learningRateIn(settings, effect.round), effect.stride ?? 1),
      rank: this.#parts.engine().opened.adapter.rank,
      learns: federatingOf(settings).rule.learns(effect.round),
    })
    for (const device of effect.to) {
      this.updates.ordered(device, order.round, order, order.rank)
      send(device, order)
    }
  }

  /** Has it merged; the answer is an event. */
  async merge(effect: MergeEffect): Promise<void> {
    const { tab, merging, refuse, newestIn, judged, mergeFailed } = this.#parts
    const { adapter, version, round } = effect
    try {
      const asked = effect.together ? await this.#asOne(effect) : effect
      const { version: merged, refused, weakened, contributions } = await merging.merge(this.terms(), asked)
      // What devices hold was made with whom is to be forgotten: there is nothing to compare with.
      const rejected = judged && !effect.isAgain && !this.#isClosed ? await judged(merged, effect) : null
      const made = rejected === null ? merged : await merging.keep(this.terms(), effect)
      if (this.#isClosed) return
      if (weakened !== null) tab.problem('robust-weakened', weakened)
      if (rejected !== null) tab.problem('merge-rejected', `Round ${round}: ${rejected}`)
      for (const { device, round, complaint } of refused) refuse(device, round, complaint)
      this.happen(
        {
          type: 'merged',
          adapter,
          version,
          round,
          adapterHash: made.hash,
          ...(this.settings().ledger && { contributions }),
        },
        {
          // A run that was stopped meanwhile has no use for it.
          taken: () => {
            if (newestIn(this.state, adapter) >= version) this.versions.put(made)
          },
        },
      )
    } catch (error) {
      if (this.#isClosed) return
      const reason = sentence(`The updates could not be merged: ${messageOf(error)}`)
      mergeFailed?.(reason)
      this.happen({ type: 'merge-failed', adapter, round, reason })
    } finally {
      for (const { device, round } of effect.updates) this.updates.forget(device, round)
    }
  }

  /** What came under masks, as the one update that it is now. @throws in words where it cannot be read */
  async #asOne(effect: MergeEffect): Promise<MergeEffect> {
    const { adapter, round, from } = effect
    if (!this.secure) throw new Error('nobody sends under masks here')
    const { mean, examples } = await this.secure.open(effect)
    const device = `all of ${adapter}`
    const { rank } = this.#parts.engine().opened.adapter
    const update = { device, round, from, rank, examples, hash: null, form: 'mean' } as const
    const complaint = await this.#parts.merging.take(this.terms(), update, mean)
    if (complaint !== null) throw new Error(complaint)
    return { ...effect, updates: [{ device, round, weight: 1 }] }
  }

  /** Of the factors that devices send in this round. */
  #numbersIn(round: number): number {
    const { initialAdapter, adapter } = this.#parts.engine().opened
    const { rule } = federatingOf(this.settings())
    return countOf(shapesOf(only(decodeAdapter(initialAdapter, adapter).tensors, rule.sends(round))))
  }

  /** Forgets every version: the model's initial adapter is the first again. */
  async beginAnew(): Promise<void> {
    const { adapter, initialAdapter } = this.#parts.engine().opened
    this.versions.replace(await this.#parts.merging.begin(adapter, initialAdapter, []))
  }

  close(): void {
    this.#isClosed = true
    this.#loop.close()
    this.timers.stop(null)
  }

  /** Means of adapters belong to their event: they are made before it counts, and stored with it. */
  #prepare(effects: readonly Effect[]): Promise<Prepared> | null {
    const { merging, mixed } = this.#parts
    const combines: CombineEffect[] = effects.flatMap((effect) => (isCombine(effect) ? [effect] : []))
    if (combines.length === 0) return null
    const making = combines.map(async (effect) => {
      const [distance, version] = await Promise.all([
        mixed ? merging.distance(effect.of) : 0,
        merging.combine(this.terms(), effect),
      ])
      return { distance, version }
    })
    return Promise.all(making).then((made) => () => {
      for (const { distance, version } of made) {
        mixed?.(distance)
        this.versions.put(version)
      }
    })
  }
}

const isCombine = (effect: { readonly type: string }): effect is CombineEffect => effect.type === 'combine'

export const combines = (effects: readonly { readonly type: string }[]): boolean => effects.some(isCombine)

/** Whether there is another version once this event counts. */
export const makesVersion = (
  event: { readonly type: string },
  effects: readonly { readonly type: string }[],
): boolean => event.type === 'merged' || combines(effects)
