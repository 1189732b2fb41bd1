import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { windowOf, windowRows } from './tableWindow'

const tables = fc.record({
  rows: fc.nat(500),
  chosen: fc.option(fc.nat(500), { nil: null }),
  grows: fc.boolean(),
})

describe('the window of a table', () => {
  it('is full where there are rows enough, and shows all of a short table', () => {
    fc.assert(
      fc.property(tables, ({ rows, chosen, grows }) => {
        const { from, to } = windowOf(rows, chosen, grows)
        expect(from).toBeGreaterThanOrEqual(0)
        expect(to).toBeLessThanOrEqual(rows)
        expect(to - from).toBe(Math.min(rows, windowRows))
      }),
    )
  })

  it('comes past every row on the way back from the newest', () => {
    fc.assert(
      fc.property(fc.nat(500), (rows) => {
        const seen = new Set<number>()
        let window = windowOf(rows, null, true)
        for (;;) {
          for (let row = window.from; row < window.to; row++) seen.add(row)
          if (window.earlier === null) break
          window = windowOf(rows, window.earlier, true)
        }
        expect(seen.size).toBe(rows)
      }),
    )
  })

  it('follows the newest row until somebody moves it, and then stands still', () => {
    expect(windowOf(57, null, true)).toMatchObject({ from: 37, to: 57, later: null })
    expect(windowOf(58, null, true)).toMatchObject({ from: 38, to: 58 })
    expect(windowOf(58, 17, true)).toMatchObject({ from: 17, to: 37, earlier: 0, later: 37 })
  })

  it('begins at the first row of a table that does not grow', () => {
    expect(windowOf(57, null, false)).toMatchObject({ from: 0, to: 20, earlier: null, later: 20 })
  })
})
