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

/** Rounds begin by themselves once as many devices are able as the settings ask for; null: a person starts. */
export const startedByItself = <State extends Controlled>(state: State, able: () => number): State => {
  const { autostart } = state.config
  const isTime = state.control.kind === 'lobby' && autostart !== null && able() >= autostart
  return isTime ? { ...state, control: { kind: 'running' } } : state
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

/** Three rounds in a row that came to nothing pause the federation and say why. */
export const afterVoid = <State extends Controlled>(state: State, voidsInARow: number, why: string): State =>
  voidsInARow < voidsUntilPause
    ? state
    : {
        ...state,
        control: {
          kind: 'paused',
          why: `${sentence(why)} Three rounds in a row came to nothing: look at the devices, then resume.`,
        },
      }
