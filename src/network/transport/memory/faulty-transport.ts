/**
 * A bad network in front of any transport: the tests' source of faults, and the "bad Wi-Fi" slider. Lanes stay ordered
 * and reliable, as SCTP keeps them: a lost message is sent again and comes late, together with everything behind it; a
 * partition holds messages back until it heals. Only time suffers, which is what real networks do to a data channel.
 * The same seed and the same clock give the same faults; give each node a seed of its own.
 */
import { emitter } from '../../../lib/emitter'
import { random } from '../../../lib/rng'
import type { PeerId } from '../../network'
import type { Clock } from '../../time/clock'
import { channelLane } from '../lanes/channel-lane'
import { creditChannel } from '../lanes/credit-channel'
import type { Lane, Link, Transport, TransportEvents } from '../transport'

export interface Faults {
  readonly delayMs: number
  /** Each message takes up to this share of the delay more or less. */
  readonly jitter: number
  /** Probability that one try of a message is lost. */
  readonly loss: number
  /** Of the link's lanes each; Infinity where it does not matter. */
  readonly bytesPerSecond: number
}

export interface FaultyTransport extends Transport {
  /** Cuts off the peers for whom this says yes, until it is called again. */
  partition(isCutOff: (peer: PeerId) => boolean): void
}

/** SCTP waits this long before it sends again, and twice as long after each further loss. */
const retransmitMs = 400
const retransmitLimitMs = 60_000

/** @param faultsOf of the link to this peer */
export function faultyTransport(
  inner: Transport,
  seed: number,
  clock: Clock,
  faultsOf: (peer: PeerId) => Faults,
): FaultyTransport {
  const events = emitter<TransportEvents>()
  const dice = random(seed, 'faults')
  const pumps = new Set<() => void>()
  let isCutOff: (peer: PeerId) => boolean = () => false

  const latencyMs = ({ delayMs, jitter, loss }: Faults): number => {
    let milliseconds = delayMs * (1 + jitter * (2 * dice.next() - 1))
    for (let pause = retransmitMs; pause < retransmitLimitMs && dice.next() < loss; pause *= 2)
      milliseconds += pause
    return milliseconds
  }
  const slow = (link: Link): Link => {
    const faults = faultsOf(link.peer)
    const air: Air = {
      clock,
      latencyMs: () => latencyMs(faults),
      bytesPerSecond: faults.bytesPerSecond,
      isCut: () => isCutOff(link.peer),
    }
    const slowed = { control: slowLane(link, 'control', air), bulk: slowLane(link, 'bulk', air) }
    for (const { pump } of Object.values(slowed)) pumps.add(pump)
    link.on('close', () => {
      for (const { pump, end } of Object.values(slowed)) {
        pumps.delete(pump)
        end()
      }
    })
    return {
      peer: link.peer,
      kind: link.kind,
      binding: link.binding,
      maxMessageBytes: link.maxMessageBytes,
      get isOpen() {
        return link.isOpen
      },
      on: link.on,
      bufferedBytes: (lane) => slowed[lane].lane.bufferedBytes(),
      send: (lane, message) => slowed[lane].lane.send(message),
      drained: (lane) => slowed[lane].lane.drained(),
      close: () => link.close(),
    }
  }

  inner.on('sighted', (peer) => events.emit('sighted', peer))
  inner.on('vanished', (peer) => events.emit('vanished', peer))
  inner.on('unreachable', (peer) => events.emit('unreachable', peer))
  inner.on('problem', (problem) => events.emit('problem', problem))
  inner.on('cleared', (code) => events.emit('cleared', code))
  inner.on('link', (link) => events.emit('link', slow(link)))

  return {
    self: inner.self,
    kind: inner.kind,
    get sighted() {
      return inner.sighted
    },
    on: events.on,
    start: () => inner.start(),
    connect: (peer) => inner.connect(peer),
    close: () => inner.close(),
    partition(rule) {
      isCutOff = rule
      for (const pump of [...pumps]) pump()
    },
  }
}

interface Air {
  readonly clock: Clock
  readonly bytesPerSecond: number
  latencyMs(): number
  isCut(): boolean
}

/** Holds outgoing messages of one lane back, in order. Incoming ones were held back by the other end. */
function slowLane(link: Link, name: Lane, { clock, bytesPerSecond, latencyMs, isCut }: Air) {
  const queue: { readonly bytes: Uint8Array; readonly dueMs: number }[] = []
  let freeAtMs = 0
  let lastDueMs = 0

  const pump = () => {
    while (queue.length > 0 && queue[0].dueMs <= clock.now() && !isCut()) {
      const { bytes } = queue.shift()!
      link.send(name, bytes).then(
        () => channel.acknowledged(bytes.length),
        () => {}, // the link is closed, and says so itself
      )
    }
  }
  const channel = creditChannel((bytes) => {
    freeAtMs = Math.max(freeAtMs, clock.now()) + (bytes.length / bytesPerSecond) * 1000
    lastDueMs = Math.max(lastDueMs, freeAtMs + latencyMs())
    queue.push({ bytes, dueMs: lastDueMs })
    clock.after(lastDueMs - clock.now(), pump)
  })
  return { lane: channelLane(channel, clock), pump, end: channel.end }
}
