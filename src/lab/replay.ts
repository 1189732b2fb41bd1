/**
 * A recorded federation, played again: the events of one node go through the same reducer, and what it decides can be
 * compared with what was seen then.
 */
import { initialState, step } from '../federation/federation'
import type { Effect, FederationConfig, FederationEvent } from '../federation/types'

/** What these events, one node's, lead to: the decisions after each. */
export function decisionsOf(
  config: FederationConfig,
  events: readonly FederationEvent[],
  self: string | null = null,
): (readonly Effect[])[] {
  let state = initialState(config, self)
  return events.map((event) => {
    const [next, effects] = step(state, event)
    state = next
    return effects
  })
}
