import 'fake-indexeddb/auto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvent } from './events'
import { savedRoom } from './fixtures/savedRoom'
import { readEstate, readMembership } from './heritage'
import { readDraft, readPeer, readRoom, readText } from './records'
import { readWish } from './run'

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
        expect([readMembership(stored), readEstate(stored, events), readWish(stored)]).toEqual([
          null,
          null,
          null,
        ])
      }),
      { numRuns: 1000 },
    )
  })

  it('of a good room is read with any part of it replaced', async () => {
    const good = await savedRoom()
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
