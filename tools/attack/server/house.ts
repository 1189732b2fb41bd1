/** Starts the server, looks whether it lives and still serves others, and speaks to it as no browser would. */
import { type ChildProcess, fork } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'

/** The attacker has an address of its own, as another laptop would; everybody else comes from 127.0.0.1. */
export const strangersAddress = '127.0.0.2'

export interface House {
  readonly port: number
  /** Sends bytes and collects what comes back until the server closes or this time has passed. */
  say(bytes: string | Uint8Array, waitMs?: number): Promise<Answer>
  /** A bare connection of the attacker's. */
  connect(): Socket
  /** A signalling socket as PeerJS would open it. */
  peer(id: string, options?: PeerOptions): WebSocket
  /** Resident, of the server's process. */
  memoryKilobytes(): Promise<number>
  /** What is wrong with the server now; empty: it lives, and a class could meet. */
  ails(): Promise<string[]>
}

export interface Answer {
  readonly text: string
  readonly wasClosed: boolean
}

interface PeerOptions {
  readonly from?: string
  readonly token?: string
  readonly origin?: string
  readonly host?: string
}

/** Runs against a fresh server, which is ended afterwards. */
export async function withServer<T>(kind: 'plain' | 'lan', attack: (house: House) => Promise<T>): Promise<T> {
  const child = fork(fileURLToPath(new URL('./target.ts', import.meta.url)), [kind], { stdio: 'ignore' })
  const { port, pages } = await new Promise<{ port: number; pages: string }>((resolve, reject) => {
    child.once('message', (ready) => resolve(ready as { port: number; pages: string }))
    child.once('exit', () => reject(new Error('The server did not start.')))
  })
  try {
    return await attack(houseAt(port, child))
  } finally {
    child.kill('SIGKILL')
    await rm(pages, { recursive: true, force: true })
  }
}

function houseAt(port: number, child: ChildProcess): House {
  const dial = (from: string) => {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from })
    socket.on('error', () => {})
    return socket
  }
  const peer: House['peer'] = (
    id,
    { from = '127.0.0.1', token = 'token', origin, host = `localhost:${port}` } = {},
  ) => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}/peerjs/peerjs?key=gossamer&id=${encodeURIComponent(id)}&token=${token}`,
      { headers: { host, origin: origin ?? `http://${host}` }, localAddress: from },
    )
    socket.on('error', () => {})
    return socket
  }
  const say: House['say'] = (bytes, waitMs = 1500) =>
    new Promise((resolve) => {
      const socket = dial(strangersAddress)
      let text = ''
      const end = (wasClosed: boolean) => {
        clearTimeout(timer)
        socket.destroy()
        resolve({ text, wasClosed })
      }
      const timer = setTimeout(() => end(false), waitMs)
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1')
      })
      socket.on('close', () => end(true))
      socket.on('connect', () => socket.write(bytes))
    })
  return {
    port,
    say,
    connect: () => dial(strangersAddress),
    peer,
    async memoryKilobytes() {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '') // elsewhere nobody can tell
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0)
    },
    ails: () => ailsOf(port, peer, child),
  }
}

const patienceMs = 5_000
/** Each look happens in a room of its own: what the last one left behind takes a moment to be noticed. */
let healthRooms = 0

async function ailsOf(port: number, peer: House['peer'], child: ChildProcess): Promise<string[]> {
  if (child.exitCode !== null || child.signalCode !== null) return ['the server ended']
  const page = await fetch(`http://localhost:${port}/`, { signal: AbortSignal.timeout(patienceMs) }).catch(
    () => null,
  )
  if (page?.status !== 200) return [`others are no longer served the page (${page?.status ?? 'no answer'})`]
  const room = `WARD${++healthRooms}`
  const [one, two] = ['1', '2'].map((digit) =>
    peer(`${room}-${digit === '1' ? 'c' : 'd'}-${digit.repeat(32)}`),
  )
  const met = await meet(one, two, `${room}-d-${'2'.repeat(32)}`)
  one.terminate()
  two.terminate()
  return met ? [] : ['two others can no longer meet in a room']
}

const offer = {
  type: 'data',
  serialization: 'raw',
  connectionId: 'dc_1',
  sdp: { type: 'offer', sdp: 'v=0' },
}

/** Whether an offer of the first reaches the second. */
function meet(one: WebSocket, two: WebSocket, dst: string): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patienceMs)
    const opened = (socket: WebSocket) =>
      new Promise<void>((open) => socket.on('message', (data) => String(data).includes('OPEN') && open()))
    two.on('message', (data) => {
      if (!String(data).includes('OFFER')) return
      clearTimeout(timer)
      resolve(true)
    })
    void Promise.all([opened(one), opened(two)]).then(() =>
      one.send(JSON.stringify({ type: 'OFFER', dst, payload: offer })),
    )
  })
}

/** Resolves once closed, or with false when this time has passed. */
export const closesWithin = (socket: Socket | WebSocket, milliseconds: number): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), milliseconds)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(true)
    })
    if (socket instanceof WebSocket || !('resume' in socket)) return
    socket.resume()
  })
