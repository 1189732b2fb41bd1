/**
 * PeerServer on borrowed HTTP servers. It answers upgrades on its own path only, so Vite's HMR socket survives on the
 * same port; left alone, `ws` would answer 400 to every other upgrade. It relays offers, answers and candidates and sees
 * no learning data. Besides, it pushes presence over the signalling sockets: ROSTER, ARRIVED and LEFT.
 */
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import express, { type Express } from 'express'
import { ExpressPeerServer, type IClient } from 'peer'
import { WebSocketServer } from 'ws'
import { GuardedSocket, peerOfRequest } from './guarded-socket'
import type { Rooms } from './rooms'

const peerLimit = 64
/** An offer with its candidates takes some kilobytes; `ws` would allow 100 MiB. */
const maxMessageBytes = 256 * 1024
/** Timers of hidden tabs fire once a minute, so a heartbeat may come that late. */
const aliveTimeoutMs = 90_000

export function signalling(
  servers: readonly Server[],
  rooms: Rooms,
  report: (error: Error) => void,
): Express {
  const peers = ExpressPeerServer(servers[0], {
    key: 'gossamer',
    allow_discovery: false,
    alive_timeout: aliveTimeoutMs,
    concurrent_limit: peerLimit,
    corsOptions: { origin: false },
    createWebSocketServer: ({ path }) => {
      const sockets = new WebSocketServer({
        noServer: true,
        maxPayload: maxMessageBytes,
        WebSocket: GuardedSocket,
      })
      const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (new URL(request.url ?? '/', 'http://localhost').pathname !== path) return // not ours: HMR
        const peer = peerOfRequest(request)
        if (!peer || !fromOwnPage(request)) return void socket.destroy()
        sockets.handleUpgrade(request, socket, head, (ws) => {
          ws.peer = peer
          sockets.emit('connection', ws, request)
        })
      }
      for (const server of servers) server.on('upgrade', upgrade)
      return sockets
    },
  })
  const unwatch = new Map<string, () => void>()
  peers.on('connection', (client) => {
    const id = client.getId()
    // A laptop that woke up comes back on a second socket while the first one still counts as alive: PeerServer moves
    // the peer over but stays silent, and the client waits for OPEN for ever.
    if (rooms.has(id)) client.send({ type: 'OPEN' })
    rooms.arrived(id)
    unwatch.get(id)?.()
    unwatch.set(id, pushPresence(client, rooms))
  })
  peers.on('disconnect', (client) => {
    unwatch.get(client.getId())?.()
    unwatch.delete(client.getId())
    rooms.left(client.getId())
  })
  peers.on('error', report) // without a listener one bad message ends Node
  const home = express()
  for (const app of [home, peers]) app.disable('x-powered-by')
  return home.use('/peerjs', peers) // mounting creates the instance
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

/** A page of another site could otherwise use a visitor's browser to reach into the room. */
export const fromOwnPage = ({ headers }: IncomingMessage): boolean =>
  URL.canParse(headers.origin ?? '') && new URL(headers.origin ?? '').host === headers.host
