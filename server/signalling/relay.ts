/**
 * Carries bytes between two tabs of one room that find no way of their own. Each tab has one socket here; a message names
 * whom it is for (`src/network/transport/relay/envelope.ts`), and comes out with the name of its sender, which the server
 * writes. What is inside is sealed between the tabs: nothing here could read it, or change it without being noticed.
 *
 * Memory and rate have ends, and nothing is ever dropped to keep them: whoever sends too fast, or to somebody who reads
 * too slowly, is not read from until there is room. Who does not read at all loses its socket (`upgrades.ts`), and so does
 * who lets others wait and reads hardly anything: its senders have one socket for all whom they talk to.
 */
import { WebSocket, WebSocketServer } from 'ws'
import { parsePeerId } from '../../src/network/ids'
import { envelope, maxEnvelopeBytes, readEnvelope } from '../../src/network/transport/relay/envelope'
import { type Bucket, bucket, mostFragments, seats } from '../limits'
import { enrolmentOf, tabLimits } from './signalling'
import type { Path } from './upgrades'

export const relayPath = '/relay'

export interface RelayLimits {
  /** What waits for one receiver, and for all receivers of a room, before senders have to wait. */
  readonly receiverBytes: number
  readonly roomBytes: number
  /** Two hundred megabits for a room; one tab alone cannot use it up. */
  readonly roomBytesPerSecond: number
  readonly tabBytesPerSecond: number
  /** While others wait, a receiver has to read so much of what lies there for it, each time so long has passed. */
  readonly leastReadBytes: number
  readonly patienceMs: number
}

export const usualLimits: RelayLimits = {
  receiverBytes: 8 * 1024 * 1024,
  roomBytes: 32 * 1024 * 1024,
  roomBytesPerSecond: 25_000_000,
  tabBytesPerSecond: 15_000_000,
  leastReadBytes: 512 * 1024,
  patienceMs: 10_000,
}

/** Each message costs at least this much, so that a flood of small ones is slow too. */
const leastCostBytes = 1024

interface Seat {
  readonly socket: WebSocket
  /** With whom it has exchanged anything; they are told when it goes. */
  readonly partners: Set<Seat>
  readonly take: Bucket
  /** Sent to it and not yet on the wire; and what went out so far. */
  waitingBytes: number
  readBytes: number
  isReading: boolean
  /** It sent something that this one has yet to read. */
  waitsFor: Seat | null
}

interface Room {
  readonly tabs: Map<string, Seat>
  readonly take: Bucket
  waitingBytes: number
  /** Somebody waits, and those for whom something lies there are looked at. */
  isWatched: boolean
}

export function relay(
  isHere: (id: string, token: string) => boolean,
  limits: RelayLimits = usualLimits,
  now: () => number = () => performance.now(),
): Path {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxEnvelopeBytes,
    maxFragments: mostFragments,
  })
  const rooms = new Map<string, Room>()

  const admittedOf = (target: URL) => {
    const enrolment = enrolmentOf(target)
    return enrolment && isHere(enrolment.id, enrolment.token) ? enrolment.id : null
  }
  const enter = (id: string, socket: WebSocket) => {
    const code = parsePeerId(id)!.room
    const room = rooms.get(code) ?? {
      tabs: new Map(),
      take: bucket(limits.roomBytesPerSecond, limits.roomBytes, now),
      waitingBytes: 0,
      isWatched: false,
    }
    rooms.set(code, room)
    const take = bucket(limits.tabBytesPerSecond, limits.receiverBytes, now)
    const counts = { waitingBytes: 0, readBytes: 0 }
    const seat: Seat = { socket, partners: new Set(), take, ...counts, isReading: true, waitsFor: null }
    room.tabs.get(id)?.socket.terminate() // a laptop that woke up, on its second socket
    room.tabs.set(id, seat)
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) pass(room, id, seat, data)
      else socket.close(1003, 'only envelopes')
    })
    socket.on('error', () => {}) // too long, or no WebSocket any more: `close` follows
    socket.on('close', () => {
      for (const partner of seat.partners) {
        partner.partners.delete(seat)
        tellAbsent(partner, id)
      }
      if (room.tabs.get(id) !== seat) return
      room.tabs.delete(id)
      wake(room)
      if (room.tabs.size === 0) rooms.delete(code)
    })
  }
  const pass = (room: Room, from: string, sender: Seat, data: Buffer) => {
    const read = readEnvelope(data)
    if (!read) return sender.socket.close(1008, 'no envelope')
    const receiver = room.tabs.get(read.peer)
    if (!receiver || receiver === sender) tellAbsent(sender, read.peer)
    else {
      sender.partners.add(receiver)
      receiver.partners.add(sender)
      deliver(room, receiver, envelope(from, read.content))
    }
    const cost = Math.max(data.length, leastCostBytes)
    const pauseMs = Math.max(room.take(cost), sender.take(cost))
    if (pauseMs > 0) rest(room, sender, pauseMs)
    if (receiver && isFull(room, receiver)) {
      sender.waitsFor = receiver
      listen(sender)
      watch(room)
    }
  }
  const watch = (room: Room) => {
    if (room.isWatched) return
    room.isWatched = true
    const owing = [...room.tabs.values()].map((seat) => {
      const owedBytes = Math.min(seat.waitingBytes, limits.leastReadBytes)
      return { seat, dueBytes: seat.readBytes + owedBytes }
    })
    setTimeout(() => {
      room.isWatched = false
      if (![...room.tabs.values()].some(({ waitsFor }) => waitsFor)) return
      for (const { seat, dueBytes } of owing) if (seat.readBytes < dueBytes) seat.socket.terminate()
      watch(room)
    }, limits.patienceMs).unref()
  }
  const tellAbsent = ({ socket }: Seat, id: string) => {
    if (socket.bufferedAmount < limits.receiverBytes) socket.send(JSON.stringify({ type: 'ABSENT', id }))
  }
  const deliver = (room: Room, receiver: Seat, bytes: Uint8Array) => {
    room.waitingBytes += bytes.length
    receiver.waitingBytes += bytes.length
    receiver.socket.send(bytes, () => {
      room.waitingBytes -= bytes.length
      receiver.waitingBytes -= bytes.length
      receiver.readBytes += bytes.length
      wake(room)
    })
  }
  const isFull = (room: Room, { socket }: Seat) =>
    socket.readyState === WebSocket.OPEN &&
    (socket.bufferedAmount > limits.receiverBytes || room.waitingBytes > limits.roomBytes)
  const wake = (room: Room) => {
    for (const seat of room.tabs.values())
      if (seat.waitsFor && !isFull(room, seat.waitsFor)) {
        seat.waitsFor = null
        listen(seat)
      }
  }
  const rest = (room: Room, seat: Seat, pauseMs: number) => {
    seat.isReading = false
    listen(seat)
    setTimeout(() => {
      seat.isReading = true
      listen(seat)
      wake(room)
    }, pauseMs).unref()
  }
  const listen = ({ socket, isReading, waitsFor }: Seat) => {
    if (isReading && !waitsFor) socket.resume()
    else socket.pause()
  }

  return {
    seats: seats(tabLimits),
    roomOf: (target) => parsePeerId(admittedOf(target) ?? '')?.room ?? null,
    open({ request, socket, head, target }, opened) {
      const id = admittedOf(target)!
      sockets.handleUpgrade(request, socket, head, (ws) => {
        opened(ws)
        enter(id, ws)
      })
    },
  }
}
