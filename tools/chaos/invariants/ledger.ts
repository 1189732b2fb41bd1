/**
 * The coordinator's books, kept by somebody else: every event that it stores is stepped through the reducer once more, and
 * what the reducer asks for is held against all that it asked for before, over all lives of the coordinator's tab. What the
 * coordinator shows must be what these books say.
 */
import type {
  CoordinatorEffect,
  MergeEffect,
  OrderEffect,
  SecureEffect,
} from '../../../src/federation/effects'
import { initialState, replay, step } from '../../../src/federation/federation'
import { newestVersion } from '../../../src/federation/run'
import type {
  AdapterId,
  CoordinatorEvent,
  FederationConfig,
  FederationState,
} from '../../../src/federation/types'
import { isReplay } from '../../../src/federation/unlearning/forgetting'
import { hasRounds, roundUnderWay } from '../../../src/federation/view'
import type { NodeState } from '../../../src/node/state'
import { phaseOf } from '../../../src/node/tab/phase'
import type { Note } from './violation'

export interface Ledger {
  /** The room is new. */
  begins(config: FederationConfig): void
  /** A reloaded coordinator goes on from what its disk holds. */
  resumes(config: FederationConfig, log: readonly CoordinatorEvent[]): void
  /** @returns to be called once it is kept: before that nobody is told of it, and it may be lost */
  stores(event: CoordinatorEvent): () => void
  /** The run is over: nobody may still wait to be forgotten. */
  ends(): void
  /** Whether the run can come to its end though budgets are spent, where a round needs so many devices. */
  mayEnd(needed: number): boolean
  /** Whether this device has left for good. */
  isOut(device: string): boolean
  /** How what the coordinator shows differs from these books, when it has dealt with all that happened; null: it does not. */
  differs(shown: NodeState): string | null
  readonly state: FederationState | null
}

export function ledgerOf(note: Note, when: () => string): Ledger {
  let state: FederationState | null = null
  /** What the disk holds. */
  let kept: FederationState | null = null
  /** Whom an update of this device, for this adapter and order, was asked of. */
  const asked = new Set<string>()
  const counted = new Set<string>()
  const closed = new Set<string>()
  /** Those who have left and want nothing of them to stay. */
  const out = new Set<string>()
  /** By round: who is in the sum that was asked for last. What stands under masks is merged with all of them, or not at all. */
  const sums = new Map<string, ReadonlySet<string>>()
  /** What is being merged, until it is done. */
  let merging: { readonly effect: MergeEffect; readonly place: string }[] = []
  const entry = (...words: (string | number)[]) => words.join(' ')

  function hear(before: FederationState, effect: CoordinatorEffect, event: string): void {
    switch (effect.type) {
      case 'order':
        return ask(before, effect, event)
      case 'order-edge':
        asked.add(entry(effect.order.adapter, effect.order.round, effect.to))
        return
      case 'unmask':
        return unmask(effect, event)
      case 'merge':
        return merge(before, effect, event)
      default:
        return
    }
  }
  function ask(before: FederationState, { adapter, version, round, to }: OrderEffect, event: string): void {
    const place = placeIn(before, adapter, round, version)
    if (hasRounds(before) && closed.has(place))
      note('a closed round never reopens', `${event}: round ${round} of ${adapter} is ordered`)
    for (const device of to) {
      if (out.has(device)) note('who wants to be forgotten is', `${event}: ${device} is ordered to train`)
      asked.add(entry(place, device))
    }
  }
  function unmask({ adapter, round, survivors }: SecureEffect & { type: 'unmask' }, event: string): void {
    for (const device of survivors)
      if (out.has(device))
        note('who wants to be forgotten is', `${event}: the sum with ${device} is asked for`)
    sums.set(entry(adapter, round), new Set(survivors))
  }
  function merge(before: FederationState, effect: MergeEffect, event: string): void {
    const { adapter, round, updates, from, together } = effect
    if (effect.isAgain) return mergeAgain(effect, event)
    const place = placeIn(before, adapter, round, from.version)
    if (closed.has(place))
      note('a closed round never reopens', `${event}: round ${round} of ${adapter} is merged`)
    const here = new Set<string>()
    const inSum = together ? sums.get(entry(adapter, round)) : undefined
    for (const { device, round: order } of updates) {
      const update = entry(placeIn(before, adapter, order, from.version), device)
      if (out.has(device) && !inSum?.has(device))
        note('who wants to be forgotten is', `${event}: ${device} is merged`)
      if (counted.has(update) || here.has(update))
        note('no update is counted twice', `${event}: that of ${device} for order ${order}`)
      if (!asked.has(update))
        note('nobody outside the cohort counts', `${event}: ${device} in round ${round} of ${adapter}`)
      here.add(update)
    }
    merging = [...merging.filter((other) => other.effect.adapter !== adapter), { effect, place }]
  }
  /** Of those that were merged, less somebody, and once each. */
  function mergeAgain({ adapter, round, updates, version }: MergeEffect, event: string): void {
    const devices = updates.map(({ device }) => device)
    if (new Set(devices).size < devices.length)
      note('no update is counted twice', `${event}: round ${round} again`)
    for (const device of devices) {
      if (!counted.has(entry(adapter, round, device)))
        note('nobody outside the cohort counts', `${event}: ${device} in round ${round} of ${adapter} again`)
      if (out.has(device)) note('who wants to be forgotten is', `${event}: ${device} is merged again`)
    }
    closed.add(entry(adapter, 'again as', version))
  }
  function mergeDone(adapter: AdapterId, version: number): void {
    const done = merging.find(({ effect }) => effect.adapter === adapter && effect.version === version)
    if (!done) return
    merging = merging.filter((each) => each !== done)
    closed.add(done.place)
    const isAgain = done.place !== entry(adapter, done.effect.round)
    for (const { device, round } of done.effect.updates)
      counted.add(entry(isAgain ? done.place : entry(adapter, round), device))
  }

  return {
    get state() {
      return state
    },
    begins(config) {
      state = initialState(config)
      kept = state
    },
    resumes(config, log) {
      const resumed = replay(config, log)
      if (resumed.followed < log.length)
        note(
          'the log leads to the state',
          `${when()}: the log ends after ${resumed.followed} of ${log.length}`,
        )
      if (kept) assertForward(kept, resumed.state, `${when()} reload`)
      state = resumed.state
      kept = state
      merging = []
    },
    stores(event) {
      if (!state) return () => {}
      if (event.type === 'forget-asked' && event.of === 'everything') out.add(event.device)
      const name = `${when()} ${event.type}`
      const [next, effects] = step(state, event)
      const isMerged =
        event.type === 'merged' && next.adapters[event.adapter] !== state.adapters[event.adapter]
      assertForward(state, next, name)
      state = next
      for (const effect of effects) hear(next, effect, name)
      return () => {
        kept = next
        if (isMerged) mergeDone(event.adapter, event.version)
      }
    },
    ends() {
      if (state && (isReplay(state.progress) || state.wishes.length > 0))
        note('who wants to be forgotten is', `${when()}: a wish stands`)
    },
    mayEnd(needed) {
      if (!state?.members.some(({ isSpent }) => isSpent)) return true
      const willing = state.members.filter(({ isSpent, isForgotten }) => !isSpent && !isForgotten)
      const here = willing.filter(({ present }) => present).length
      // Who is away may come back, and make merges again that nobody else can.
      return isReplay(state.progress) ? here > 0 || willing.length === 0 : here === 0 || here >= needed
    },
    isOut: (device) => out.has(device),
    differs({ version, phase, round }) {
      if (!state) return null
      const open = roundUnderWay(state)
      const arrived = open ? `${open.arrived} of ${open.cohort}` : 'none'
      const says = `version ${newestVersion(state)}, ${phaseIn(state)}, ${arrived}`
      const shown = round.stage === null ? 'none' : `${round.arrived} of ${round.cohort}`
      const shows = `version ${version}, ${phase.kind}, ${shown}`
      return says === shows ? null : `log: ${says}; shown: ${shows}`
    },
  }

  function assertForward(before: FederationState, after: FederationState, event: string): void {
    for (const [adapter, version] of Object.entries(before.adapters))
      if (adapter in after.adapters && after.adapters[adapter] < version)
        note('versions never go back', `${event}: ${adapter} from ${version} to ${after.adapters[adapter]}`)
    if (after.completedRounds < before.completedRounds)
      note('a closed round never reopens', `${event}: ${before.completedRounds} rounds were completed`)
  }
}

/** What is closed by one merge, and only once: a round, or in a replay, which makes rounds again, what goes on from one version. */
const placeIn = (
  { progress }: FederationState,
  adapter: AdapterId,
  round: number,
  version: number,
): string => (isReplay(progress) ? `${adapter} again from ${version}` : `${adapter} ${round}`)

const phaseIn = (state: FederationState): NodeState['phase']['kind'] =>
  isReplay(state.progress) ? 'running' : phaseOf(state).kind
