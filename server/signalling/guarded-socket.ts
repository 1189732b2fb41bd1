/**
 * A WebSocket that hears only what PeerJS may say: JSON, four message types, to a peer of the same room, not faster than
 * a token bucket allows. PeerServer behind it knows neither rooms nor limits. Whatever else comes in is dropped; a flood
 * closes the socket, and so does a receiver that does not read. SDP and candidates are passed on unread.
 */
import { WebSocket } from 'ws'
import { z } from 'zod'
import { readBy } from '../../src/lib/schema'
import { parsePeerId } from '../../src/network/ids'
import { bucket } from '../limits'

const messagesPerSecond = 50
/** A coordinator answers a whole classroom within a second: forty peers, some five messages each. */
const burst = 400
/** A longer message counts as several: PeerServer keeps what it cannot deliver for five seconds. */
const messageBytes = 4 * 1024
const unreadLimitBytes = 4 * 1024 * 1024

type Sent = Parameters<WebSocket['send']>[0]
type Done = (error?: Error) => void

const description = <Type extends 'offer' | 'answer'>(type: Type) =>
  z.object({ type: z.literal(type), sdp: z.string() })
const payload = { type: z.literal('data'), connectionId: z.string().min(1).max(64) }
/** PeerJS throws in the page when a serializer does not exist or a description is none. */
const heard = z.discriminatedUnion('type', [
  z.object({ type: z.literal('HEARTBEAT') }),
  z.object({
    type: z.literal('OFFER'),
    dst: z.string(),
    payload: z.object({ ...payload, serialization: z.literal('raw'), sdp: description('offer') }),
  }),
  z.object({
    type: z.literal('ANSWER'),
    dst: z.string(),
    payload: z.object({ ...payload, sdp: description('answer') }),
  }),
  z.object({
    type: z.literal('CANDIDATE'),
    dst: z.string(),
    payload: z.object({ ...payload, candidate: z.object({ candidate: z.string() }) }),
  }),
])

/** Whether PeerServer may see this message from this peer. */
export function mayPass(text: string, from: string): boolean {
  const message = readBy(heard, parseJson(text)).data
  if (!message) return false
  if (message.type === 'HEARTBEAT') return true
  const room = parsePeerId(from)?.room
  return room !== undefined && parsePeerId(message.dst)?.room === room
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export class GuardedSocket extends WebSocket {
  /** Set once the upgrade request is known; nothing passes before. */
  peer = ''
  private readonly take = bucket(messagesPerSecond, burst, () => performance.now())

  override emit(event: string | symbol, ...details: unknown[]): boolean {
    if (event === 'error') return true // what is no WebSocket ends this one, and is no news: anybody could fill a log with it
    if (event !== 'message') return super.emit(event, ...details)
    const text = String(details[0])
    if (this.take(Math.ceil(text.length / messageBytes)) > 0) {
      this.close(1008, 'too many messages')
      return false
    }
    return mayPass(text, this.peer) && super.emit(event, ...details)
  }

  override send(data: Sent, done?: Done): void
  override send(data: Sent, options: object, done?: Done): void
  override send(data: Sent, ...rest: unknown[]): void {
    if (this.bufferedAmount > unreadLimitBytes) return this.terminate()
    super.send(data, ...(rest as [Done?]))
  }
}
