/**
 * What a device keeps of its room for the case that nobody coordinates it, read as the foreign value that it is: who it is there,
 * and, at an heir, all that is needed to carry the room on. What does not fit is none: its coordinator gives it again.
 */
import { z } from 'zod'
import { readBy } from '../../lib/schema'
import { publicKey, succession, will } from '../wire/successionMessages'
import { signature } from '../wire/values'
import { readEvent } from './events'
import { door, savedAdapter, settings } from './records'
import { savedForgetting } from './run'
import type { Estate, SavedMembership } from './storage'

/** Of an estate all that is neither log nor adapters. */
export const standing = {
  will,
  settings,
  begunWith: settings.nullable(),
  startedAtMs: z.number().nullable(),
  door,
  forgotten: z.array(savedForgetting).max(10_000).default([]),
}

const membership: z.ZodType<SavedMembership> = z.object({
  pass: z.object({ coordinator: publicKey, pass: signature }).nullable(),
  succession,
  // What else is kept is of use without a will that cannot be read.
  will: will.nullable().catch(null),
  silence: z.number().positive().nullable(),
})

export const readMembership = (stored: unknown): SavedMembership | null =>
  readBy(membership, stored).data ?? null

const savedEstate = z.object({ ...standing, adapters: z.array(savedAdapter).max(1000) })

/** Null: something of it cannot be read, and an estate that lacks anything is of no use. */
export function readEstate(stored: unknown, events: readonly unknown[]): Estate | null {
  const { data } = readBy(savedEstate, stored)
  const log = events.flatMap((event) => readEvent(event) ?? [])
  return data && log.length === events.length ? { ...data, log } : null
}
