/**
 * A recorded federation, played again: the events of each node go through the same reducers, and what they decide is
 * compared with what was decided then. It is how the Lab shows that it and real tabs run the same scheme: a log recorded
 * in either must lead to the same decisions here.
 */
import { initialState, step } from '../federation/federation'
import { initialPeer, stepPeer } from '../federation/schemes/gossip/peer'
import { initialEdge, stepEdge } from '../federation/schemes/hierarchical/edge'
import type {
  CoordinatorEvent,
  EdgeEvent,
  Effect,
  FederationConfig,
  FederationEvent,
  PeerEvent,
} from '../federation/types'
import type { LogEntry } from './scene'
import { coordinatorKey } from './simulation/world'

export interface Difference {
  readonly at: number
  readonly node: string
  readonly before: readonly Effect[]
  readonly now: readonly Effect[]
}

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

/** One node's reducer; the log gives each node the events that it heard. */
interface Decider {
  decide(event: FederationEvent): readonly Effect[]
}

/** Where a replay decides otherwise; null: nowhere. */
export function replayed(config: FederationConfig, log: readonly LogEntry[]): Difference | null {
  const nodes = new Map<string, Decider>()
  for (const [at, { node, event, effects }] of log.entries()) {
    const reducer = nodes.get(node) ?? reducerOf(config, node)
    nodes.set(node, reducer)
    const now = reducer.decide(event)
    if (JSON.stringify(now) !== JSON.stringify(effects)) return { at, node, before: effects, now }
  }
  return null
}

function reducerOf(config: FederationConfig, node: string): Decider {
  if (node === coordinatorKey) {
    let state = initialState(config)
    return {
      decide(event: CoordinatorEvent) {
        const [next, effects] = step(state, event)
        state = next
        return effects
      },
    }
  }
  if (config.scheme === 'gossip') {
    let peer = initialPeer(config, node)
    return {
      decide(event: PeerEvent) {
        const [next, effects] = stepPeer(peer, event)
        peer = next
        return effects
      },
    }
  }
  let edge = initialEdge(node)
  return {
    decide(event: EdgeEvent) {
      const [next, effects] = stepEdge(edge, event)
      edge = next
      return effects
    },
  }
}
