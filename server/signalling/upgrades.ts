/**
 * One door for every request to become a WebSocket. It knows the paths that are served and checks what all of them
 * need: a target that can be read, a Host that is ours, an Origin that is our own page, a seat. What fails gets a status
 * and is hung up on. `others` says what happens to paths of nobody: in development they belong to Vite's HMR, which has a
 * listener of its own; in `npm start` there is nobody else, and an upgrade without an answer would stay open for ever.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { clientOf, type Hosts, targetOf } from '../addresses'
import type { Seats } from '../limits'

export interface Upgrade {
  readonly request: IncomingMessage
  readonly socket: Duplex
  readonly head: Buffer
  readonly target: URL
}

export interface Path {
  /** The room that a seat counts for, or null: refused. */
  roomOf(target: URL): string | null
  readonly seats: Seats
  /** Completes the upgrade, and calls back with the socket once it is one. */
  open(upgrade: Upgrade, opened: (socket: WebSocket) => void): void
}

export interface DoorOptions {
  readonly servers: readonly Server[]
  readonly hosts: Hosts
  readonly others: 'leave' | 'refuse'
  readonly pingPeriodMs: number
  readonly paths: ReadonlyMap<string, Path>
}

export function upgradeDoor({ servers, hosts, others, pingPeriodMs, paths }: DoorOptions): void {
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => {}) // a reset by the other side is no news
    const target = targetOf(request.url)
    const path = target && paths.get(target.pathname)
    if (!target || !path) {
      if (others === 'refuse') hangUp(socket, '404 Not Found')
      return
    }
    if (!hosts.answersTo(request.headers.host) || !fromOwnPage(request))
      return hangUp(socket, '403 Forbidden')
    const room = path.roomOf(target)
    if (room === null) return hangUp(socket, '400 Bad Request')
    const release = path.seats.take(clientOf(request.socket.remoteAddress), room)
    if (!release) return hangUp(socket, '503 Service Unavailable')
    socket.once('close', release)
    path.open({ request, socket, head, target }, (opened) => keepAlive(opened, request.socket, pingPeriodMs))
  }
  for (const server of servers) server.on('upgrade', upgrade)
}

/** A page of another site could otherwise use a visitor's browser to reach into the room. */
const fromOwnPage = ({ headers }: IncomingMessage): boolean =>
  URL.canParse(headers.origin ?? '') && new URL(headers.origin ?? '').host === headers.host

function hangUp(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
  setTimeout(() => socket.destroy(), 1_000).unref()
}

/**
 * Browsers answer a ping by themselves, hidden tabs too: who does not is gone, or never was one. Where a ping still
 * stands in a queue, it is enough that the queue moves. Whoever is not read from, because it must wait for somebody, may
 * have answered: nobody has looked.
 */
function keepAlive(opened: WebSocket, wire: Socket, pingPeriodMs: number): void {
  let isHeard = true
  let queuedBytes = 0
  let writtenBytes = 0
  const timer = setInterval(() => {
    const written = wire.bytesWritten - wire.writableLength
    const isMoving = queuedBytes > 0 && written > writtenBytes
    if (!isHeard && !isMoving && !opened.isPaused) return opened.terminate()
    isHeard = opened.isPaused
    queuedBytes = wire.writableLength
    writtenBytes = written
    opened.ping()
  }, pingPeriodMs).unref()
  opened.on('pong', () => {
    isHeard = true
  })
  opened.on('close', () => clearInterval(timer))
}
