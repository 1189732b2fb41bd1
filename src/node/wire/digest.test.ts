import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blankDevice } from '../tab/tab'
import { changesOf, withChanges } from './digest'
import type { DeviceLine } from './parts'

const lineOf = (key: string, change: Partial<DeviceLine>): DeviceLine => {
  const { isSelf: _, ...line } = blankDevice(key, 'device', key)
  return { ...line, ...change }
}
const given = { rank: 4, steps: 10, batch: 2, precision: 'float32', expectedMs: 5, isInTime: true } as const
/** A room at one moment: some of five devices, each somewhere in its work. */
const room = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      step: fc.nat(3),
      name: fc.constantFrom('Otter', 'Heron'),
      edge: fc.constantFrom(null, 'a'),
      assigned: fc.constantFrom(null, { ...given, byHand: {} }, { ...given, byHand: { steps: 10 } }),
    }),
    { selector: ({ key }) => key },
  )
  .map((devices) => devices.map(({ key, ...change }) => lineOf(key, change)))
const sorted = (lines: readonly DeviceLine[]) => lines.toSorted((a, b) => a.key.localeCompare(b.key))

describe('a digest', () => {
  it('tells whoever heard all changes, or came at any time, of the room as it is', () => {
    fc.assert(
      fc.property(fc.array(room, { minLength: 1, maxLength: 8 }), fc.nat(7), (moments, comesAt) => {
        let told: ReadonlyMap<string, DeviceLine> = new Map()
        let first: readonly DeviceLine[] = []
        let late: readonly DeviceLine[] = [lineOf('of another room', {})]
        for (const [moment, lines] of moments.entries()) {
          if (moment === comesAt)
            late = withChanges(late, { begins: true, devices: [...told.values()], gone: [] })
          const changes = { begins: false, ...changesOf(told, lines) }
          told = new Map(lines.map((line) => [line.key, line]))
          first = withChanges(first, changes)
          if (moment >= comesAt) late = withChanges(late, changes)
          expect(sorted(first)).toEqual(sorted(lines))
          if (moment >= comesAt) expect(sorted(late)).toEqual(sorted(lines))
        }
      }),
    )
  })

  it('says of a device that goes on with its work its step and nothing else', () => {
    const before = lineOf('a', { step: 3, trainLoss: 2 })
    const told = new Map([['a', before]])
    expect(changesOf(told, [{ ...before, step: 4 }])).toEqual({ devices: [{ key: 'a', step: 4 }], gone: [] })
    expect(changesOf(told, [before])).toEqual({ devices: [], gone: [] })
    expect(changesOf(told, [])).toEqual({ devices: [], gone: ['a'] })
  })
})
