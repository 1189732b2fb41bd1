/**
 * Rooms inside one process: for tests and for simulations of many devices. A message arrives a microtask after it was
 * sent, as a copy, in order, and never gets lost. Add faults with `faulty-transport.ts`.
 */
import { emitter } from '../../../lib/emitter'
import type { PeerId } from '../../network'
import type { Clock } from '../../time/clock'
import {
  type Lane,
  type Link,
  LinkClosed,
  type LinkEvents,
  preferredMessageBytes,
  type Transport,
  type TransportEvents,
} from '../transport'

/** The air that memory transports share. */
export interface MemoryHub {
  transport(self: PeerId): MemoryTransport
}

export interface MemoryTransport extends Transport {
  /** Vanishes without a word, as a crashed tab does: the list knows, the other ends of its links do not. */
  crash(): void
}

interface Seat {
  readonly sighted: Set<PeerId>
  readonly events: ReturnType<typeof emitter<TransportEvents>>
  readonly links: Set<Link & { abandon(): void }>
}

export function memoryHub(clock: Clock): MemoryHub {
  const seats = new Map<PeerId, Seat>()

  const enter = (self: PeerId, seat: Seat) => {
    if (seats.has(self)) return
    const others = [...seats]
    seats.set(self, seat)
    for (const [other, otherSeat] of others) {
      otherSeat.sighted.add(self)
      otherSeat.events.emit('sighted', self)
      seat.sighted.add(other)
      seat.events.emit('sighted', other)
    }
  }
  const exit = (self: PeerId) => {
    if (!seats.delete(self)) return
    for (const seat of seats.values()) {
      seat.sighted.delete(self)
      seat.events.emit('vanished', self)
    }
  }
  const join = (self: PeerId, peer: PeerId) => {
    const here = seats.get(self)
    const there = seats.get(peer)
    if (!here) return
    if (!there) return here.events.emit('unreachable', peer)
    if ([...here.links].some((link) => link.peer === peer)) return
    const [ours, theirs] = linkPair(self, peer, clock)
    for (const [seat, link] of [
      [here, ours],
      [there, theirs],
    ] as const) {
      seat.links.add(link)
      link.on('close', () => seat.links.delete(link))
    }
    there.events.emit('link', theirs)
    here.events.emit('link', ours)
  }

  return {
    transport(self) {
      const seat: Seat = { sighted: new Set(), events: emitter(), links: new Set() }
      return {
        self,
        kind: 'memory',
        sighted: seat.sighted,
        on: seat.events.on,
        start: async () => enter(self, seat),
        connect: (peer) => void clock.after(0, () => join(self, peer)),
        crash() {
          for (const link of [...seat.links]) link.abandon()
          exit(self)
        },
        async close() {
          for (const link of [...seat.links]) link.close()
          exit(self)
        },
      }
    },
  }
}

/** Two ends of one link. `abandon` makes an end deaf and dumb without telling the other. */
export function linkPair(a: PeerId, b: PeerId, clock: Clock): [MemoryLink, MemoryLink] {
  const first = memoryLink(b, () => second, clock)
  const second: MemoryLink = memoryLink(a, () => first, clock)
  return [first, second]
}

export type MemoryLink = Link & { abandon(): void; deliver(lane: Lane, bytes: Uint8Array): void }

function memoryLink(peer: PeerId, other: () => MemoryLink, clock: Clock): MemoryLink {
  const events = emitter<LinkEvents>()
  let state: 'open' | 'closed' | 'abandoned' = 'open'
  const end = () => {
    if (state === 'open') events.emit('close')
    state = 'closed'
  }
  return {
    peer,
    kind: 'memory',
    binding: '',
    maxMessageBytes: preferredMessageBytes,
    get isOpen() {
      return state === 'open'
    },
    on: events.on,
    bufferedBytes: () => 0,
    async send(lane, message) {
      if (state !== 'open') throw new LinkClosed('The link is closed.')
      const copy = message.slice()
      void Promise.resolve().then(() => other().deliver(lane, copy))
    },
    async drained() {},
    deliver(lane, bytes) {
      if (state === 'open') events.emit('message', lane, bytes)
    },
    close() {
      if (state !== 'open') return
      end()
      clock.after(0, () => other().close())
    },
    abandon() {
      state = 'abandoned'
    },
  }
}
