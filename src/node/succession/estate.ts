/**
 * All that an heir needs to carry a room on where its coordinator stopped: what the coordinator would find in its own storage
 * after a reload, without its keys. The log travels as it grows, adapters where they have changed. Not in it: what has not been
 * measured yet, curves (each tab has its own), the secrets of a secure round (it begins again), and accounts of privacy, which
 * never leave their devices. What comes is as foreign as anything from another tab.
 */
import { z } from 'zod'
import { readBy } from '../../lib/schema'
import { readEvent } from '../stored/events'
import { standing } from '../stored/heritage'
import { savedAdapter } from '../stored/records'
import type { Growth } from '../stored/storage'
import { count } from '../wire/values'

const lengths = z.array(count).length(4)
const header = z.object({
  ...standing,
  from: count,
  events: z.array(z.unknown()).max(1_000_000),
  adapters: z
    .array(z.object({ id: z.string(), version: count, folds: count, lengths, hasMemory: z.boolean() }))
    .max(1000)
    .nullable(),
})

const lengthBytes = 4

/** As it travels. */
export function encodeGrowth({ adapters, ...growth }: Growth): Uint8Array {
  const parts = (adapters ?? []).flatMap(({ held, wanted, memory }) => [
    held,
    wanted,
    memory?.momentum ?? new Uint8Array(),
    memory?.variance ?? new Uint8Array(),
  ])
  const described =
    adapters?.map(({ id, version, folds, memory }, at) => ({
      id,
      version,
      folds,
      hasMemory: memory !== null,
      lengths: parts.slice(4 * at, 4 * at + 4).map(({ length }) => length),
    })) ?? null
  const text = new TextEncoder().encode(JSON.stringify({ ...growth, adapters: described }))
  const bytes = new Uint8Array(lengthBytes + text.length + parts.reduce((sum, { length }) => sum + length, 0))
  new DataView(bytes.buffer).setUint32(0, text.length, true)
  bytes.set(text, lengthBytes)
  let place = lengthBytes + text.length
  for (const part of parts) {
    bytes.set(part, place)
    place += part.length
  }
  return bytes
}

/** Null: it cannot be read, or something in it does not fit. */
export function decodeGrowth(bytes: Uint8Array): Growth | null {
  if (bytes.length < lengthBytes) return null
  const textLength = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  const text = bytes.subarray(lengthBytes, lengthBytes + textLength)
  const read = readBy(header, parsed(text))
  if (!read.success) return null
  const events = read.data.events.flatMap((event) => readEvent(event) ?? [])
  if (events.length < read.data.events.length) return null
  let place = lengthBytes + textLength
  const take = (length: number) => {
    place += length
    return bytes.slice(place - length, place)
  }
  const adapters =
    read.data.adapters?.map(({ lengths: each, hasMemory, ...name }) => {
      const [held, wanted, momentum, variance] = each.map(take)
      return { ...name, held, wanted, memory: hasMemory ? { momentum, variance } : null }
    }) ?? null
  const isWhole = place === bytes.length && (adapters ?? []).every((one) => readBy(savedAdapter, one).success)
  return isWhole ? { ...read.data, events, adapters } : null
}

function parsed(text: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(text))
  } catch {
    return null
  }
}
