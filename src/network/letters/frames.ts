/**
 * Frames: what a message of bytes on a link looks like. There are two forms, told apart by their first byte. A piece has 16
 * bytes of header: letters (one message, at most one attachment) are cut into pieces that share a transfer number, and
 * what links say to each other (handshake, ping, goodbye) are pieces that stand for themselves. A whisper has two.
 * Every frame counts as hostile: what its header promises is checked here, and memory is `reassembler.ts`'s business.
 *
 *   0      1        2         4          8        12      16
 *   type   flags    reserved  transfer   offset   total   payload       little-endian
 *   9      channel  payload                                             a whisper
 */
export const frameHeaderBytes = 16
export const whisperHeaderBytes = 2
/** With its header it fits through the narrowest link that is one. */
export const mostWhisperBytes = 4096

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
  /** A few bytes for whoever listens on its channel. */
  whisper: 9,
} as const
export type PieceType = Exclude<(typeof frameType)[keyof typeof frameType], typeof frameType.whisper>

/** On a message: an attachment follows under the same transfer number. */
export const attachmentFollows = 1

export interface Piece {
  readonly type: PieceType
  readonly flags: number
  readonly transfer: number
  readonly offset: number
  readonly total: number
  readonly payload: Uint8Array
}
export interface Whisper {
  readonly type: typeof frameType.whisper
  /** From 0 to 255. */
  readonly channel: number
  readonly payload: Uint8Array
}
export type Frame = Piece | Whisper

export class BadFrame extends Error {
  override name = 'BadFrame'
}

export function encodePiece({ type, flags, transfer, offset, total, payload }: Piece): Uint8Array {
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

/** A piece that stands for itself: handshake, ping, pong, goodbye, dismissal, cancel. */
export const singlePiece = (
  type: PieceType,
  payload: Uint8Array = new Uint8Array(),
  transfer = 0,
): Uint8Array => encodePiece({ type, flags: 0, transfer, offset: 0, total: payload.length, payload })

/** Throws a RangeError for more than `mostWhisperBytes`. */
export function encodeWhisper(channel: number, payload: Uint8Array): Uint8Array {
  if (payload.length > mostWhisperBytes)
    throw new RangeError(
      `A whisper of ${payload.length} bytes is too long: at most ${mostWhisperBytes}. Attach them to a message.`,
    )
  const bytes = new Uint8Array(whisperHeaderBytes + payload.length)
  bytes[0] = frameType.whisper
  bytes[1] = channel
  bytes.set(payload, whisperHeaderBytes)
  return bytes
}

/** Throws BadFrame. */
export function decodeFrame(bytes: Uint8Array): Frame {
  if (bytes[0] === frameType.whisper) return decodeWhisper(bytes)
  if (bytes.length < frameHeaderBytes) throw new BadFrame('a frame is shorter than its header')
  const header = new DataView(bytes.buffer, bytes.byteOffset, frameHeaderBytes)
  const type = header.getUint8(0)
  if (!isPieceType(type)) throw new BadFrame(`${type} is no frame type`)
  const offset = header.getUint32(8, true)
  const total = header.getUint32(12, true)
  const payload = bytes.subarray(frameHeaderBytes)
  if (offset + payload.length > total) throw new BadFrame('a frame reaches beyond its own total')
  return { type, flags: header.getUint8(1), transfer: header.getUint32(4, true), offset, total, payload }
}

function decodeWhisper(bytes: Uint8Array): Whisper {
  if (bytes.length < whisperHeaderBytes) throw new BadFrame('a whisper is shorter than its header')
  const payload = bytes.subarray(whisperHeaderBytes)
  if (payload.length > mostWhisperBytes) throw new BadFrame(`a whisper has ${payload.length} bytes`)
  return { type: frameType.whisper, channel: bytes[1], payload }
}

const pieceTypes: ReadonlySet<number> = new Set(
  Object.values(frameType).filter((type) => type !== frameType.whisper),
)
const isPieceType = (type: number): type is PieceType => pieceTypes.has(type)

type Part = Pick<Piece, 'type' | 'flags' | 'transfer'>

/** Cuts bytes into pieces of at most `maxFrameBytes`, which must be more than a header. No bytes still make one piece. */
export function cut(part: Part, bytes: Uint8Array, maxFrameBytes: number): Iterable<Uint8Array> {
  const step = maxFrameBytes - frameHeaderBytes
  return bytes.length > step ? pieces(part, bytes, step) : [piece(part, bytes, 0, bytes)]
}

function* pieces(part: Part, bytes: Uint8Array, step: number): Generator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += step)
    yield piece(part, bytes, offset, bytes.subarray(offset, offset + step))
}

const piece = ({ type, flags, transfer }: Part, whole: Uint8Array, offset: number, payload: Uint8Array) =>
  encodePiece({ type, flags, transfer, offset, total: whole.length, payload })
