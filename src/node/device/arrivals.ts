/**
 * Adapters as they arrive, and the order that waits for one. Both travel on different lanes, so either may be first; and an
 * adapter may come before the engine that says what it adapts.
 */
import { isOfEdge } from '../../federation/names'
import { type Adapter, decodeAdapter } from '../../model/adapter'
import type { Workplace } from '../local/workplace'
import type { Tab } from '../tab/tab'
import type { Order } from '../wire/messages'
import type { ArrivedAdapter, Holding, Start } from './holding'
import { startsFrom } from './orders'
import type { Reply } from './outbox'
import type { OwnEdge } from './ownEdge'

export interface Arrival {
  readonly message: ArrivedAdapter
  readonly bytes: Uint8Array | null
  /** To whoever sent it. */
  readonly reply: Reply
  /** Whoever sent it is still who this tab listens to. */
  readonly isHeard: () => boolean
}

export interface ArrivalsParts {
  readonly tab: Tab
  readonly holding: Holding
  readonly workplace: Workplace
  readonly ownEdge: OwnEdge
}

export class Arrivals {
  readonly #parts: ArrivalsParts
  /** What every version is shaped like; null: the engine is not there yet. */
  #like: Adapter | null = null
  #early: Arrival[] = []
  #waiting: (() => void)[] = []
  /** The one that counts; null: none. */
  #order: Order | null = null

  constructor(parts: ArrivalsParts) {
    this.#parts = parts
    parts.workplace.on('engine', (engine) => {
      this.#like = engine && decodeAdapter(engine.opened.initialAdapter, engine.opened.adapter)
      const early = this.#early
      this.#early = []
      // Of a coordinator that was followed by another one meanwhile, versions would go back; whoever comes again sends again.
      for (const arrival of early) if (arrival.isHeard()) this.take(arrival)
    })
  }

  order(): Order | null {
    return this.#order
  }

  /** Another order counts now, or none. */
  turnTo(order: Order | null): void {
    this.#order = order
    if (!order) this.#parts.workplace.training()?.interrupt()
    this.#wake()
  }

  take(arrival: Arrival): void {
    const { tab, holding, ownEdge, workplace } = this.#parts
    const { message, bytes, reply } = arrival
    const { adapter, version, hash } = message
    if (!this.#like) {
      this.#early.push(arrival)
      return
    }
    switch (bytes ? holding.load(message, bytes, this.#like) : 'damaged') {
      case 'damaged':
        return tab.problem(
          'damaged-adapter',
          `Version ${version} of the adapter arrived damaged. Nothing is lost: the next round brings a new one.`,
        )
      case 'lacking':
        return reply({ type: 'lacks', adapter, version })
      case 'loaded': {
        tab.set(isOfEdge(adapter) ? { adapterHash: hash } : { version, adapterHash: hash })
        if (!isOfEdge(adapter)) ownEdge.adopt(holding.current()!)
        reply({ type: 'loaded', adapter, version, hash })
        // The room has gone on: nobody waits for what is being trained.
        if (this.#order && !startsFrom(this.#order, message)) workplace.training()?.interrupt()
        return this.#wake()
      }
    }
  }

  /** What an order starts from; null where the room has moved on meanwhile. */
  async startOf(order: Order): Promise<Start | null> {
    this.#parts.holding.turnTo(order)
    while (this.#order === order && this.#isComing(order))
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    const held = this.#parts.holding.current()
    return this.#order === order && held && startsFrom(order, held.name)
      ? this.#parts.holding.own(order.rank)
      : null
  }

  /** Waits until the coordinator's version, or a newer one, is here. */
  async common(version: number): Promise<void> {
    const held = () => this.#parts.holding.common()?.name.version ?? -1
    while (held() < version) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }

  #isComing({ adapter, version }: Order): boolean {
    const name = this.#parts.holding.current()?.name
    return !name || name.adapter !== adapter || name.version < version
  }

  #wake(): void {
    const sleepers = this.#waiting
    this.#waiting = []
    for (const resolve of sleepers) resolve()
  }
}
