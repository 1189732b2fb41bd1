/**
 * Letters over one link: cuts what is sent into frames, waits where the lane is full, and hands over what has arrived
 * complete. Letters of one lane go out one after the other; a letter with an attachment takes the bulk lane unless it is
 * small and in a hurry, so short messages may overtake it. Knows nothing of who the peer is or whether it may speak.
 */

import { unknownKind } from '../limits/limits'
import type { Reservation } from '../limits/reservation'
import type { Message } from '../network'
import type { Lane, Link } from '../transport/transport'
import {
  attachmentFollows,
  BadFrame,
  cut,
  frameHeaderBytes,
  frameType,
  type Piece,
  singlePiece,
} from './frames'
import type { Understood } from './kinds'
import { type Letter, limits, mostOnControlBytes, reassembler } from './reassembler'

export interface Progress {
  readonly direction: 'in' | 'out'
  readonly kind: string
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface MailboxPorts {
  readonly kinds: Understood['letters']
  readonly reservation: Reservation
  onMessage(message: Message, attachment: Uint8Array | null): void
  onProgress(progress: Progress): void
  onBadFrame(reason: string): void
  /** Bytes as they travel, headers included. */
  countSent(kind: string, bytes: number, isAttached: boolean): void
  countReceived(kind: string, bytes: number): void
}

export interface PostOptions {
  readonly attachment?: Uint8Array
  readonly lane?: Lane
  readonly signal?: AbortSignal
}

export interface Mailbox {
  post(message: Message, options?: PostOptions): Promise<void>
  receive(lane: Lane, piece: Piece): void
}

const mostGivenUp = 64
/** Progress is told at most this often, and always at the end. */
const progressStepBytes = 256 * 1024

export function mailbox(link: Link, ports: MailboxPorts): Mailbox {
  const queue: Record<Lane, Promise<void>> = { control: Promise.resolve(), bulk: Promise.resolve() }
  const inboxes = { control: inbox('control', ports), bulk: inbox('bulk', ports) }
  let lastTransfer = 0

  return {
    post(message, { attachment, lane = attachment ? 'bulk' : 'control', signal } = {}) {
      const letter = seal(message, attachment, mostAttached[lane])
      const number = ++lastTransfer
      const transfer = { link, lane, number, kind: message.type, ports, signal }
      const sent = queue[lane].then(() => deliver(transfer, letter))
      queue[lane] = sent.catch(() => {}) // the next letter does not suffer for this one
      return sent
    },
    receive: (lane, piece) => inboxes[lane](piece),
  }
}

const mostAttached: Readonly<Record<Lane, number>> = {
  control: mostOnControlBytes,
  bulk: limits.attachmentBytes,
}

function seal(message: Message, attachment: Uint8Array | undefined, mostBytes: number): Letter {
  const text = encoded(message)
  if (text.length > limits.messageBytes)
    throw new RangeError(`A “${message.type}” message of ${text.length} bytes is too long; attach its data.`)
  if (attachment && attachment.length > mostBytes)
    throw new RangeError(
      `An attachment of ${attachment.length} bytes is too large: at most ${mostBytes} here.`,
    )
  return { message: text, attachment: attachment ?? null }
}

/** What everybody is told in one breath is written down once. */
const written = new WeakMap<Message, Uint8Array>()
const encoder = new TextEncoder()

function encoded(message: Message): Uint8Array {
  const known = written.get(message)
  if (known) return known
  const text = encoder.encode(JSON.stringify(message))
  written.set(message, text)
  return text
}

interface Transfer {
  readonly link: Link
  readonly lane: Lane
  readonly number: number
  readonly kind: string
  readonly ports: MailboxPorts
  readonly signal: AbortSignal | undefined
}

async function deliver(transfer: Transfer, { message, attachment }: Letter): Promise<void> {
  const { link, lane, number, kind, ports, signal } = transfer
  signal?.throwIfAborted()
  const flags = attachment ? attachmentFollows : 0
  for (const frame of cut(
    { type: frameType.message, flags, transfer: number },
    message,
    link.maxMessageBytes,
  ))
    await write(transfer, frame, false)
  if (!attachment) return
  const totalBytes = attachment.length
  const tell = stepped((doneBytes) => ports.onProgress({ direction: 'out', kind, doneBytes, totalBytes }))
  let writtenBytes = 0
  for (const frame of cut(
    { type: frameType.attachment, flags: 0, transfer: number },
    attachment,
    link.maxMessageBytes,
  )) {
    await write(transfer, frame, true)
    writtenBytes += frame.length
    tell(Math.max(0, Math.min(writtenBytes, totalBytes) - link.bufferedBytes(lane)))
  }
  await link.drained(lane)
  tell(totalBytes, true)
}

async function write(
  { link, lane, number, kind, ports, signal }: Transfer,
  frame: Uint8Array,
  isAttached: boolean,
): Promise<void> {
  await link.send(lane, frame)
  ports.countSent(kind, frame.length, isAttached)
  if (!signal?.aborted) return
  await link.send(lane, singlePiece(frameType.cancel, undefined, number))
  signal.throwIfAborted()
}

/** Reads the pieces of one lane. */
function inbox(lane: Lane, ports: MailboxPorts): (piece: Piece) => void {
  const { kinds, reservation } = ports
  const parts = reassembler({
    reservation,
    attachmentBytes(message) {
      const { type } = parseMessage(message)
      return Math.min(mostAttached[lane], kinds.get(type)?.() ?? 0)
    },
  })
  /** What still comes of these is not looked at. */
  const givenUp = new Set<number>()
  const headers = new Map<number, { message: Message; tell: ReturnType<typeof stepped> }>()
  const wireBytes = new Map<number, number>()
  const forget = (transfer: number) => {
    headers.delete(transfer)
    wireBytes.delete(transfer)
  }

  const open = (transfer: number, message: Uint8Array, totalBytes: number) => {
    const known = headers.get(transfer)
    if (known) return known
    const parsed = parseMessage(message)
    const tell = stepped((doneBytes) =>
      ports.onProgress({ direction: 'in', kind: parsed.type, doneBytes, totalBytes }),
    )
    const opened = { message: parsed, tell }
    headers.set(transfer, opened)
    return opened
  }

  return (piece) => {
    if (piece.type !== frameType.attachment) givenUp.delete(piece.transfer)
    else if (givenUp.has(piece.transfer)) return
    try {
      const arrival = parts.accept(piece)
      const travelled = (wireBytes.get(piece.transfer) ?? 0) + frameHeaderBytes + piece.payload.length
      wireBytes.set(piece.transfer, travelled)
      if (arrival.status === 'cancelled') {
        forget(arrival.transfer)
      } else if (arrival.status === 'partial') {
        if (arrival.message && arrival.totalBytes > 0)
          open(arrival.transfer, arrival.message, arrival.totalBytes).tell(arrival.doneBytes)
      } else {
        const { message: text, attachment } = arrival.letter
        const { message, tell } = open(arrival.transfer, text, attachment?.length ?? 0)
        forget(arrival.transfer)
        ports.countReceived(kinds.has(message.type) ? message.type : unknownKind, travelled)
        if (attachment) tell(attachment.length, true)
        ports.onMessage(message, attachment)
      }
    } catch (error) {
      forget(piece.transfer)
      if (!(error instanceof BadFrame)) throw error
      if (givenUp.size >= mostGivenUp) givenUp.clear()
      givenUp.add(piece.transfer)
      ports.onBadFrame(error.message)
    }
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseMessage(bytes: Uint8Array): Message {
  try {
    const parsed: unknown = JSON.parse(decoder.decode(bytes))
    if (typeof parsed === 'object' && parsed && 'type' in parsed && typeof parsed.type === 'string')
      return parsed as Message
  } catch {}
  throw new BadFrame('a message is not JSON with a type')
}

/** Passes a growing number on when it has grown by a step, or when it is the last. */
function stepped(tell: (value: number) => void): (value: number, isLast?: boolean) => void {
  let told = 0
  return (value, isLast = false) => {
    if (!isLast && value - told < progressStepBytes) return
    told = value
    tell(value)
  }
}
