/**
 * Adapters as they arrive, and the orders that wait for them. Both travel on different lanes, so either may be first; and
 * an adapter may come before the engine that says what it adapts.
 */

import { isOfEdge } from '../../federation/names'
import { decodeAdapter } from '../../model/adapter'
import type { AdapterMessage } from '../merging/parcel'
import type { Engine, Tab } from '../tab/tab'
import type { Order } from '../wire/messages'
import type { Held, Holding, Start } from './holding'
import type { Reply } from './mail'
import { startsFrom } from './orders'

export interface Arrival {
  readonly message: AdapterMessage
  readonly bytes: Uint8Array | null
  /** To whoever sent it. */
  readonly reply: Reply
}

export interface ArrivalParts {
  readonly tab: Tab
  readonly holding: Holding
  /** Null: not there yet. */
  readonly engine: () => Engine | null
  /** The order that counts; null: none. */
  readonly newestOrder: () => Order | null
  /** A version of the coordinator's, not of an edge. */
  readonly common: (held: Held) => void
  /** The room has gone on to another version than the newest order's. */
  readonly outdated: () => void
}

export interface Arrivals {
  take(arrival: Arrival): void
  /** The engine is there: what came before it is taken now. */
  engineReady(): void
  /** What an order starts from; null where the room has moved on meanwhile. */
  startOf(order: Order): Promise<Start | null>
  /** Another order counts now, or none. */
  wake(): void
}

export function arrivalsOf(parts: ArrivalParts): Arrivals {
  const { tab, holding, engine, newestOrder, common, outdated } = parts
  let early: Arrival[] = []
  let waiting: (() => void)[] = []

  function take(arrival: Arrival): void {
    const opened = engine()?.opened
    if (!opened) {
      early.push(arrival)
      return
    }
    const { message, bytes, reply } = arrival
    const { adapter, version, hash } = message
    const like = decodeAdapter(opened.initialAdapter, opened.adapter)
    switch (bytes ? holding.load(message, bytes, like) : 'damaged') {
      case 'damaged':
        return tab.problem(
          'damaged-adapter',
          `Version ${version} of the adapter arrived damaged. Nothing is lost: the next round brings a new one.`,
        )
      case 'lacking':
        return reply({ type: 'lacks', adapter, version })
      case 'loaded': {
        tab.set(isOfEdge(adapter) ? { adapterHash: hash } : { version, adapterHash: hash })
        if (!isOfEdge(adapter)) common(holding.current()!)
        reply({ type: 'loaded', adapter, version, hash })
        const order = newestOrder()
        if (order && !startsFrom(order, message)) outdated()
        return wake()
      }
    }
  }

  function wake(): void {
    const sleepers = waiting
    waiting = []
    for (const resolve of sleepers) resolve()
  }

  return {
    take,
    wake,
    engineReady() {
      const kept = early
      early = []
      for (const arrival of kept) take(arrival)
    },
    async startOf(order) {
      holding.turnTo(order)
      const isComing = () => {
        const name = holding.current()?.name
        return !name || name.adapter !== order.adapter || name.version < order.version
      }
      while (newestOrder() === order && isComing())
        await new Promise<void>((resolve) => waiting.push(resolve))
      return newestOrder() === order && startsFrom(order, holding.current()!.name)
        ? holding.own(order.rank)
        : null
    },
  }
}
