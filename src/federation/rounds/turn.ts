/** What an event comes to in a round: the cycle after it, what is asked for, and what became of the round. */
import type { RoundEffect } from '../effects'
import type { TimerName } from '../events'
import type { DeviceKey } from '../names'
import type { Cycle } from './stage'

/** What became of a round with an event. */
export type Verdict =
  | { readonly kind: 'goes-on' }
  | { readonly kind: 'gathered' }
  | { readonly kind: 'void'; readonly why: string }
  | { readonly kind: 'loaded' }

export interface Turn {
  readonly cycle: Cycle
  readonly effects: readonly RoundEffect[]
  readonly verdict: Verdict
}

export const goesOn = (cycle: Cycle, effects: readonly RoundEffect[] = []): Turn => ({
  cycle,
  effects,
  verdict: { kind: 'goes-on' },
})

export const isVoid = (cycle: Cycle, why: string): Turn => ({
  ...goesOn(cycle),
  verdict: { kind: 'void', why },
})

export const isGathered = (cycle: Cycle): Turn => ({ ...goesOn(cycle), verdict: { kind: 'gathered' } })

export const startTimer = (
  { adapter }: Cycle,
  name: TimerName,
  round: number,
  afterMs: number,
): RoundEffect => ({
  type: 'start-timer',
  timer: { name, adapter, round },
  afterMs,
})

export function without(keys: readonly DeviceKey[], key: DeviceKey): readonly DeviceKey[] {
  const place = keys.indexOf(key)
  return place < 0 ? keys : keys.toSpliced(place, 1)
}
