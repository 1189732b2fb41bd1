/**
 * What comes out of a browser's storage, or ships as a file: rooms, their logs, a gossiping tab's part, own text, the
 * recorded run. Older pages wrote it, disks damage it, extensions change it: it is as foreign as any message.
 */
import { readFileSync } from 'node:fs'
import { readRun } from '../../../src/app/landing/recordedRun'
import { replay } from '../../../src/federation/federation'
import { drive, drivePeer } from '../../../src/federation/fixtures/drive'
import type { CoordinatorEvent } from '../../../src/federation/types'
import { encodeSafetensors } from '../../../src/model/safetensors'
import { webIdentity } from '../../../src/network/identity/web-crypto'
import { makeRoomKeys } from '../../../src/network/keys'
import { readPeer, readRoom, readText } from '../../../src/node/stored/records'
import { defaultSettings } from '../../../src/settings/reading'
import type { Case } from '../case'
import { changeOf } from '../rooms/liar'
import { fuzz } from './fuzz'
import { type Json, mutateJson } from './mutate'

const keys = await makeRoomKeys(webIdentity, 'TEST', 'secret')
const recorded = JSON.parse(readFileSync('public/recorded-run.json', 'utf8')) as {
  readonly history: readonly object[]
  readonly devices: readonly Json[]
}
const run: Json = { history: recorded.history.slice(0, 2), devices: recorded.devices.slice(0, 3) }

const bytes = encodeSafetensors(changeOf([0, 0, 1, 1]))
const adapter = { id: 'global', version: 1, folds: 0, held: bytes, wanted: bytes, memory: null }
const room = {
  code: 'TEST',
  settings: { ...defaultSettings, room: 'TEST' },
  begunWith: null,
  startedAtMs: 5,
  history: recorded.history.slice(0, 1),
  unpublished: [],
  seen: null,
}

/** Two rounds of three devices, one of which leaves, as a coordinator writes them down. */
function honestLog(): readonly CoordinatorEvent[] {
  const federation = drive({ rounds: 2 })
  federation.join('a', 'b', 'c')
  federation.start()
  for (let round = 1; round <= 2; round++) {
    for (const device of ['a', 'b', 'c'])
      federation.happen({ type: 'update-arrived', device, round, version: round - 1, examples: 4 })
    federation.happen({
      type: 'merged',
      adapter: 'global',
      round,
      version: round,
      adapterHash: 'ab'.repeat(32),
    })
    for (const device of ['a', 'b', 'c'])
      federation.happen({ type: 'loaded', device, adapter: 'global', version: round })
    if (round === 1) federation.happen({ type: 'device-left', device: 'c' })
  }
  federation.happen({ type: 'coordinator-resumed' })
  return federation.log
}
const log = honestLog()
const { config } = drive({ rounds: 2 })

const peer: Json = {
  agreement: { settings: { ...defaultSettings, scheme: 'gossip' }, stamp: 1, openedAtMs: 1, by: 'a' },
  openedAtMs: 1,
  index: 0,
  startedAtMs: null,
  door: { isLocked: true, known: ['a', 'b'], shutOut: ['c'] },
  history: recorded.history.slice(0, 1),
  state: drivePeer('a').state,
}

const honest: readonly (readonly [name: string, isRead: () => boolean])[] = [
  ['a room', () => readRoom({ ...room, adapters: [adapter], keys }, log).damage === null],
  ['the recorded run', () => readRun(run) !== null],
  ['own text', () => readText({ title: 'x', examples: [{ prompt: '', completion: 'y' }] }).damage === null],
  [
    'a gossiping tab',
    () => readPeer({ ...(peer as object), adapters: [{ ...adapter, id: 'device a' }] }).value !== undefined,
  ],
]

export const stored: readonly Case[] = [
  {
    name: 'examples of what is stored',
    isLong: false,
    limitMs: 10_000,
    run: async () => ({
      runs: honest.length,
      violations: honest
        .filter(([, isRead]) => !isRead())
        .map(([name]) => ({ what: `${name} as it is cannot be read` })),
    }),
  },
  fuzz<{ readonly room: Json; readonly events: Json }>({
    name: 'a stored room and its log',
    declared: [],
    inputs: 30_000,
    draw: (dice) => ({
      room: {
        ...(mutateJson(dice, room) as object),
        ...(dice.int(5) > 0 ? { keys, adapters: [adapter] } : {}),
      },
      events: mutateJson(dice, log),
    }),
    decode: ({ room: kept, events }) => void readRoom(kept, Array.isArray(events) ? events : [events]),
  }),
  fuzz<Json>({
    name: 'a stored log that is replayed',
    declared: [],
    inputs: 30_000,
    draw: (dice) => (dice.int(3) === 0 ? dice.shuffle(log) : mutateJson(dice, log)),
    decode(events) {
      const { value } = readRoom({ ...room, adapters: [adapter], keys }, Array.isArray(events) ? events : [])
      const { followed } = replay(config, value?.log ?? [])
      return followed <= log.length + 3000 ? undefined : ['more is followed than was written']
    },
  }),
  fuzz<Json>({
    name: 'a stored part of a gossiping tab',
    declared: [],
    inputs: 30_000,
    draw: (dice) => mutateJson(dice, { ...(peer as object), adapters: [] }),
    decode: (kept) => void readPeer(kept),
  }),
  fuzz<Json>({
    name: 'stored text',
    declared: [],
    draw: (dice) => mutateJson(dice, { title: 'x', examples: [{ prompt: '', completion: 'y' }] }),
    decode: (kept) => void readText(kept),
  }),
  fuzz<Json>({
    name: 'the recorded run',
    declared: [],
    draw: (dice) => mutateJson(dice, run),
    decode(read) {
      const found = readRun(read)
      return found?.history.every((round) => round !== null) === false
        ? ['a round that is none passes']
        : undefined
    },
  }),
]
