/**
 * What lies in this browser's storage, read as the foreign value that it is: every record against a schema. A record that
 * does not fit is no reason to fail: what of it can be used is used, and a sentence says what cannot, and what to do.
 */

import { z } from 'zod'
import { mostExamples } from '../../corpora/own'
import { deviceAdapter } from '../../federation/names'
import { nothingSpent, orderCount } from '../../federation/privacy/accountant'
import { type Accounts, emptyAccounts } from '../../federation/privacy/budget'
import type { Ballot } from '../../federation/succession/election'
import type { CoordinatorEvent } from '../../federation/types'
import { readBy } from '../../lib/schema'
import { clause, sentence } from '../../lib/sentence'
import type { SigningKey } from '../../network/identity/identity'
import { checkSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import { record } from '../wire/parts'
import { succession, will } from '../wire/successionMessages'
import { adapterId, deviceKey, whole } from './config'
import { readEvent } from './events'
import { completedRound, savedForgetting, seenRun } from './run'
import { peerState } from './state'
import type { Found, KeptRoom, OwnText, SavedAdapter, SavedDraft, SavedPeer, SavedRoom } from './storage'
import { tensors } from './tensors'

/** Raised with every change after which older records mean something else. Rooms from before it was counted are 1. */
export const storedFormat = 1

export const settings: z.ZodType<Settings> = z
  .record(z.string(), z.unknown())
  .transform((stored, context) => {
    const { settings, problems } = checkSettings(stored)
    for (const { name, message } of problems) context.addIssue({ code: 'custom', path: [name], message })
    return settings
  })

export const savedAdapter: z.ZodType<SavedAdapter> = z.object({
  id: adapterId,
  version: whole,
  folds: whole,
  held: tensors,
  wanted: tensors,
  memory: z.object({ momentum: tensors, variance: tensors }).nullable(),
})

const isKeyPair = (pair: unknown): pair is CryptoKeyPair => {
  const { privateKey, publicKey } = (pair ?? {}) as Partial<CryptoKeyPair>
  return privateKey instanceof CryptoKey && publicKey instanceof CryptoKey
}

const text = z.string().min(1).max(400)
const startedAtMs = z.number().nullable()

export const door = z.object({
  isLocked: z.boolean(),
  known: z.array(deviceKey).max(10_000),
  shutOut: z.array(deviceKey).max(10_000),
})

/** Without these a room cannot be opened again. */
const roomBase = z.object({
  code: text,
  keys: z.object({
    code: text,
    secret: text,
    publicKeyHash: text,
    signingKey: z.custom<CryptoKeyPair>(isKeyPair),
  }),
  settings,
  begunWith: settings.nullable(),
  startedAtMs,
  // Rooms from before they had one are open.
  door: door.default({ isLocked: false, known: [], shutOut: [] }),
  succession: succession.default([]),
  will: will.nullable().default(null),
  format: whole.default(storedFormat),
})

/** What tabs had agreed on was kept as `charter` by older pages. */
const renamed = (stored: unknown): unknown => {
  const { charter, ...rest } = Object(stored) as Record<string, unknown>
  return charter === undefined ? stored : { ...rest, agreement: charter }
}

const savedPeerNow: z.ZodType<SavedPeer> = z
  .object({
    agreement: z.object({ settings, stamp: whole, openedAtMs: z.number(), by: deviceKey }),
    openedAtMs: z.number(),
    index: whole.nullable(),
    state: peerState,
    adapters: z.array(savedAdapter).max(1000),
    history: z.array(record),
    startedAtMs,
  })
  // The tab mixes into an adapter of its own.
  .refine(({ state, adapters }) => adapters.some(({ id }) => id === deviceAdapter(state.self)))

const savedPeer: z.ZodType<SavedPeer> = z.unknown().transform(renamed).pipe(savedPeerNow)

const turn = z.object({ prompt: z.string(), completion: z.string() })

const ownText: z.ZodType<OwnText> = z.object({
  title: z.string().max(100_000),
  examples: z
    .array(turn.extend({ further: z.array(turn).optional() }))
    .min(1)
    .max(mostExamples),
})

/** In letters; how many tokens there may be, the model decides. */
const mostViewLetters = 10_000
const savedView = z.object({ text: z.string().min(1).max(mostViewLetters) })

const savedDraft: z.ZodType<SavedDraft> = z.object({
  layers: whole.min(1),
  config: z.object({
    rank: whole.min(1),
    alpha: z.number().positive(),
    targets: z.array(z.string().max(100)).min(1).max(100),
  }),
  bytes: tensors,
  room: z.string().max(400),
})

const keptAside = 'It was put aside in this browser’s storage and nothing of it was deleted.'

/** A room and its log. What can be read is there; the log ends before the first event that cannot. */
export function readRoom(stored: unknown, events: readonly unknown[]): Found<KeptRoom> {
  if (stored === undefined) return { value: null, damage: null }
  const base = readBy(roomBase, stored)
  if (!base.success || base.data.format !== storedFormat) {
    const why = base.success
      ? 'was kept by another version of this page and cannot be used'
      : wrongWith(base.error)
    return {
      value: null,
      damage: `${sentence(`What this browser kept of the room ${why}`)} ${keptAside} A new room is open under the same code: give its link to the devices.`,
    }
  }
  const { adapters, history, unpublished, seen, forgotten } = stored as Partial<
    Record<keyof SavedRoom, unknown>
  >
  const goodAdapters = fitting(savedAdapter, adapters)
  const goodHistory = fitting(record, history)
  const log = readLog(events)
  const { format: _, ...rest } = base.data
  const room: SavedRoom = {
    ...rest,
    adapters: goodAdapters,
    history: goodHistory,
    // Older rooms have none of these, and a run goes on without.
    unpublished: fitting(completedRound, unpublished),
    seen: readBy(seenRun, seen).data ?? null,
    forgotten: fitting(savedForgetting, forgotten),
  }
  const lost = [
    ...(log.length < events.length ? [`the log from event ${log.length + 1} of ${events.length} on`] : []),
    ...(goodAdapters.length < lengthOf(adapters) ? ['an adapter'] : []),
    ...(goodHistory.length < lengthOf(history) ? ['some measured rounds'] : []),
  ]
  return { value: { room, log }, damage: lost.length > 0 ? damageOf(lost.join(', ')) : null }
}

/** Settings that were fine once may not go together any more: then nothing is damaged, and the reason is known. */
function wrongWith({ issues }: z.ZodError): string {
  const refused = issues.find(({ code, path }) => code === 'custom' && path.includes('settings'))
  return refused
    ? `is set to what this page does not run: ${clause(refused.message)}`
    : 'is damaged and cannot be used'
}

/** The log as far as it can be read. */
function readLog(events: readonly unknown[]): readonly CoordinatorEvent[] {
  const log: CoordinatorEvent[] = []
  for (const stored of events) {
    const event = readEvent(stored)
    if (!event) break
    log.push(event)
  }
  return log
}

/** What is said of a room that goes on without a part of what was kept. */
export const damageOf = (part: string): string =>
  `A part of what this browser kept of the room is damaged (${part}). ${keptAside} The room goes on from the newest adapter that can be read: look at the round and the loss, then resume.`

export function readPeer(stored: unknown): Found<SavedPeer> {
  return readWhole(
    savedPeer,
    stored,
    (error) =>
      `${sentence(`What this browser kept of this tab’s part of the run ${wrongWith(error)}`)} ${keptAside} The tab begins anew and takes up what its neighbours have learned.`,
  )
}

const savedKey = z.object({ signingKey: z.custom<CryptoKeyPair>(isKeyPair) })

export function readKey(stored: unknown): Found<SigningKey> {
  const { value, damage } = readWhole(
    savedKey,
    stored,
    () =>
      `The key by which others know this tab, as this browser kept it, is damaged. ${keptAside} The tab comes as a new device.`,
  )
  return { value: value?.signingKey ?? null, damage }
}

const ballot = z.object({ term: whole, coordinator: z.string().max(200) })

/** The last vote of a tab; null: none, or none that can be read. */
export const readBallot = (stored: unknown): Ballot | null => readBy(ballot, stored).data ?? null

export function readText(stored: unknown): Found<OwnText> {
  return readWhole(
    ownText,
    stored,
    () =>
      `The text of your own that this browser kept is damaged. ${keptAside} Choose or paste the text again.`,
  )
}

export function readView(stored: unknown): Found<string> {
  const { value, damage } = readWhole(
    savedView,
    stored,
    () => `What this tab saw, as this browser kept it, is damaged. ${keptAside} Say again what it sees.`,
  )
  return { value: value?.text ?? null, damage }
}

/** IndexedDB keeps infinities: without noise everything is told. */
const divergence = z.custom<number>((value) => typeof value === 'number' && value >= 0)
const account = z.object({ spent: z.array(divergence).length(orderCount), updates: whole })
const accounts: z.ZodType<Accounts> = z.object({ device: account, example: account })
const everythingTold = { spent: nothingSpent.map(() => Number.POSITIVE_INFINITY), updates: 0 }

/** What cannot be read may have been anything: a text of which it is not known what was told counts as told. */
export function readAccounts(stored: unknown): Found<Accounts> & { readonly value: Accounts } {
  const { value, damage } = readWhole(
    accounts,
    stored,
    () =>
      'What this browser kept of how much this text has told is damaged. The text counts as told: no budget is left for it. Choose other text.',
  )
  const unread = damage === null ? emptyAccounts : { device: everythingTold, example: everythingTold }
  return { value: value ?? unread, damage }
}

export function readDraft(stored: unknown): Found<SavedDraft> {
  return readWhole(
    savedDraft,
    stored,
    () =>
      `What this browser kept of a room that trained for drafts is damaged. ${keptAside} This tab guesses without it until such a room trains again.`,
  )
}

function readWhole<Value>(
  schema: z.ZodType<Value>,
  stored: unknown,
  damage: (error: z.ZodError) => string,
): Found<Value> {
  if (stored === undefined) return { value: null, damage: null }
  const parsed = readBy(schema, stored)
  const { format = storedFormat } = (stored ?? {}) as { readonly format?: unknown }
  return parsed.success && format === storedFormat
    ? { value: parsed.data, damage: null }
    : { value: null, damage: damage(parsed.error ?? new z.ZodError([])) }
}

/** Those of a list that fit; none of what is no list. */
const fitting = <Value>(schema: z.ZodType<Value>, list: unknown): Value[] =>
  Array.isArray(list) ? list.flatMap((each) => readBy(schema, each).data ?? []) : []

/** A list that is none lacks at least one. */
const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 1)
