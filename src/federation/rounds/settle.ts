/**
 * What follows from the verdict on a round, the same in every scheme that has rounds: what was gathered is merged, a void
 * round is tried again until three in a row pause the federation, a round that everybody has loaded is over.
 */
import { afterRound, afterVoid } from '../control'
import type { CoordinatorEffect } from '../effects'
import { able, type Member } from '../members'
import type { DeviceKey } from '../names'
import { newest, type Run } from '../run'
import { complete, giveUp, merge } from './cycle'
import type { Cycle } from './stage'
import type { Turn } from './turn'

/** Where a scheme keeps a cycle. */
export interface Place<State> {
  /** The state with this cycle in its place. */
  put(state: State, cycle: Cycle): State
  /** Rounds that the whole federation has behind it. */
  completedRounds(state: State): number
  /** The devices that a member of the cohort merged before it answered; absent: everybody speaks for itself. */
  behind?(state: State, device: DeviceKey): readonly Member[]
}

type Settled<State> = readonly [State, readonly CoordinatorEffect[]]

export function settle<State extends Run>(
  state: State,
  turn: Turn,
  place: Place<State>,
  atMs: number,
): Settled<State> {
  const next = place.put(state, turn.cycle)
  switch (turn.verdict.kind) {
    case 'goes-on':
      return [next, turn.effects]
    case 'gathered': {
      const version = newest(state, turn.cycle.adapter).version + 1
      const behind = (device: DeviceKey) => place.behind?.(state, device) ?? []
      return after(turn, settle(next, merge(turn.cycle, state.members, version, behind), place, atMs))
    }
    case 'void': {
      const { why } = turn.verdict
      const { cycle, effects } = giveUp(turn.cycle, why)
      const borne = afterVoid(next, cycle.voidsInARow, why, able(state.members).length)
      const isPaused = borne !== next
      return after(turn, [place.put(borne, isPaused ? { ...cycle, voidsInARow: 0 } : cycle), effects])
    }
    case 'loaded': {
      const { cycle, effects } = complete(turn.cycle, atMs)
      const done = place.put(next, cycle)
      const [over, more] = afterRound(done, place.completedRounds(done))
      return after(turn, [over, [...effects, ...more]])
    }
  }
}

const after = <State>(turn: Turn, [state, effects]: Settled<State>): Settled<State> => [
  state,
  [...turn.effects, ...effects],
]
