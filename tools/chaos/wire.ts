/**
 * What lies between a tab and the others: everything that comes in comes in through its life, so that a frozen tab hears
 * nothing until it wakes and a dead one nothing at all; and what it says may be said twice.
 */
import { emitter } from '../../src/lib/emitter'
import type { Random } from '../../src/lib/rng'
import type { Network } from '../../src/network/network'
import type { Link, LinkEvents, Transport, TransportEvents } from '../../src/network/transport/transport'
import type { Life } from './life'

/** A transport as a life sees it. */
export function heardBy(life: Life, inner: Transport): Transport {
  const events = emitter<TransportEvents>()
  const sighted = new Set<string>()
  inner.on('sighted', (peer) =>
    life.does(() => {
      sighted.add(peer)
      events.emit('sighted', peer)
    }),
  )
  inner.on('vanished', (peer) =>
    life.does(() => {
      sighted.delete(peer)
      events.emit('vanished', peer)
    }),
  )
  inner.on('unreachable', (peer) => life.does(() => events.emit('unreachable', peer)))
  inner.on('link', (link) => {
    const heard = linkHeardBy(life, link)
    life.does(() => events.emit('link', heard))
  })
  return {
    self: inner.self,
    kind: inner.kind,
    sighted,
    on: events.on,
    start: () => inner.start(),
    connect: (peer) => inner.connect(peer),
    close: () => inner.close(),
  }
}

/** It listens at once: what comes before the life knows of the link waits behind that news. */
function linkHeardBy(life: Life, link: Link): Link {
  const events = emitter<LinkEvents>()
  link.on('message', (lane, bytes) => life.does(() => events.emit('message', lane, bytes)))
  link.on('close', () => life.does(() => events.emit('close')))
  return {
    peer: link.peer,
    kind: link.kind,
    binding: link.binding,
    maxMessageBytes: link.maxMessageBytes,
    get isOpen() {
      return link.isOpen
    },
    on: events.on,
    bufferedBytes: (lane) => link.bufferedBytes(lane),
    send: (lane, message) => link.send(lane, message),
    drained: (lane) => link.drained(lane),
    close: () => link.close(),
  }
}

/**
 * What is said over this network comes again later with this probability, as a letter that is sent once more.
 */
export function repeating<Kind extends Network>(
  network: Kind,
  { clock }: Life,
  dice: Random,
  probability: () => number,
): Kind {
  const send: Network['send'] = (to, message, options) => {
    if (dice.next() < probability()) {
      const attachment = options?.attachment?.slice()
      clock.after(dice.int(20_000), () => void network.send(to, message, { attachment }).catch(() => {}))
    }
    return network.send(to, message, options)
  }
  return new Proxy(network, {
    get: (of, name) => (name === 'send' ? send : Reflect.get(of, name)),
  })
}
