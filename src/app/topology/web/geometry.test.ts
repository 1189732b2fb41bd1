import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dropRadius, ringShares, weave } from './geometry'

const margin = { side: 60, top: 30, bottom: 70 }

describe('the web', () => {
  it('seats every device inside its frame, whatever their number and the frame', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 240, max: 1600 }),
        fc.integer({ min: 240, max: 900 }),
        (devices, width, height) => {
          const { seats } = weave(devices, width, height, margin)
          expect(seats).toHaveLength(devices)
          for (const { x, y } of seats) {
            expect(x).toBeGreaterThanOrEqual(margin.side - 1)
            expect(x).toBeLessThanOrEqual(width - margin.side + 1)
            expect(y).toBeGreaterThanOrEqual(margin.top - 1)
            expect(y).toBeLessThanOrEqual(height - margin.bottom + 1)
          }
        },
      ),
    )
  })

  it('has enough spokes for a web even with two devices', () => {
    const { seats, anchors } = weave(2, 600, 400, margin)
    expect(seats.length + anchors.length).toBeGreaterThanOrEqual(7)
  })

  it('ties one ring for each round, and no more rings than can be told apart', () => {
    expect(ringShares(0, 12, 30)).toEqual([])
    expect(ringShares(5, 12, 30)).toHaveLength(5)
    expect(ringShares(500, 1000, 30)).toHaveLength(15)
    expect(Math.max(...ringShares(12, 12, 30))).toBeLessThan(1)
  })

  it('draws more bytes as a larger drop', () => {
    expect(dropRadius(4_000_000)).toBeGreaterThan(dropRadius(400_000))
    expect(dropRadius(1e12)).toBeLessThan(12)
  })
})
