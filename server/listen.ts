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
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net'
import { appServer } from './app-server'
import type { Certificate } from './certificate'

export interface ListenOptions {
  /** 0 takes any free port. */
  readonly port: number
  /** Directory of the built page. */
  readonly pages: string
  readonly lan: { readonly certificate: Certificate; readonly address: () => string | null } | null
  readonly report: (error: Error) => void
}

export interface Listening {
  readonly port: number
  renew(certificate: Certificate): void
  close(): Promise<void>
}

const tlsHandshakeByte = 0x16
const firstByteTimeoutMs = 10_000

export async function listen({ port, pages, lan, report }: ListenOptions): Promise<Listening> {
  const plain = createHttpServer()
  const secure = lan ? createHttpsServer(lan.certificate) : null
  const boundPort = () => portOf(front)
  const base = () => {
    const address = lan?.address()
    return address ? `https://${address}:${boundPort()}` : null
  }
  const servers: Server[] = secure ? [plain, secure as unknown as Server] : [plain]
  const app = appServer({ servers, lanAddress: base, pages, report })
  plain.on('request', lan ? plainDoor(app, base) : app)
  secure?.on('request', app)
  const front: NetServer = secure ? doorman(plain, secure) : plain

  const open = new Set<Socket>()
  front.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.on('error', () => {}) // a reset by the other side is no news
    socket.on('close', () => open.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    front.once('error', reject)
    front.listen(port, resolve)
  })
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
function doorman(plain: Server, secure: HttpsServer): NetServer {
  return createNetServer((socket) => {
    socket.setTimeout(firstByteTimeoutMs, () => socket.destroy())
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
    if (isOwnMachine(request)) return app(request, response)
    const path = request.url ?? '/'
    const secureBase = base()
    if (path === '/certificate-help' || !secureBase) return app(request, response)
    response.writeHead(307, { Location: new URL(path, secureBase).href })
    response.end()
  }
}

const isOwnMachine = ({ headers }: IncomingMessage): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(headers.host ?? '')
