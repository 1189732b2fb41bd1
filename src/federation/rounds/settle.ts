/**
 * What follows from the verdict on a round, the same in every scheme that has rounds: what was gathered is merged, a void
 * round is tried again until three in a row pause the federation, a round that everybody has loaded is over.
 */
import type { Cycle, DeviceKey, FederationState, Member, Step } from '../types'
import { complete, giveUp, merge, type Turn } from './cycle'
import { afterRound, afterVoid } from './orders'

export interface Place {
  /** The state with this cycle in its place. */
  put(state: FederationState, cycle: Cycle): FederationState
  /** Rounds that the whole federation has behind it. */
  completedRounds(state: FederationState): number
  /** The devices that a member of the cohort merged before it answered; absent: everybody speaks for itself. */
  behind?(state: FederationState, device: DeviceKey): readonly Member[]
}

export function settle(state: FederationState, turn: Turn, place: Place, atMs: number): Step {
  const next = place.put(state, turn.cycle)
  const then = ([after, effects]: Step): Step => [after, [...turn.effects, ...effects]]
  switch (turn.verdict.kind) {
    case 'goes-on':
      return [next, turn.effects]
    case 'gathered': {
      const version = (state.adapters[turn.cycle.adapter] ?? 0) + 1
      const behind = (device: DeviceKey) => place.behind?.(state, device) ?? []
      return then(settle(next, merge(turn.cycle, state.members, version, behind), place, atMs))
    }
    case 'void': {
      const { why } = turn.verdict
      const { cycle, effects } = giveUp(turn.cycle, why)
      const after = afterVoid(next, cycle.voidsInARow, why)
      const isPaused = after !== next
      return then([place.put(after, isPaused ? { ...cycle, voidsInARow: 0 } : cycle), effects])
    }
    case 'loaded': {
      const { cycle, effects } = complete(turn.cycle, atMs)
      const done = place.put(next, cycle)
      const [after, more] = afterRound(done, place.completedRounds(done))
      return then([after, [...effects, ...more]])
    }
  }
}
