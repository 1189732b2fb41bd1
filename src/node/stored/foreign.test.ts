import { defaultSettings } from '../../settings/reading'
import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeSafetensors } from '../../model/safetensors'
import { webIdentity } from '../../network/identity/web-crypto'
import { makeRoomKeys } from '../../network/keys'
import { blankDevice } from '../tab/tab'
import { readEvent } from './events'
import { readDraft, readPeer, readRoom, readText } from './records'
import type { SavedRoom } from './storage'

const bytes = encodeSafetensors(new Map([['w', { shape: [1], data: Float32Array.of(1) }]]))
const adapter = { id: 'global', version: 1, folds: 0, held: bytes, wanted: bytes, memory: null }
const completed: SavedRoom['unpublished'][number] = {
  round: 2,
  version: 2,
  seconds: 1,
  bytes: 9,
  distortion: null,
  staleness: null,
  lanBytes: null,
  waits: true,
  trained: new Map([['a', { loss: 1, examples: 4 }]]),
  parts: [{ adapter: bytes, pool: [{ index: 0, corpus: 'facts' }] }],
}
const seen: SavedRoom['seen'] = {
  lossPoints: { a: [{ rounds: 0.5, seconds: 1, loss: 2 }] },
  baseLoss: 3,
  baseRecall: null,
  traffic: { sent: 1, received: 2, byKind: { update: 2 } },
  devices: [blankDevice('a', 'device', 'Otter')],
}
const forgotten: SavedRoom['forgotten'][number] = {
  wish: { device: 'a', of: 'everything' },
  unlearned: { kind: 'never-merged' },
  before: 2,
  version: 2,
  certificate: {
    room: 'ROOM',
    device: 'Otter',
    of: 'everything',
    unlearned: { kind: 'never-merged' },
    versions: { before: 2, after: 2 },
    forgotten: null,
    kept: { before: null, after: 1 },
  },
  isCertified: false,
}
const roomOf = async (): Promise<SavedRoom> => ({
  code: 'ROOM',
  keys: await makeRoomKeys(webIdentity, 'ROOM'),
  settings: { ...defaultSettings, room: 'ROOM' },
  begunWith: null,
  adapters: [adapter],
  history: [],
  startedAtMs: 5,
  unpublished: [completed],
  seen,
  door: { isLocked: true, known: ['a'], shutOut: ['b'] },
  forgotten: [forgotten],
  succession: [],
  will: null,
})

/** The database as its own tools would change it. */
describe('whatever lies there', () => {
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom<unknown>(undefined, Number.NaN, new Date(0), new Uint8Array(3), new Map(), [undefined]),
  )

  it('is read without an exception: as a value, or as damage', () => {
    const room = fc.dictionary(
      fc.constantFrom(
        'code',
        'keys',
        'settings',
        'begunWith',
        'adapters',
        'history',
        'startedAtMs',
        'format',
      ),
      anything,
    )
    fc.assert(
      fc.property(fc.oneof(anything, room), fc.array(anything), (stored, events) => {
        for (const { value, damage } of [
          readRoom(stored, events),
          readPeer(stored),
          readText(stored),
          readDraft(stored),
        ])
          expect(value === null || damage === null || 'room' in value).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('of a good room is read with any part of it replaced', async () => {
    const good = await roomOf()
    const change = fc.tuple(
      fc.constantFrom(...Object.keys(good), 'settings.rank', 'settings.aggregation', 'keys.secret'),
      anything,
    )
    fc.assert(
      fc.property(change, ([place, value]) => {
        const [outer, inner] = place.split('.')
        const part = (good as never)[outer] as object
        const { value: read, damage } = readRoom(
          { ...good, [outer]: inner ? { ...part, [inner]: value } : value },
          [],
        )
        expect(read === null ? damage !== null : read.room.settings.rank >= 1).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('is an event, or not', () => {
    const types = [
      'device-joined',
      'configured',
      'merged',
      'compared',
      'timer-fired',
      'constructor',
      '__proto__',
    ]
    const event = fc.record({
      type: fc.constantFrom(...types),
      atMs: anything,
      device: anything,
      config: anything,
      timer: anything,
    })
    fc.assert(
      fc.property(fc.oneof(anything, event), (stored) => {
        expect(() => readEvent(stored)).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})
