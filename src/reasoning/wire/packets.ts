/**
 * What tabs say to each other with every token of a text: few bytes, read and written by hand. A packet is a question or the
 * answer to one; what is said once a text is JSON and stands in `letters.ts`.
 *
 *   0      1       2         4     6          8
 *   type   epoch   session   at    request    payload                       little-endian
 *
 * `session` is the asker's number for one text at one tab, `request` its number for this question. `epoch` counts how often the
 * asker has had to replace somebody: what comes from an earlier one is not listened to, so a tab that was only asleep
 * disturbs nobody when it wakes. `at` is the position of the first row; positions are those of a decoder, at most 2,048.
 */
import type { Masses } from '../../model/masses'

export const packetHeaderBytes = 8
/** Tokens in one question to a member. */
export const mostTokens = 256

export interface PacketHead {
  /** Modulo 256. */
  readonly epoch: number
  readonly session: number
  readonly at: number
  /** Modulo 65,536. */
  readonly request: number
}

export type Packet = PacketHead &
  (
    | {
        /** Rows [n, width] for a stage; what comes back is as many, or the last. */
        readonly type: 'pass'
        readonly wants: 'each' | 'last'
        readonly rows: Float32Array
      }
    | {
        readonly type: 'passed'
        readonly rows: Float32Array /** Of computing. */
        readonly milliseconds: number
      }
    /** Tokens for a member of an ensemble. */
    | { readonly type: 'tokens'; readonly ids: readonly number[] }
    /** What it thinks comes after the last of them; and how likely it found each but the first: ln p, one fewer than tokens. */
    | { readonly type: 'masses'; readonly masses: Masses; readonly likelihoods: readonly number[] }
    /** The question cannot be answered: the reason's number in `refusals`. */
    | { readonly type: 'refused'; readonly reason: Refusal }
  )

export const refusals = [
  'unknown-session',
  'not-there-yet',
  'cannot-compute',
  'budget-spent',
  'nonsense',
] as const
export type Refusal = (typeof refusals)[number]

/** A packet that its sender cannot have meant. */
export class BadPacket extends Error {
  override name = 'BadPacket'
}

const types = { passEach: 1, passLast: 2, passed: 3, tokens: 4, masses: 5, refused: 6 } as const

/** Of the vocabulary follows how wide an id is: u16 up to 65,536 tokens, u32 above. */
export function encodePacket(packet: Packet, vocabulary: number): Uint8Array<ArrayBuffer> {
  const payload = payloadOf(packet, idBytesOf(vocabulary))
  const bytes = new Uint8Array(packetHeaderBytes + payload.length)
  const head = new DataView(bytes.buffer)
  head.setUint8(0, typeOf(packet))
  head.setUint8(1, packet.epoch)
  head.setUint16(2, packet.session, true)
  head.setUint16(4, packet.at, true)
  head.setUint16(6, packet.request, true)
  bytes.set(payload, packetHeaderBytes)
  return bytes
}

/** Throws a `BadPacket`. */
export function decodePacket(bytes: Uint8Array, vocabulary: number): Packet {
  if (bytes.length < packetHeaderBytes) throw new BadPacket('It is shorter than its header.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const head: PacketHead = {
    epoch: view.getUint8(1),
    session: view.getUint16(2, true),
    at: view.getUint16(4, true),
    request: view.getUint16(6, true),
  }
  const payload = bytes.subarray(packetHeaderBytes)
  const idBytes = idBytesOf(vocabulary)
  switch (view.getUint8(0)) {
    case types.passEach:
      return { ...head, type: 'pass', wants: 'each', rows: floatsIn(payload) }
    case types.passLast:
      return { ...head, type: 'pass', wants: 'last', rows: floatsIn(payload) }
    case types.passed: {
      const [milliseconds, ...rest] = [floatsIn(payload.subarray(0, 4)), payload.subarray(4)] as const
      return { ...head, type: 'passed', milliseconds: milliseconds[0] ?? 0, rows: floatsIn(rest[0]) }
    }
    case types.tokens:
      return { ...head, type: 'tokens', ids: idsIn(payload, idBytes, vocabulary) }
    case types.masses: {
      const count = payload[0] ?? 0
      const begin = 1 + 4 * count
      const likelihoods = count === 0 ? [] : [...floatsIn(payload.subarray(1, begin))]
      if (likelihoods.length !== count || likelihoods.some((likelihood) => likelihood > 0))
        throw new BadPacket('A likelihood in it is none.')
      return {
        ...head,
        type: 'masses',
        likelihoods,
        masses: massesIn(payload.subarray(begin), idBytes, vocabulary),
      }
    }
    case types.refused: {
      const reason = refusals[payload[0] ?? refusals.length]
      if (!reason || payload.length !== 1) throw new BadPacket('It refuses for no known reason.')
      return { ...head, type: 'refused', reason }
    }
  }
  throw new BadPacket(`Its type is ${view.getUint8(0)}, which is none.`)
}

/** Of an id on the wire. */
export const idBytesOf = (vocabulary: number): 2 | 4 => (vocabulary <= 65_536 ? 2 : 4)

function typeOf(packet: Packet): number {
  if (packet.type === 'pass') return packet.wants === 'each' ? types.passEach : types.passLast
  return types[packet.type]
}

function payloadOf(packet: Packet, idBytes: 2 | 4): Uint8Array {
  switch (packet.type) {
    case 'pass':
      return bytesOf(packet.rows)
    case 'passed':
      return joined(bytesOf(Float32Array.of(packet.milliseconds)), bytesOf(packet.rows))
    case 'tokens':
      return idsAsBytes(packet.ids, idBytes)
    case 'masses': {
      const { ids, halves, tail } = packet.masses
      const count = Uint8Array.of(packet.likelihoods.length)
      const likelihoods = joined(count, bytesOf(Float32Array.from(packet.likelihoods)))
      return joined(likelihoods, joined(idsAsBytes(ids, idBytes), idsAsBytes([...halves, tail], 2)))
    }
    case 'refused':
      return Uint8Array.of(refusals.indexOf(packet.reason))
  }
}

const bytesOf = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(one.length + other.length)
  bytes.set(one)
  bytes.set(other, one.length)
  return bytes
}

function idsAsBytes(ids: readonly number[], idBytes: 2 | 4): Uint8Array {
  const view = new DataView(new ArrayBuffer(ids.length * idBytes))
  for (const [index, id] of ids.entries())
    if (idBytes === 2) view.setUint16(2 * index, id, true)
    else view.setUint32(4 * index, id, true)
  return new Uint8Array(view.buffer)
}

/** No row of a model comes near it, and its squares can still be summed. */
const largestNumber = 1e8

/** Copied, since a packet begins anywhere in its frame. */
function floatsIn(bytes: Uint8Array): Float32Array {
  if (bytes.length === 0 || bytes.length % 4 !== 0) throw new BadPacket('Its rows are cut off.')
  const numbers = new Float32Array(bytes.slice().buffer)
  if (!numbers.every((number) => Math.abs(number) <= largestNumber))
    throw new BadPacket('A number in it is none that a model gives.')
  return numbers
}

function wholeNumbersIn(bytes: Uint8Array, width: 2 | 4): number[] {
  if (bytes.length === 0 || bytes.length % width !== 0) throw new BadPacket('Its numbers are cut off.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Array.from({ length: bytes.length / width }, (_, index) =>
    width === 2 ? view.getUint16(2 * index, true) : view.getUint32(4 * index, true),
  )
}

function idsIn(bytes: Uint8Array, idBytes: 2 | 4, vocabulary: number): number[] {
  const ids = wholeNumbersIn(bytes, idBytes)
  if (ids.length > mostTokens) throw new BadPacket('It holds too many tokens at once.')
  if (ids.some((id) => id >= vocabulary))
    throw new BadPacket('It names a token that the model does not have.')
  return ids
}

/** Masses are n ids, n + 1 halves: (bytes - 2) / (id + half). */
function massesIn(bytes: Uint8Array, idBytes: 2 | 4, vocabulary: number): Masses {
  const count = (bytes.length - 2) / (idBytes + 2)
  if (!Number.isInteger(count) || count < 1) throw new BadPacket('Its masses are cut off.')
  const ids = idsIn(bytes.subarray(0, count * idBytes), idBytes, vocabulary)
  const numbers = wholeNumbersIn(bytes.subarray(count * idBytes), 2)
  if (new Set(ids).size !== count) throw new BadPacket('It names a token twice.')
  // Probabilities are halves from 0 to 1 (0x3c00): their bits are in order as the numbers are.
  if (numbers.some((half) => half > 0x3c00)) throw new BadPacket('A probability in it is none.')
  return { ids, halves: numbers.slice(0, count), tail: numbers[count] }
}
