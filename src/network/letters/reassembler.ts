/**
 * Puts letters together again from the pieces that come on one lane. Lengths are capped before anything is allocated, memory
 * grows with what arrives and is accounted for, offsets must come in order, and no more than a few transfers may be under
 * way at once.
 */
import type { Reservation } from '../limits/reservation'
import { attachmentFollows, BadFrame, frameType, type Piece } from './frames'

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
/** Attached on the control lane: some rows of activations, which heartbeats and short messages may wait behind. */
export const mostOnControlBytes = 64 * 1024

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

/** Of one lane. `accept` throws BadFrame; that transfer is then forgotten. */
export function reassembler(
  ports: ReassemblerPorts,
  { messageBytes, attachmentBytes, transfers }: Limits = limits,
) {
  const { reservation } = ports
  const underWay = new Map<number, Transfer>()

  const begin = (piece: Piece): Transfer => {
    if (piece.type !== frameType.message) throw new BadFrame('an attachment comes without its message')
    if (underWay.size >= transfers) throw new BadFrame('too many transfers at once')
    if (piece.total > messageBytes) throw new BadFrame(`a message announces ${piece.total} bytes`)
    const transfer: Transfer = {
      message: part(piece.total),
      hasAttachment: (piece.flags & attachmentFollows) !== 0,
      attachment: null,
    }
    underWay.set(piece.transfer, transfer)
    return transfer
  }
  const partFor = (transfer: Transfer, piece: Piece): Part => {
    if (piece.type === frameType.message) return transfer.message
    if (piece.type !== frameType.attachment || !transfer.hasAttachment || !isWhole(transfer.message))
      throw new BadFrame('a frame of the wrong type is in a transfer')
    if (!transfer.attachment) {
      const most = Math.min(attachmentBytes, ports.attachmentBytes(transfer.message.bytes))
      if (piece.total > most)
        throw new BadFrame(`an attachment announces ${piece.total} bytes where ${most} are expected`)
      transfer.attachment = part(piece.total)
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
  const fill = (part: Part, piece: Piece) => {
    if (piece.total !== part.total) throw new BadFrame('a transfer changes its total')
    if (piece.offset !== part.done) throw new BadFrame('an offset is out of order')
    if (piece.payload.length === 0 && piece.total > 0) throw new BadFrame('a frame carries nothing')
    grow(part, piece.offset + piece.payload.length)
    part.bytes.set(piece.payload, piece.offset)
    part.done += piece.payload.length
  }

  return {
    accept(piece: Piece): Arrival {
      const number = piece.transfer
      if (piece.type === frameType.cancel) {
        forget(number)
        return { status: 'cancelled', transfer: number }
      }
      try {
        const transfer = underWay.get(number) ?? begin(piece)
        fill(partFor(transfer, piece), piece)
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
