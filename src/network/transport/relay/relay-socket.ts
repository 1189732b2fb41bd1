/**
 * This tab's one WebSocket to the relay of the server that it came from. It comes back by itself; whoever used it learns
 * that it was gone, since what was on its way then is lost.
 */
import { z } from 'zod'
import { type Emitter, emitter } from '../../../lib/emitter'
import { readBy } from '../../../lib/schema'
import type { PeerId } from '../../network'
import type { Cancel, Clock } from '../../time/clock'
import { envelope, readEnvelope } from './envelope'

export type RelaySocketEvents = {
  content: [from: PeerId, content: Uint8Array]
  /** The server has no socket of this peer, or no longer has it. */
  absent: [peer: PeerId]
  lost: []
}

export interface RelaySocket extends Pick<Emitter<RelaySocketEvents>, 'on'> {
  /** The server lets in whom it has on its list: call it once this tab stands there. */
  start(): void
  /** False where there is no connection right now. */
  send(to: PeerId, content: Uint8Array): boolean
  close(): void
}

const retryDelaysMs = [500, 1_000, 2_000, 4_000, 8_000]
const notice = z.object({ type: z.literal('ABSENT'), id: z.string() })

/** Where the relay lets a tab in that is registered with this token. */
export function relayAddress({ protocol, host }: Location, self: PeerId, token: string): string {
  const query = new URLSearchParams({ id: self, token })
  return `${protocol === 'https:' ? 'wss:' : 'ws:'}//${host}/relay?${query}`
}

export function relaySocket(dial: () => WebSocket, clock: Clock): RelaySocket {
  const events = emitter<RelaySocketEvents>()
  let socket: WebSocket | null = null
  let attempts = 0
  let isClosed = false
  let cancelRetry: Cancel = () => {}

  const hear = (data: unknown) => {
    if (typeof data === 'string') {
      const { data: parsed } = readBy(notice, parseJson(data))
      if (parsed) events.emit('absent', parsed.id)
      return
    }
    const read = data instanceof ArrayBuffer ? readEnvelope(new Uint8Array(data)) : null
    if (read) events.emit('content', read.peer, read.content)
  }
  const begin = () => {
    const fresh = dial()
    fresh.binaryType = 'arraybuffer'
    fresh.addEventListener('open', () => {
      attempts = 0
    })
    fresh.addEventListener('message', ({ data }) => hear(data))
    fresh.addEventListener('error', () => {}) // `close` follows
    fresh.addEventListener('close', () => {
      events.emit('lost')
      const delayMs = retryDelaysMs[Math.min(attempts++, retryDelaysMs.length - 1)]
      if (!isClosed) cancelRetry = clock.after(delayMs, begin)
    })
    socket = fresh
  }

  return {
    on: events.on,
    start: begin,
    send(to, content) {
      if (!socket || socket.readyState !== socket.OPEN) return false
      socket.send(envelope(to, content))
      return true
    },
    close() {
      isClosed = true
      cancelRetry()
      socket?.close()
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
