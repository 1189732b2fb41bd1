/**
 * A recorded federation, played again: a coordinator's events go through the same reducer, and what it decides can be
 * compared with what was seen then.
 */
import { initialState, step } from '../federation/federation'
import type { CoordinatorEvent, Effect, FederationConfig } from '../federation/types'

/** What these events, a coordinator's, lead to: the decisions after each. */
export function decisionsOf(
  config: FederationConfig,
  events: readonly CoordinatorEvent[],
): (readonly Effect[])[] {
  let state = initialState(config)
  return events.map((event) => {
    const [next, effects] = step(state, event)
    state = next
    return effects
  })
}
