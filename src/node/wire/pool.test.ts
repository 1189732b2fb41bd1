import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { membersOf, runsOf } from './pool'
import { mostDevices } from './values'

const member = fc.record({ index: fc.nat(60), corpus: fc.constantFrom('facts' as const, 'kitchen' as const) })

describe('the pool of a room on its way', () => {
  it('comes out as it went in, in the order of places', () => {
    fc.assert(
      fc.property(fc.uniqueArray(member, { selector: ({ index }) => index }), (pool) => {
        expect(membersOf(runsOf(pool))).toEqual(pool.toSorted((a, b) => a.index - b.index))
      }),
    )
  })

  it('is one run for a thousand devices that hold the same kind of text', () => {
    const pool = Array.from({ length: 1000 }, (_, index) => ({ index, corpus: 'facts' as const }))
    expect(runsOf(pool)).toEqual([{ corpus: 'facts', first: 0, count: 1000 }])
  })

  it('is never more than a page can hold, whatever somebody says', () => {
    const run = { corpus: 'facts' as const, first: 5, count: 4096 }
    expect(membersOf([run, run])).toHaveLength(mostDevices)
  })
})
