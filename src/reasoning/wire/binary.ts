/**
 * Packets as bytes, read and written by hand: the few that travel with every token are worth it.
 *
 *   0      1       2         4     6          8
 *   type   epoch   session   at    request    payload                       little-endian
 */
import { type Codec, codecNames, decodeRows, encodeRows } from '../core/codecs'
import { type Packet, type PacketHead, type Rows, refusals } from './packets'
import {
  BadPacket,
  bytesOf,
  floatsIn,
  idBytesOf,
  idsAsBytes,
  idsIn,
  joined,
  largestNumber,
  massesIn,
  wordAsBytes,
  wordIn,
} from './payloads'

export const packetHeaderBytes = 8

/** By number; of three kinds there are two, for what is wanted or how rows travel. */
const types = {
  passEach: 1,
  passLast: 2,
  passed: 3,
  tokens: 4,
  masses: 5,
  refused: 6,
  draft: 7,
  recite: 8,
  verdict: 9,
  choices: 10,
  need: 11,
  codedEach: 12,
  codedLast: 13,
  codedPassed: 14,
} as const

/** What follows from the model how long rows and ids are: u16 up to 65,536 tokens, u32 above. */
export interface PacketShape {
  readonly vocabulary: number
  readonly width: number
}

export function encodePacket(packet: Packet, shape: PacketShape): Uint8Array<ArrayBuffer> {
  const payload = payloadOf(packet, shape)
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
export function decodePacket(bytes: Uint8Array, shape: PacketShape): Packet {
  if (bytes.length < packetHeaderBytes) throw new BadPacket('It is shorter than its header.')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const head: PacketHead = {
    epoch: view.getUint8(1),
    session: view.getUint16(2, true),
    at: view.getUint16(4, true),
    request: view.getUint16(6, true),
  }
  return { ...head, ...bodyIn(view.getUint8(0), bytes.subarray(packetHeaderBytes), shape) }
}

type Body<P = Packet> = P extends Packet ? Omit<P, keyof PacketHead> : never

function bodyIn(type: number, payload: Uint8Array, shape: PacketShape): Body {
  const { vocabulary } = shape
  const idBytes = idBytesOf(vocabulary)
  const ids = (bytes: Uint8Array) => idsIn(bytes, idBytes, vocabulary)
  switch (type) {
    case types.passEach:
      return { type: 'pass', wants: 'each', codec: 'float32', rows: rowsIn(payload, 'float32', shape) }
    case types.passLast:
      return { type: 'pass', wants: 'last', codec: 'float32', rows: rowsIn(payload, 'float32', shape) }
    case types.codedEach:
      return { type: 'pass', wants: 'each', ...codedIn(payload, shape) }
    case types.codedLast:
      return { type: 'pass', wants: 'last', ...codedIn(payload, shape) }
    case types.passed:
      return {
        type: 'passed',
        ...timedIn(payload),
        codec: 'float32',
        rows: rowsIn(payload.subarray(4), 'float32', shape),
      }
    case types.codedPassed:
      return { type: 'passed', ...timedIn(payload), ...codedIn(payload.subarray(4), shape) }
    case types.tokens:
      if (payload.length === 0) throw new BadPacket('It holds no token.')
      return { type: 'tokens', ids: ids(payload) }
    case types.masses: {
      const count = payload[0] ?? 0
      const begin = 1 + 4 * count
      const likelihoods = count === 0 ? [] : [...floatsIn(payload.subarray(1, begin))]
      if (likelihoods.length !== count || likelihoods.some((likelihood) => likelihood > 0))
        throw new BadPacket('A likelihood in it is none.')
      return { type: 'masses', likelihoods, masses: massesIn(payload.subarray(begin), idBytes, vocabulary) }
    }
    case types.draft:
    case types.recite:
      return { type: 'draft', wants: type === types.draft ? 'verdict' : 'choices', ...draftIn(payload, ids) }
    case types.verdict:
      return verdictIn(payload, ids)
    case types.choices:
      return { type: 'choices', ids: ids(payload) }
    case types.need:
      return { type: 'need', prefix: wordIn(payload) }
    case types.refused: {
      const reason = refusals[payload[0] ?? refusals.length]
      if (!reason || payload.length !== 1) throw new BadPacket('It refuses for no known reason.')
      return { type: 'refused', reason }
    }
  }
  throw new BadPacket(`Its type is ${type}, which is none.`)
}

function rowsIn(bytes: Uint8Array, codec: Codec, { width }: PacketShape): Float32Array {
  const rows = decodeRows(bytes, width, codec)
  if (!rows) throw new BadPacket('Its rows are cut off, or a number in them is none.')
  if (!rows.every((number) => Math.abs(number) <= largestNumber))
    throw new BadPacket('A number in it is none that a model gives.')
  return rows
}

/** Rows that travel otherwise than as they are: their codec's number comes first. */
function codedIn(bytes: Uint8Array, shape: PacketShape): Rows {
  const codec = codecNames[bytes[0] ?? codecNames.length]
  if (!codec) throw new BadPacket('Its rows are in no known code.')
  return { codec, rows: rowsIn(bytes.subarray(1), codec, shape) }
}

function timedIn(bytes: Uint8Array): { readonly milliseconds: number } {
  const [milliseconds] = floatsIn(bytes.subarray(0, 4))
  return { milliseconds }
}

function draftIn(bytes: Uint8Array, ids: (bytes: Uint8Array) => number[]) {
  if (bytes.length < 6) throw new BadPacket('It is cut off.')
  const given = bytes[4] + 256 * bytes[5]
  const all = ids(bytes.subarray(6))
  if (given > all.length) throw new BadPacket('It gives more tokens than it holds.')
  return { prefix: wordIn(bytes), given, ids: all }
}

function verdictIn(bytes: Uint8Array, idsOf: (bytes: Uint8Array) => number[]) {
  const times = bytes.length - 8
  const ids = times > 2 ? idsOf(bytes.subarray(2, times)) : []
  if (ids.length !== 1) throw new BadPacket('A verdict names one token.')
  const [gap, milliseconds] = floatsIn(bytes.subarray(times))
  if (gap < 0) throw new BadPacket('A gap in it is none.')
  return { type: 'verdict', accepted: bytes[0], load: bytes[1], id: ids[0], gap, milliseconds } as const
}

function typeOf(packet: Packet): number {
  const { type } = packet
  switch (type) {
    case 'pass':
      if (packet.codec === 'float32') return packet.wants === 'each' ? types.passEach : types.passLast
      return packet.wants === 'each' ? types.codedEach : types.codedLast
    case 'passed':
      return packet.codec === 'float32' ? types.passed : types.codedPassed
    case 'draft':
      return packet.wants === 'verdict' ? types.draft : types.recite
    case 'tokens':
    case 'masses':
    case 'verdict':
    case 'choices':
    case 'need':
    case 'refused':
      return types[type]
  }
}

function payloadOf(packet: Packet, shape: PacketShape): Uint8Array {
  const idBytes = idBytesOf(shape.vocabulary)
  switch (packet.type) {
    case 'pass':
      return coded(packet, shape)
    case 'passed':
      return joined(bytesOf(Float32Array.of(packet.milliseconds)), coded(packet, shape))
    case 'tokens':
    case 'choices':
      return idsAsBytes(packet.ids, idBytes)
    case 'masses': {
      const { ids, halves, tail } = packet.masses
      const count = Uint8Array.of(packet.likelihoods.length)
      const likelihoods = bytesOf(Float32Array.from(packet.likelihoods))
      return joined(count, likelihoods, idsAsBytes(ids, idBytes), idsAsBytes([...halves, tail], 2))
    }
    case 'draft': {
      const { prefix, given, ids } = packet
      return joined(wordAsBytes(prefix), Uint8Array.of(given % 256, given >>> 8), idsAsBytes(ids, idBytes))
    }
    case 'verdict': {
      const { accepted, load, id, gap, milliseconds } = packet
      const counts = Uint8Array.of(accepted, Math.min(load, 255))
      // Where no other token was allowed the gap has no end.
      const numbers = Float32Array.of(Math.min(gap, largestNumber), milliseconds)
      return joined(counts, idsAsBytes([id], idBytes), bytesOf(numbers))
    }
    case 'need':
      return wordAsBytes(packet.prefix)
    case 'refused':
      return Uint8Array.of(refusals.indexOf(packet.reason))
  }
}

function coded({ rows, codec }: Rows, { width }: PacketShape): Uint8Array {
  const bytes = encodeRows(rows, width, codec)
  return codec === 'float32' ? bytes : joined(Uint8Array.of(codecNames.indexOf(codec)), bytes)
}
