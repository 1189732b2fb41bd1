/**
 * Whether a federation runs: what a person commands, and what the end of a round, or of too many void ones, makes of it.
 * It is the same for a coordinator and for a peer that gossips.
 */
import { sentence } from '../lib/sentence'
import type { FinishedEffect, StopTimersEffect } from './effects'
import type { Command } from './events'

export type Control =
  | { readonly kind: 'lobby' }
  | { readonly kind: 'running' }
  /** One round, then a pause. */
  | { readonly kind: 'stepping' }
  | { readonly kind: 'paused'; readonly why: string | null }
  /** Paused, because rounds came to nothing with so many devices: with more of them it goes on by itself. */
  | { readonly kind: 'stuck'; readonly why: string; readonly able: number }
  | { readonly kind: 'finished'; readonly why: string }

interface Controlled {
  readonly config: { readonly rounds: number; readonly autostart: number | null }
  readonly control: Control
  readonly completedRounds: number
}

const voidsUntilPause = 3

/** What a person's command makes of it. What is finished stays so. */
export function obey(control: Control, command: Command): Control {
  if (control.kind === 'finished') return control
  switch (command) {
    case 'start':
    case 'resume':
      return { kind: 'running' }
    case 'step':
      return { kind: 'stepping' }
    case 'pause':
      return control.kind === 'lobby' ? control : { kind: 'paused', why: null }
    case 'stop':
      return { kind: 'finished', why: 'Stopped by hand.' }
  }
}

/**
 * Rounds begin by themselves once as many devices are able as the settings ask for (null: a person starts), and go on by themselves
 * where they came to nothing with fewer devices than there are now: somebody who was missed is back.
 */
export const startedByItself = <State extends Controlled>(state: State, able: () => number): State => {
  const { control, config } = state
  const begins = control.kind === 'lobby' && config.autostart !== null && able() >= config.autostart
  const goesOn = control.kind === 'stuck' && able() > control.able
  return begins || goesOn ? { ...state, control: { kind: 'running' } } : state
}

export const isRunning = ({ kind }: Control): boolean => kind === 'running' || kind === 'stepping'

/** What ends with a run that has just been finished. */
export const endOf = (before: Control, after: Control): readonly (StopTimersEffect | FinishedEffect)[] =>
  after.kind === 'finished' && before.kind !== 'finished'
    ? [
        { type: 'stop-timers', adapter: null },
        { type: 'finished', why: after.why },
      ]
    : []

/** A further round is behind the whole federation: the run may be over, or was asked to take one step only. */
export function afterRound<State extends Controlled>(
  state: State,
  completedRounds: number,
): readonly [State, readonly FinishedEffect[]] {
  if (completedRounds <= state.completedRounds) return [state, []]
  const next = { ...state, completedRounds }
  if (completedRounds >= state.config.rounds) {
    const why = `All ${state.config.rounds} rounds are done.`
    return [{ ...next, control: { kind: 'finished', why } }, [{ type: 'finished', why }]]
  }
  return [state.control.kind === 'stepping' ? { ...next, control: { kind: 'paused', why: null } } : next, []]
}

/**
 * Three rounds in a row that came to nothing pause the federation and say why.
 * @param able devices that could be asked to train
 */
export function afterVoid<State extends Controlled>(
  state: State,
  voidsInARow: number,
  why: string,
  able: number,
): State {
  if (voidsInARow < voidsUntilPause) return state
  const told = `${sentence(why)} Three rounds in a row came to nothing: look at the devices, then resume.`
  // A person who takes steps takes the next one, too.
  if (state.control.kind === 'stepping') return { ...state, control: { kind: 'paused', why: told } }
  return {
    ...state,
    control: { kind: 'stuck', why: `${told} With more devices it goes on by itself.`, able },
  }
}
