/**
 * Opens the port. Without a certificate it speaks plain http. With one (`--lan`) the same port speaks both: the first
 * byte of a connection tells TLS from text. Plain http stays for this machine itself (http://localhost is a secure page
 * for browsers, without a warning); everybody else is redirected to https.
 */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { clientOf, hostOf, hosts, isLoopback, targetOf } from './addresses'
import { appServer } from './app-server'
import type { Certificate } from './certificate/certificate'
import { type SeatLimits, seats } from './limits'
import { usualHubs } from './pages/pages'
import { type Patience, usualPatience } from './patience'

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Directory of the built page. */
  readonly pages: string
  readonly lan: { readonly certificate: Certificate; readonly address: () => string | null } | null
  readonly report: (error: Error) => void
  readonly patience?: Patience
  /** Origins from which pages may load models. */
  readonly hubs?: readonly string[]
}

export interface Listening {
  readonly port: number
  renew(certificate: Certificate): void
  close(): Promise<void>
}

const tlsHandshakeByte = 0x16
/** A browser with forty tabs has two sockets for each, and six connections more. */
const connectionLimits: SeatLimits = { all: 4096, perClient: 256, perRoom: Number.POSITIVE_INFINITY }

export async function listen({
  port,
  pages,
  lan,
  report,
  patience = usualPatience,
  hubs = usualHubs,
}: ListenOptions): Promise<Listening> {
  const { firstByteMs, headersMs, requestMs, idleMs, pingPeriodMs } = patience
  const limits: ServerOptions = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: Math.min(headersMs, 1_000),
  }
  const plain = createHttpServer(limits)
  const secure = lan
    ? createHttpsServer({ ...limits, ...lan.certificate, handshakeTimeout: firstByteMs })
    : null
  const boundPort = () => portOf(front)
  const address = () => lan?.address() ?? null
  const base = () => (address() ? `https://${address()}:${boundPort()}` : null)
  const servers: Server[] = secure ? [plain, secure as unknown as Server] : [plain]
  const ours = hosts(address)
  const app = appServer({
    servers,
    hosts: ours,
    lanAddress: base,
    pingPeriodMs,
    report,
    pages: { directory: pages, hubs },
  })
  plain.on('request', lan ? plainDoor(app, base) : app)
  secure?.on('request', app)
  for (const server of servers) server.setTimeout(idleMs)
  const front: NetServer = secure ? doorman(plain, secure, firstByteMs) : plain

  const open = new Set<Socket>()
  const connections = seats(connectionLimits)
  front.prependListener('connection', (socket: Socket) => {
    socket.on('error', () => {}) // a reset by the other side is no news
    const leave = connections.take(clientOf(socket.remoteAddress), '')
    if (!leave) return void socket.destroy()
    open.add(socket)
    socket.on('close', () => {
      leave()
      open.delete(socket)
    })
  })
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject)
    front.listen(port, resolve)
  })
  // Node's watch over slow headers begins with this event, which servers without a port of their own never see.
  for (const server of servers) if (server !== front) server.emit('listening')
  return {
    port: boundPort(),
    renew: (certificate) => secure?.setSecureContext(certificate),
    close: () =>
      new Promise((resolve) => {
        front.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}

const portOf = (server: NetServer): number => {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** Looks at the first byte, puts it back, and hands the connection to whoever speaks its language. */
function doorman(plain: Server, secure: HttpsServer, firstByteMs: number): NetServer {
  return createNetServer((socket) => {
    socket.setTimeout(firstByteMs, () => socket.destroy())
    socket.once('data', (chunk: Buffer) => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      socket.pause()
      socket.unshift(chunk)
      ;(chunk[0] === tlsHandshakeByte ? secure : plain).emit('connection', socket)
      process.nextTick(() => socket.resume())
    })
  })
}

function plainDoor(app: RequestListener, base: () => string | null): RequestListener {
  return (request, response) => {
    const target = targetOf(request.url)
    const secureBase = base()
    if (!target || !secureBase || target.pathname === '/certificate-help' || isOwnMachine(request))
      return app(request, response)
    // Appended, not resolved: `//elsewhere/x` is a path here, and would be another host there.
    response.writeHead(307, { Location: `${secureBase}${target.pathname}${target.search}` })
    response.end()
  }
}

const isOwnMachine = ({ headers }: IncomingMessage): boolean => isLoopback(hostOf(headers.host) ?? '')
