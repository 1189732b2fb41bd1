/**
 * A federation as a reducer: `step(state, event) -> [state, effects]`. It decides, it never acts: no clock, no network,
 * no tensors. Membership and the teacher's commands are common to all schemes and settled here; who trains and merges
 * when is the scheme's business. The coordinator's tab, simulations and tests drive the same function, and replaying the
 * stored events rebuilds the state, which is how a coordinator that reloads carries on.
 */
import { able, stepMembers } from './members'
import { schemes } from './schemes/registry'
import type { Control, Effect, FederationConfig, FederationEvent, FederationState, Step } from './types'

export const initialState = (config: FederationConfig): FederationState => ({
  config,
  members: [],
  control: { kind: 'lobby' },
  stage: { kind: 'between' },
  version: 0,
  completedRounds: 0,
  roundTimesMs: [],
  voidsInARow: 0,
})

export function step(state: FederationState, event: FederationEvent): Step {
  const members = stepMembers(state.members, event)
  const config = event.type === 'configured' && state.control.kind === 'lobby' ? event.config : state.config
  const settled = { ...state, members, config }
  const control = stepControl(settled, event)
  const ending: Effect[] =
    control.kind === 'finished' && state.control.kind !== 'finished'
      ? [{ type: 'stop-timers' }, { type: 'finished', why: control.why }]
      : []
  const [next, effects] = schemes[config.scheme].step({ ...settled, control }, event)
  return [next, [...ending, ...effects]]
}

/** The state that a stored log leads to. Effects of the past are not repeated. */
export const replay = (config: FederationConfig, log: readonly FederationEvent[]): FederationState =>
  log.reduce((state, event) => step(state, event)[0], initialState(config))

function stepControl(state: FederationState, event: FederationEvent): Control {
  const { control, config, members } = state
  if (control.kind === 'lobby' && config.autostart !== null && able(members).length >= config.autostart)
    return { kind: 'running' }
  if (event.type !== 'command') return control
  if (event.command === 'stop')
    return control.kind === 'finished' ? control : { kind: 'finished', why: 'Stopped by hand.' }
  if (control.kind === 'finished') return control
  switch (event.command) {
    case 'start':
    case 'resume':
      return { kind: 'running' }
    case 'step':
      return { kind: 'stepping' }
    case 'pause':
      return control.kind === 'lobby' ? control : { kind: 'paused', why: null }
  }
}
