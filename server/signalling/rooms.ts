/**
 * Who is on the signalling server right now, by room. A room is nothing but the peers whose ids begin with its code:
 * the server stores no keys, no names, no messages, and cannot tell a guest from an impostor (admission does that,
 * between the tabs). `roomsApi` shows the registry over HTTP to whoever knows a code.
 */
import { type Request, Router } from 'express'
import { canonicalCode, parsePeerId } from '../../src/network/ids'
import { clientOf } from '../addresses'
import { type SeatLimits, seats } from '../limits'

export type PresenceEvent = { readonly type: 'arrived' | 'left'; readonly id: string }
type Watcher = (event: PresenceEvent) => void

export interface Rooms {
  arrived(id: string): void
  left(id: string): void
  has(id: string): boolean
  roster(code: string): string[]
  /** Tells of everyone who comes or goes in one room, from now on. */
  watch(code: string, watcher: Watcher): () => void
}

export function rooms(): Rooms {
  const members = new Map<string, Set<string>>()
  const watchers = new Map<string, Set<Watcher>>()
  const tell = (room: string, event: PresenceEvent) => {
    for (const watcher of [...(watchers.get(room) ?? [])]) watcher(event)
  }
  return {
    arrived(id) {
      const room = parsePeerId(id)?.room
      if (!room || members.get(room)?.has(id)) return
      members.set(room, (members.get(room) ?? new Set()).add(id))
      tell(room, { type: 'arrived', id })
    },
    left(id) {
      const room = parsePeerId(id)?.room
      if (!room || !members.get(room)?.delete(id)) return
      if (members.get(room)?.size === 0) members.delete(room)
      tell(room, { type: 'left', id })
    },
    has: (id) => members.get(parsePeerId(id)?.room ?? '')?.has(id) ?? false,
    roster: (code) => [...(members.get(canonicalCode(code)) ?? [])],
    watch(code, watcher) {
      const room = canonicalCode(code)
      watchers.set(room, (watchers.get(room) ?? new Set()).add(watcher))
      return () => {
        watchers.get(room)?.delete(watcher)
        if (watchers.get(room)?.size === 0) watchers.delete(room)
      }
    },
  }
}

const keepAliveMs = 15_000
/** Of a stream that nobody reads. A roster of a full room is a tenth of it. */
const unreadLimitBytes = 64 * 1024
const streamLimits: SeatLimits = { all: 256, perClient: 16, perRoom: 64 }

/**
 * `/api/rooms/:code`, `/api/presence/:code` and `/api/address`. Tabs in a room do not hold the presence stream open:
 * over HTTP/1.1 a browser allows six connections per host for all its tabs together, so the seventh tab would never
 * load. They hear the same events over their signalling socket; the stream is for pages and scripts that only watch.
 */
export function roomsApi(registry: Rooms, lanAddress: () => string | null): Router {
  const streams = seats(streamLimits)
  const api = Router()
  api.use((_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store')
    next()
  })
  api.get('/rooms/:code', (request, response) => {
    const peers = registry.roster(request.params.code).map((id) => ({ id, role: parsePeerId(id)?.role }))
    response.json({ code: canonicalCode(request.params.code), peers })
  })
  api.get('/address', (_request, response) => {
    response.json({ address: lanAddress() })
  })
  api.get('/presence/:code', (request: Request<{ code: string }>, response) => {
    const leave = streams.take(clientOf(request.socket.remoteAddress), canonicalCode(request.params.code))
    if (!leave) {
      response.status(503).json({ error: 'Too many presence streams are open.' })
      return
    }
    response.writeHead(200, { 'Content-Type': 'text/event-stream' })
    const write = (event: string, data: unknown) => {
      if (response.writableLength > unreadLimitBytes) response.destroy()
      else response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    }
    write('roster', registry.roster(request.params.code))
    const unwatch = registry.watch(request.params.code, ({ type, id }) => write(type, id))
    const keepAlive = setInterval(() => response.write(': still here\n\n'), keepAliveMs)
    response.on('close', () => {
      clearInterval(keepAlive)
      unwatch()
      leave()
    })
  })
  api.use((_request, response) => {
    response.status(404).json({ error: 'There is no such address in this API.' })
  })
  return api
}
