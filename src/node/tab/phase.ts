/** The reducer's control, as a page shows it. */
import type { FederationState } from '../../federation/types'
import type { Phase } from '../state'

export function phaseOf({ control }: Pick<FederationState, 'control'>): Phase {
  switch (control.kind) {
    case 'lobby':
      return { kind: 'lobby' }
    case 'running':
    case 'stepping':
      return { kind: 'running' }
    case 'paused':
    case 'stuck':
      return { kind: 'paused', why: control.why }
    case 'finished':
      return { kind: 'finished', why: control.why }
  }
}
