import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Reservation, reservations } from '../limits/reservation'
import {
  attachmentFollows,
  BadFrame,
  cut,
  decodeFrame,
  encodePiece,
  encodeWhisper,
  frameHeaderBytes,
  frameType,
  mostWhisperBytes,
  type Piece,
} from './frames'
import { type Arrival, type Limits, reassembler } from './reassembler'

const byteArray = (maxLength: number) => fc.uint8Array({ maxLength })
const text = (content: string) => new TextEncoder().encode(content)
const small = { messageBytes: 1000, attachmentBytes: 5000, transfers: 2 }

const receiver = (limits: Limits = small, account: Reservation = reservations().open()) =>
  reassembler({ reservation: account, attachmentBytes: () => limits.attachmentBytes }, limits)

const decodePiece = (bytes: Uint8Array): Piece => {
  const decoded = decodeFrame(bytes)
  if (decoded.type === frameType.whisper) throw new BadFrame('a whisper is no piece of a letter')
  return decoded
}
const pieceTypes = Object.values(frameType).filter((type) => type !== frameType.whisper)

const letterFrames = (
  transfer: number,
  message: Uint8Array,
  attachment: Uint8Array | null,
  maxFrameBytes: number,
) => [
  ...cut(
    { type: frameType.message, flags: attachment ? attachmentFollows : 0, transfer },
    message,
    maxFrameBytes,
  ),
  ...(attachment ? cut({ type: frameType.attachment, flags: 0, transfer }, attachment, maxFrameBytes) : []),
]
const frame = (part: Partial<Piece>): Piece => ({
  type: frameType.message,
  flags: 0,
  transfer: 1,
  offset: 0,
  total: part.payload?.length ?? 0,
  payload: new Uint8Array(),
  ...part,
})

describe('a whisper', () => {
  it('is two bytes and what it says', () => {
    fc.assert(
      fc.property(fc.nat(255), byteArray(mostWhisperBytes), (channel, payload) => {
        const bytes = encodeWhisper(channel, payload)
        expect(bytes.length).toBe(2 + payload.length)
        expect(decodeFrame(bytes)).toEqual({ type: frameType.whisper, channel, payload })
      }),
    )
  })
})

describe('a letter', () => {
  it('arrives as it was sent, whatever its length and the size of the frames', () => {
    fc.assert(
      fc.property(
        byteArray(300),
        fc.option(byteArray(900)),
        fc.integer({ min: frameHeaderBytes + 1, max: 200 }),
        (message, attachment, maxFrameBytes) => {
          const parts = receiver()
          const arrivals = letterFrames(7, message, attachment, maxFrameBytes).map((bytes) => {
            expect(bytes.length).toBeLessThanOrEqual(maxFrameBytes)
            return parts.accept(decodePiece(bytes))
          })
          expect(arrivals.pop()).toEqual({ status: 'complete', transfer: 7, letter: { message, attachment } })
          expect(arrivals.every(({ status }) => status === 'partial')).toBe(true)
        },
      ),
    )
  })

  it('may be interleaved with another one', () => {
    const parts = receiver()
    const one = letterFrames(1, text('one'), text('first attachment'), 20)
    const two = letterFrames(2, text('two'), text('second'), 20)
    const letters: Arrival[] = []
    for (let index = 0; index < Math.max(one.length, two.length); index++)
      for (const frames of [one, two])
        if (frames[index]) letters.push(parts.accept(decodePiece(frames[index])))
    const complete = letters.filter((arrival) => arrival.status === 'complete')
    expect(complete.map(({ letter }) => new TextDecoder().decode(letter.message)).sort()).toEqual([
      'one',
      'two',
    ])
  })

  it('is forgotten when its sender gives it up', () => {
    const parts = receiver()
    const [first] = letterFrames(1, text('message'), text('attachment'), 64)
    parts.accept(decodePiece(first))
    expect(parts.accept(frame({ type: frameType.cancel }))).toEqual({ status: 'cancelled', transfer: 1 })
    expect(() => parts.accept(frame({ type: frameType.attachment, payload: text('attachment') }))).toThrow(
      BadFrame,
    )
  })
})

describe('a hostile frame', () => {
  it('is either read or refused, never anything else, whatever its bytes', () => {
    fc.assert(
      fc.property(fc.array(byteArray(64), { maxLength: 20 }), (messages) => {
        const parts = receiver()
        for (const bytes of messages) {
          try {
            parts.accept(decodePiece(bytes))
          } catch (error) {
            expect(error).toBeInstanceOf(BadFrame)
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('never makes the receiver hold more than the limits allow, even with a valid header', () => {
    const header = fc.record({
      type: fc.constantFrom(...pieceTypes),
      flags: fc.integer({ min: 0, max: 255 }),
      transfer: fc.integer({ min: 0, max: 3 }),
      offset: fc.oneof(fc.nat(40), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      total: fc.oneof(fc.nat(6000), fc.integer({ min: 0, max: 2 ** 32 - 1 })),
      payload: byteArray(40),
    })
    fc.assert(
      fc.property(fc.array(header, { maxLength: 40 }), (frames) => {
        const parts = receiver()
        for (const hostile of frames) {
          try {
            const arrival = parts.accept(decodePiece(encodePiece(hostile)))
            if (arrival.status === 'partial')
              expect(arrival.totalBytes).toBeLessThanOrEqual(small.attachmentBytes)
          } catch (error) {
            expect(error).toBeInstanceOf(BadFrame)
          }
        }
      }),
      { numRuns: 500 },
    )
  })

  it.each<[string, Piece[]]>([
    ['that announces a huge message', [frame({ total: 2 ** 32 - 1, payload: text('x') })]],
    [
      'that announces a huge attachment',
      [
        frame({ flags: attachmentFollows, payload: text('m') }),
        frame({ type: frameType.attachment, total: 2 ** 31, payload: text('x') }),
      ],
    ],
    ['that starts in the middle', [frame({ offset: 5, total: 10, payload: text('abc') })]],
    [
      'that repeats an offset',
      [frame({ total: 10, payload: text('abc') }), frame({ total: 10, payload: text('abc') })],
    ],
    [
      'that changes the total',
      [frame({ total: 10, payload: text('abc') }), frame({ offset: 3, total: 11, payload: text('abc') })],
    ],
    [
      'that carries an attachment nobody announced',
      [frame({ type: frameType.attachment, payload: text('a') })],
    ],
    [
      'that carries nothing, to keep a transfer open for ever',
      [frame({ total: 10, payload: text('abc') }), frame({ offset: 3, total: 10 })],
    ],
    [
      'that opens one transfer too many',
      [1, 2, 3].map((transfer) => frame({ transfer, total: 10, payload: text('a') })),
    ],
  ])('%s is refused', (_name, frames) => {
    const parts = receiver()
    const last = frames.pop()!
    for (const earlier of frames) parts.accept(earlier)
    expect(() => parts.accept(last)).toThrow(BadFrame)
  })

  it.each<[string, Uint8Array]>([
    ['shorter than a header', new Uint8Array(15)],
    ['that is a whisper without a channel', Uint8Array.of(9)],
    ['that is a whisper of too many bytes', new Uint8Array(mostWhisperBytes + 3).fill(9)],
    ['of an unknown type', encodePiece(frame({ type: 200 as Piece['type'] }))],
    ['that reaches beyond its total', encodePiece(frame({ offset: 1, total: 3, payload: text('abc') }))],
    ['whose offset overflows', encodePiece(frame({ offset: 2 ** 32 - 1, total: 2, payload: text('abc') }))],
  ])('%s is not even decoded', (_name, bytes) => {
    expect(() => decodeFrame(bytes)).toThrow(BadFrame)
  })

  it('frees the place of a broken transfer', () => {
    const parts = receiver({ ...small, transfers: 1 })
    parts.accept(frame({ total: 10, payload: text('abc') }))
    expect(() => parts.accept(frame({ offset: 7, total: 10, payload: text('abc') }))).toThrow(BadFrame)
    expect(parts.accept(frame({ transfer: 2, payload: text('fine') })).status).toBe('complete')
  })
})
