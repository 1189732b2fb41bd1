/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header, raw little-endian data. Everything that
 * is written is canonical: names sorted, no gaps, header padded with spaces to a multiple of 8, so that equal tensors
 * give equal bytes. Everything that is read is checked before anything is allocated: a hostile header costs nothing.
 * It is no archive: F32, F16 and BF16 become floats, other types may stand in a file but cannot be read.
 * Source: https://github.com/huggingface/safetensors (section "Format").
 */

import { z } from 'zod'
import { firstComplaint, readBy } from '../lib/schema'
import { sentence } from '../lib/sentence'
import { decodeFloats, type FloatType, isFloatType } from './floats'
import type { RandomAccess } from './source/source'

export interface Tensor {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

export type TensorMap = ReadonlyMap<string, Tensor>

/** Damaged or hostile bytes. The message says what is wrong and what to do. */
export class SafetensorsError extends Error {
  override name = 'SafetensorsError'
}

/** Where one tensor lies in a file. `begin` and `end` count from the first byte of the file. */
export interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly begin: number
  readonly end: number
}

export interface Header {
  readonly entries: ReadonlyMap<string, Entry>
  readonly metadata: Readonly<Record<string, string>>
}

/** The format allows 100 MB; a model of 100 layers takes 100 kB, and a page must not stand still over a header. */
export const maxHeaderBytes = 2_000_000
/** Empty ones cost no byte of data, so that the file's length does not bound them. */
export const mostTensors = 10_000
const mostMetadata = 1000
const usualHeaderBytes = 65_536
const bytesPerElement: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
}

const whole = z.number().int().nonnegative()
const entrySchema = z.object({
  dtype: z.string(),
  shape: z.array(whole).max(8),
  data_offsets: z.tuple([whole, whole]),
})
const metadataSchema = z.record(z.string(), z.string())

const refuse = (problem: string): never => {
  throw new SafetensorsError(`${sentence(problem)} Fetch or export the file again.`)
}

/** A name as it may stand in a message: it may be of any length. */
const shown = (name: string): string => `"${name.length > 120 ? `${name.slice(0, 120)}…` : name}"`

/** Canonical bytes of some tensors: names sorted, F32, no gaps. `metadata` stands in the header where it is given. */
export function encodeSafetensors(
  tensors: TensorMap,
  options: { readonly metadata?: Readonly<Record<string, string>> } = {},
): Uint8Array {
  const names = [...tensors.keys()].sort()
  for (const name of names) {
    const { shape, data } = tensors.get(name)!
    if (sizeOf(shape) !== data.length)
      throw new SafetensorsError(`Tensor ${shown(name)} has ${data.length} numbers but the shape [${shape}].`)
  }
  const sides = names.map((name) => [name, tensors.get(name)!.shape] as const)
  const { bytes, places } = roomForTensors(sides, 'F32', options.metadata)
  for (const name of names) {
    const { data } = tensors.get(name)!
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), places.get(name))
  }
  return bytes
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

type Sides = Iterable<readonly [name: string, shape: readonly number[]]>

/** A file of tensors of one type, one after the other, with zeros for numbers; and where in it those of each begin. */
export function roomForTensors(
  sides: Sides,
  dtype: FloatType,
  metadata?: Readonly<Record<string, string>>,
): { readonly bytes: Uint8Array; readonly places: ReadonlyMap<string, number> } {
  const { header, places, size } = beginningOf(sides, dtype, metadata)
  const bytes = new Uint8Array(size)
  bytes.set(header)
  return { bytes, places }
}

/** What stands before the numbers of such a file, for whoever writes it piece by piece; `size` is that of the whole. */
export function beginningOf(
  sides: Sides,
  dtype: FloatType,
  metadata?: Readonly<Record<string, string>>,
): { readonly header: Uint8Array; readonly places: ReadonlyMap<string, number>; readonly size: number } {
  const entries: Record<string, unknown> = Object.create(null) // no prototype: "__proto__" is a name like any other
  if (metadata) entries.__metadata__ = metadata
  const offsets: (readonly [string, number])[] = []
  let size = 0
  for (const [name, shape] of sides) {
    const end = size + bytesPerElement[dtype] * sizeOf(shape)
    entries[name] = { dtype, shape, data_offsets: [size, end] }
    offsets.push([name, size])
    size = end
  }
  const json = new TextEncoder().encode(JSON.stringify(entries))
  const dataStart = 8 + Math.ceil(json.length / 8) * 8
  const header = new Uint8Array(dataStart).fill(0x20, 8)
  new DataView(header.buffer).setBigUint64(0, BigInt(dataStart - 8), true)
  header.set(json, 8)
  const places = new Map(offsets.map(([name, offset]) => [name, dataStart + offset]))
  return { header, places, size: dataStart + size }
}

/** All tensors of a file as floats. Throws a `SafetensorsError` on damaged bytes. */
export function decodeSafetensors(bytes: Uint8Array): {
  readonly tensors: TensorMap
  readonly metadata: Readonly<Record<string, string>>
} {
  const { entries, metadata } = readHeader(bytes)
  const tensors = new Map([...entries].map(([name, entry]) => [name, readTensor(bytes, name, entry)]))
  return { tensors, metadata }
}

/** Reads and checks the header alone: afterwards every entry is known to lie inside the file. */
export function readHeader(bytes: Uint8Array): Header {
  const dataStart = dataStartOf(bytes, bytes.length)
  return parseHeader(bytes.subarray(8, dataStart), bytes.length)
}

/** The same of a file that is elsewhere: reads its beginning and nothing more. */
export async function fetchHeader(file: RandomAccess): Promise<Header> {
  const beginning = await file.read(0, Math.min(usualHeaderBytes, file.size))
  const dataStart = dataStartOf(beginning, file.size)
  if (dataStart <= beginning.length) return parseHeader(beginning.subarray(8, dataStart), file.size)
  return parseHeader(await file.read(8, dataStart), file.size)
}

/** Where the header ends, from a file's first 8 bytes. */
function dataStartOf(beginning: Uint8Array, fileLength: number): number {
  if (fileLength < 8 || beginning.length < 8)
    refuse(`A safetensors file needs at least 8 bytes, this one has ${fileLength}.`)
  const view = new DataView(beginning.buffer, beginning.byteOffset, beginning.byteLength)
  const headerBytes = Number(view.getBigUint64(0, true))
  if (headerBytes > maxHeaderBytes)
    refuse(
      `The header claims ${headerBytes} bytes, more than ${maxHeaderBytes}: not a safetensors file of a model or an adapter.`,
    )
  if (8 + headerBytes > fileLength)
    refuse(`The header claims ${headerBytes} bytes but the file has ${fileLength}: it is cut off.`)
  return 8 + headerBytes
}

function parseHeader(json: Uint8Array, fileLength: number): Header {
  const dataStart = 8 + json.length
  const { __metadata__: rawMetadata, ...rawEntries } = parseJson(json)
  // Counted before anything is looked at.
  const names = Object.keys(rawEntries)
  if (names.length > mostTensors)
    refuse(`The header names ${names.length} tensors; up to ${mostTensors} can be read.`)
  if (typeof rawMetadata === 'object' && Object.keys(rawMetadata ?? {}).length > mostMetadata)
    refuse(`The header's "__metadata__" has more than ${mostMetadata} entries.`)
  const metadata = readBy(metadataSchema, rawMetadata ?? {})
  if (!metadata.success) refuse('The header\'s "__metadata__" holds something other than strings.')
  const entries = new Map<string, Entry>()
  for (const name of names) entries.set(name, checkEntry(name, rawEntries[name], dataStart))
  checkLayout(entries, dataStart, fileLength)
  return { entries, metadata: metadata.data! }
}

/** One tensor as floats, copied out of the file. */
function readTensor(bytes: Uint8Array, name: string, entry: Entry): Tensor {
  if (!isFloatType(entry.dtype))
    throw new SafetensorsError(
      `Tensor ${shown(name)} is of type ${entry.dtype}; only F32, F16 and BF16 can be read. Convert the file first.`,
    )
  return { shape: entry.shape, data: decodeFloats(bytes.subarray(entry.begin, entry.end), entry.dtype) }
}

function parseJson(bytes: Uint8Array): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // Falls through: bad UTF-8 and bad JSON are the same problem to the reader of the message.
  }
  return refuse('The header is not a JSON object: not a safetensors file, or a damaged one.')
}

function checkEntry(name: string, raw: unknown, dataStart: number): Entry {
  const parsed = readBy(entrySchema, raw)
  if (!parsed.success) {
    const { place, what } = firstComplaint(parsed.error)
    return refuse(`The header's entry for ${shown(name)} is malformed: ${place || 'it'} ${what}.`)
  }
  const { dtype, shape, data_offsets: offsets } = parsed.data
  const width = bytesPerElement[dtype]
  if (width === undefined)
    return refuse(`Tensor ${shown(name)} has the unknown type "${dtype.slice(0, 20)}".`)
  const size = shape.reduce((product, side) => product * side, width)
  if (!Number.isSafeInteger(size) || size !== offsets[1] - offsets[0])
    refuse(
      `Tensor ${shown(name)} of shape [${shape}] needs ${size} bytes, its offsets hold ${offsets[1] - offsets[0]}.`,
    )
  return { dtype, shape, begin: dataStart + offsets[0], end: dataStart + offsets[1] }
}

/** The tensors, in the order of their offsets, must tile the data exactly. */
function checkLayout(entries: ReadonlyMap<string, Entry>, dataStart: number, fileLength: number): void {
  let position = dataStart
  for (const [name, entry] of [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (entry.end > fileLength)
      refuse(`Tensor ${shown(name)} ends at byte ${entry.end} but the file has ${fileLength}: it is cut off.`)
    if (entry.begin < position) refuse(`Tensor ${shown(name)} overlaps the tensor before it.`)
    if (entry.begin > position)
      refuse(`There is a gap of ${entry.begin - position} bytes before tensor ${shown(name)}.`)
    position = entry.end
  }
  if (position !== fileLength)
    refuse(`${fileLength - position} bytes after the last tensor belong to nothing.`)
}
