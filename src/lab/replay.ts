/**
 * A recorded federation, played again: the events of each node go through the same reducers, and what they decide is
 * compared with what was decided then. It is how the Lab shows that it and real tabs run the same scheme: a log recorded
 * in either must lead to the same decisions here.
 */
import { initialState, step } from '../federation/federation'
import { initialEdge, stepEdge } from '../federation/schemes/parts/edge'
import type { Effect, FederationConfig, FederationEvent } from '../federation/types'
import type { LogEntry } from './scene'
import { coordinatorKey } from './simulation/world'

export interface Difference {
  readonly at: number
  readonly node: string
  readonly before: readonly Effect[]
  readonly now: readonly Effect[]
}

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

/** Where a replay decides otherwise; null: nowhere. */
export function replayed(config: FederationConfig, log: readonly LogEntry[]): Difference | null {
  const nodes = new Map<string, (event: FederationEvent) => readonly Effect[]>()
  for (const [at, { node, event, effects }] of log.entries()) {
    const decide = nodes.get(node) ?? reducerOf(config, node)
    nodes.set(node, decide)
    const now = decide(event)
    if (JSON.stringify(now) !== JSON.stringify(effects)) return { at, node, before: effects, now }
  }
  return null
}

function reducerOf(config: FederationConfig, node: string): (event: FederationEvent) => readonly Effect[] {
  const isCoordinator = node === coordinatorKey
  if (!isCoordinator && config.scheme !== 'gossip') {
    let edge = initialEdge(node)
    return (event) => {
      const [next, effects] = stepEdge(edge, event)
      edge = next
      return effects
    }
  }
  let state = initialState(config, isCoordinator ? null : node)
  return (event) => {
    const [next, effects] = step(state, event)
    state = next
    return effects
  }
}
