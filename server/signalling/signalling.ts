/**
 * PeerServer on borrowed HTTP servers. It answers upgrades on its own path only (`upgrades.ts`); left alone, `ws` would
 * answer 400 to every other upgrade and end Vite's HMR. It relays offers, answers and candidates and sees no learning
 * data. Besides, it pushes presence over the signalling sockets: ROSTER, ARRIVED and LEFT.
 */
import type { Server } from 'node:http'
import express, { type Express } from 'express'
import { ExpressPeerServer, type IClient } from 'peer'
import { type WebSocket, WebSocketServer } from 'ws'
import { parsePeerId } from '../../src/network/ids'
import { mostFragments, type SeatLimits, seats } from '../limits'
import { GuardedSocket } from './guarded-socket'
import type { Rooms } from './rooms'
import { maySit } from './seat-proof'
import type { Path } from './upgrades'

export const tabLimits: SeatLimits = { all: 1024, perClient: 64, perRoom: 128 }
/** An offer with its candidates takes some kilobytes; `ws` would allow 100 MiB. */
const maxMessageBytes = 64 * 1024
/** Timers of hidden tabs fire once a minute, so a heartbeat may come that late. */
const aliveTimeoutMs = 90_000
const key = 'gossamer'

export interface Signalling {
  readonly app: Express
  readonly path: Path
  /** Whether a tab of this id is here right now, and has registered with this token. */
  isHere(id: string, token: string): boolean
}

export const signallingPath = '/peerjs/peerjs'

export function signalling(borrowed: Server, rooms: Rooms, report: (error: Error) => void): Signalling {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    maxFragments: mostFragments,
    WebSocket: GuardedSocket,
  })
  const peers = ExpressPeerServer(borrowed, {
    key,
    allow_discovery: false,
    alive_timeout: aliveTimeoutMs,
    concurrent_limit: tabLimits.all,
    corsOptions: { origin: false },
    createWebSocketServer: () => sockets,
  })
  const here = new Map<
    string,
    { readonly client: IClient; readonly socket: WebSocket | null; unwatch(): void }
  >()
  peers.on('connection', (client) => {
    const id = client.getId()
    // A laptop that woke up comes back on a second socket while the first one still counts as alive: PeerServer moves
    // the peer over but stays silent, and the client waits for OPEN for ever.
    if (rooms.has(id)) client.send({ type: 'OPEN' })
    rooms.arrived(id)
    const before = here.get(id)
    before?.unwatch()
    here.set(id, { client, socket: client.getSocket(), unwatch: pushPresence(client, rooms) })
    if (before?.socket !== client.getSocket()) before?.socket?.terminate()
  })
  peers.on('disconnect', (client) => {
    const id = client.getId()
    here.get(id)?.unwatch()
    here.delete(id)
    rooms.left(id)
  })
  peers.on('error', report) // without a listener one bad message ends Node
  const home = express()
  for (const app of [home, peers]) app.disable('x-powered-by')
  return {
    app: home.use('/peerjs', peers), // mounting creates the instance
    isHere: (id, token) => here.get(id)?.client.getToken() === token,
    path: {
      seats: seats(tabLimits),
      roomOf: (target) => parsePeerId(enrolmentOf(target)?.id ?? '')?.room ?? null,
      open({ request, socket, head, target }, opened) {
        const enrolment = enrolmentOf(target)!
        // PeerServer reads the query by rules of its own, the last of two `id`s for one. It gets each value once.
        request.url = `${signallingPath}?${new URLSearchParams({ key: target.searchParams.get('key') ?? '', ...enrolment })}`
        sockets.handleUpgrade(request, socket, head, (ws) => {
          ws.peer = enrolment.id
          opened(ws)
          sockets.emit('connection', ws, request)
        })
      },
    },
  }
}

/** Who enrols, and the token with which it may come back. Null when the id is none of ours, or the token does not prove it. */
export function enrolmentOf({ searchParams }: URL): { readonly id: string; readonly token: string } | null {
  const id = searchParams.get('id') ?? ''
  const token = searchParams.get('token') ?? ''
  return maySit(id, token) ? { id, token } : null
}

/** PeerJS ignores message types that it does not know, as long as they carry no payload. */
function pushPresence(client: IClient, rooms: Rooms): () => void {
  const room = client.getId()
  const code = room.slice(0, room.indexOf('-'))
  client.send({ type: 'ROSTER', ids: rooms.roster(code) })
  return rooms.watch(code, ({ type, id }) => {
    if (id !== client.getId()) client.send({ type: type === 'arrived' ? 'ARRIVED' : 'LEFT', id })
  })
}
