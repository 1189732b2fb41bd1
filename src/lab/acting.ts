/**
 * What simulated federations do alike, whoever coordinates: a node hears an event at the time of the virtual clock, cargo
 * takes as long as its link needs, a merge is done after a while. Nothing is decided here.
 */
import type { Effect, FederationEvent, RoundHappening, Unstamped } from '../federation/types'
import type { MergeTerms } from './depot'
import type { LogEntry, Scene } from './scene'
import type { Cargo } from './simulation/traffic'

/** Merging, or comparing, takes a device so long. */
export const mergeMs = 50

export interface Acting {
  readonly log: readonly LogEntry[]
  /** What this node's reducer makes of an event, stamped and written down. */
  hear<State, Event extends FederationEvent, Asked extends Effect>(
    node: string,
    event: Unstamped<Event>,
    reduce: (event: Event) => readonly [State, readonly Asked[]],
  ): readonly [State, readonly Asked[]]
  deliver(from: string, to: string, cargo: Cargo, bytes: number, arrive: () => void): void
  /** `tell` the node how it went; `measured`: what the merge missed. */
  merge(
    effect: Effect & { type: 'merge' },
    tell: (event: RoundHappening) => void,
    measured?: (terms: MergeTerms) => void,
  ): void
}

export function acting({ world, clock, traffic, depot, records }: Scene): Acting {
  const log: LogEntry[] = []
  return {
    log,
    hear(node, event, reduce) {
      const stamped = { atMs: clock.now(), ...event } as FederationEvent & Parameters<typeof reduce>[0]
      const [next, effects] = reduce(stamped)
      if (records) log.push({ node, event: stamped, effects })
      return [next, effects]
    },
    deliver(from, to, cargo, bytes, arrive) {
      clock.after(traffic.send(world.link(from, to), cargo, bytes), arrive)
    },
    merge(effect, tell, measured) {
      const { adapter, version, round } = effect
      clock.after(mergeMs, () => {
        try {
          const terms = depot.merge(effect)
          if (terms) measured?.(terms)
          tell({ type: 'merged', adapter, version, round, adapterHash: `${adapter}@${version}` })
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
          tell({ type: 'merge-failed', adapter, round, reason: error.message })
        }
      })
    },
  }
}
