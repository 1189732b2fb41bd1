/**
 * Frames: 16 bytes of header and a payload. A letter (one message, at most one attachment) is cut into frames that
 * share a transfer number; the reassembler puts them together again. Every frame counts as hostile: lengths are capped
 * before anything is allocated, memory grows with what arrives and is accounted for, offsets must come in order, and no
 * more than a few transfers may be under way at once.
 *
 *   0      1      2         4          8        12      16
 *   type   flags  reserved  transfer   offset   total   payload       little-endian
 */
import type { Reservation } from '../limits/reservation'

export const frameHeaderBytes = 16

export const frameType = {
  message: 1,
  attachment: 2,
  /** The sender gave up this transfer. */
  cancel: 3,
  handshake: 4,
  ping: 5,
  pong: 6,
  goodbye: 7,
  /** Why this end will not have the other one here: the name of a reason. */
  dismissal: 8,
} as const
export type FrameType = (typeof frameType)[keyof typeof frameType]
const knownTypes: ReadonlySet<number> = new Set(Object.values(frameType))

/** On a message: an attachment follows under the same transfer number. */
export const attachmentFollows = 1

export interface Frame {
  readonly type: FrameType
  readonly flags: number
  readonly transfer: number
  readonly offset: number
  readonly total: number
  readonly payload: Uint8Array
}

export class BadFrame extends Error {
  override name = 'BadFrame'
}

export function encodeFrame({ type, flags, transfer, offset, total, payload }: Frame): Uint8Array {
  const bytes = new Uint8Array(frameHeaderBytes + payload.length)
  const header = new DataView(bytes.buffer)
  header.setUint8(0, type)
  header.setUint8(1, flags)
  header.setUint32(4, transfer, true)
  header.setUint32(8, offset, true)
  header.setUint32(12, total, true)
  bytes.set(payload, frameHeaderBytes)
  return bytes
}

/** A frame that stands for itself: handshake, ping, pong, goodbye, cancel. */
export const singleFrame = (
  type: FrameType,
  payload: Uint8Array = new Uint8Array(),
  transfer = 0,
): Uint8Array => encodeFrame({ type, flags: 0, transfer, offset: 0, total: payload.length, payload })

export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes.length < frameHeaderBytes) throw new BadFrame('a frame is shorter than its header')
  const header = new DataView(bytes.buffer, bytes.byteOffset, frameHeaderBytes)
  const type = header.getUint8(0)
  if (!knownTypes.has(type)) throw new BadFrame(`${type} is no frame type`)
  const offset = header.getUint32(8, true)
  const total = header.getUint32(12, true)
  const payload = bytes.subarray(frameHeaderBytes)
  if (offset + payload.length > total) throw new BadFrame('a frame reaches beyond its own total')
  return {
    type: type as FrameType,
    flags: header.getUint8(1),
    transfer: header.getUint32(4, true),
    offset,
    total,
    payload,
  }
}

/** Cuts bytes into frames of at most `maxFrameBytes`, which must be more than a header. No bytes still make one frame. */
export function* cut(
  part: Pick<Frame, 'type' | 'flags' | 'transfer'>,
  bytes: Uint8Array,
  maxFrameBytes: number,
): Generator<Uint8Array> {
  const step = maxFrameBytes - frameHeaderBytes
  for (let offset = 0; offset === 0 || offset < bytes.length; offset += step) {
    const payload = bytes.subarray(offset, offset + step)
    yield encodeFrame({ ...part, offset, total: bytes.length, payload })
  }
}

export interface Letter {
  readonly message: Uint8Array
  readonly attachment: Uint8Array | null
}

export type Arrival =
  /** `attachment` is null until the message is complete. */
  | {
      readonly status: 'partial'
      readonly transfer: number
      readonly message: Uint8Array | null
      readonly doneBytes: number
      readonly totalBytes: number
    }
  | { readonly status: 'complete'; readonly transfer: number; readonly letter: Letter }
  | { readonly status: 'cancelled'; readonly transfer: number }

export interface Limits {
  readonly messageBytes: number
  readonly attachmentBytes: number
  readonly transfers: number
}
export const limits: Limits = { messageBytes: 1024 * 1024, attachmentBytes: 256 * 1024 * 1024, transfers: 4 }

interface Part {
  readonly total: number
  /** As long as what has arrived needs, up to `total`. */
  bytes: Uint8Array
  done: number
}
/** A part is given so much at first; whoever promises more has to send it. */
const firstBytes = 64 * 1024
interface Transfer {
  readonly message: Part
  readonly hasAttachment: boolean
  attachment: Part | null
}

export interface ReassemblerPorts {
  readonly reservation: Reservation
  /** How many bytes may be attached to this message; may throw BadFrame. */
  attachmentBytes(message: Uint8Array): number
}

/** Puts the frames of one lane together. `accept` throws BadFrame; that transfer is then forgotten. */
export function reassembler(
  ports: ReassemblerPorts,
  { messageBytes, attachmentBytes, transfers }: Limits = limits,
) {
  const { reservation } = ports
  const underWay = new Map<number, Transfer>()

  const begin = (frame: Frame): Transfer => {
    if (frame.type !== frameType.message) throw new BadFrame('an attachment comes without its message')
    if (underWay.size >= transfers) throw new BadFrame('too many transfers at once')
    if (frame.total > messageBytes) throw new BadFrame(`a message announces ${frame.total} bytes`)
    const transfer: Transfer = {
      message: part(frame.total),
      hasAttachment: (frame.flags & attachmentFollows) !== 0,
      attachment: null,
    }
    underWay.set(frame.transfer, transfer)
    return transfer
  }
  const partFor = (transfer: Transfer, frame: Frame): Part => {
    if (frame.type === frameType.message) return transfer.message
    if (frame.type !== frameType.attachment || !transfer.hasAttachment || !isWhole(transfer.message))
      throw new BadFrame('a frame of the wrong type is in a transfer')
    if (!transfer.attachment) {
      const most = Math.min(attachmentBytes, ports.attachmentBytes(transfer.message.bytes))
      if (frame.total > most)
        throw new BadFrame(`an attachment announces ${frame.total} bytes where ${most} are expected`)
      transfer.attachment = part(frame.total)
    }
    return transfer.attachment
  }
  const grow = (part: Part, needed: number) => {
    if (needed <= part.bytes.length) return
    const length = Math.min(part.total, Math.max(needed, firstBytes, 2 * part.bytes.length))
    if (!reservation.reserve(length - part.bytes.length))
      throw new BadFrame(`there is no room for ${part.total} bytes`)
    const bytes = new Uint8Array(length)
    bytes.set(part.bytes)
    part.bytes = bytes
  }
  const forget = (number: number) => {
    const transfer = underWay.get(number)
    if (!transfer) return
    underWay.delete(number)
    reservation.release(transfer.message.bytes.length + (transfer.attachment?.bytes.length ?? 0))
  }
  const fill = (part: Part, frame: Frame) => {
    if (frame.total !== part.total) throw new BadFrame('a transfer changes its total')
    if (frame.offset !== part.done) throw new BadFrame('an offset is out of order')
    if (frame.payload.length === 0 && frame.total > 0) throw new BadFrame('a frame carries nothing')
    grow(part, frame.offset + frame.payload.length)
    part.bytes.set(frame.payload, frame.offset)
    part.done += frame.payload.length
  }

  return {
    accept(frame: Frame): Arrival {
      const number = frame.transfer
      if (frame.type === frameType.cancel) {
        forget(number)
        return { status: 'cancelled', transfer: number }
      }
      try {
        const transfer = underWay.get(number) ?? begin(frame)
        fill(partFor(transfer, frame), frame)
        const { message, attachment, hasAttachment } = transfer
        if (isWhole(message) && (hasAttachment ? attachment && isWhole(attachment) : true)) {
          forget(number)
          return {
            status: 'complete',
            transfer: number,
            letter: { message: message.bytes, attachment: attachment?.bytes ?? null },
          }
        }
        return {
          status: 'partial',
          transfer: number,
          message: isWhole(message) ? message.bytes : null,
          doneBytes: attachment?.done ?? 0,
          totalBytes: attachment?.total ?? 0,
        }
      } catch (error) {
        forget(number)
        throw error
      }
    },
  }
}

const part = (total: number): Part => ({ total, bytes: new Uint8Array(), done: 0 })

const isWhole = (part: Part): boolean => part.done === part.total
