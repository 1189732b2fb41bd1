/**
 * The small parts that all messages are made of, with their bounds. What is bounded here need not be feared anywhere else:
 * a number that a member says comes back to everybody in curves, sums and lists, and one that overflows there would spoil
 * them for the whole room. And a list that names many devices loses those lines that make no sense, never all of them.
 */
import { z } from 'zod'
import { corpusNames } from '../../corpora/share'
import { readBy } from '../../lib/schema'
import { deviceKey } from '../../network/introduction'
import { roomOfTabs } from '../../settings/derived/federationConfig'

export const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER)
export const measure = z.number().finite().nullable()
export const key = deviceKey
/** Of a tab's life: room code, role, the hash of its key and 64 random bits. */
export const peerId = z.string().max(96)
/** Of an adapter: `global`, `cluster-2`. */
export const adapterId = z.string().min(1).max(80)
export const hash = z.string().regex(/^[0-9a-f]{64}$/)
/** By a key over P-256. */
export const signature = z.string().regex(/^[0-9a-f]{128}$/)

/** Generated text that anybody can rebuild; null: the person's own, or none. */
export const corpus = z.enum(corpusNames).nullable()

/** More text than any device holds; sums over a room stay exact. */
const mostExamples = 1e9
export const examples = count.max(mostExamples)
/** Of all devices behind an edge. */
export const examplesTogether = count.max(1000 * mostExamples)

/** Between one edge and its devices, a terabyte; sums over all edges and their reloads stay exact. */
export const lanBytes = count.max(1e12)

/** Nats per token; what has diverged further is no more news than this. */
const mostLoss = 1e6
export const loss = z.number().transform((value) => Math.max(-mostLoss, Math.min(value, mostLoss)))
export const share = z.number().min(0).max(1)
/** No device computes faster. */
export const speed = z.number().nonnegative().max(1e12)

export const activity = z.enum([
  'joining',
  'idle',
  'training',
  'sending',
  'waiting',
  'loading',
  'paused',
  'suspect',
  'gone',
])

/** Devices that one list or record speaks of at most: all that a room knows, and the coordinator. */
export const mostDevices = roomOfTabs.mostKnown + 1

/** A list whose lines stand for themselves: those that cannot be read are left out, and so are those beyond the last. */
export const linesOf = <Line extends z.ZodType>(line: Line, most = mostDevices) =>
  z.array(z.unknown()).transform((items): z.output<Line>[] =>
    items.slice(0, most).flatMap((item) => {
      const parsed = readBy(line, item)
      return parsed.success ? [parsed.data] : []
    }),
  )

/** One value for each of some devices; entries that cannot be read are left out. */
export const perDeviceOf = <Value extends z.ZodType>(value: Value) =>
  z.record(z.string(), z.unknown()).transform(
    (record): Record<string, z.output<Value>> =>
      Object.fromEntries(
        Object.entries(record)
          .slice(0, mostDevices)
          .flatMap(([name, item]) => {
            const parsed = readBy(value, item)
            return readBy(deviceKey, name).success && parsed.success ? [[name, parsed.data]] : []
          }),
      ),
  )
