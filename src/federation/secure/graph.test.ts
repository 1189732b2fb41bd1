import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { graphOf, holdersOf, sharesNeeded, thresholdOf } from './graph'

const crowd = (count: number) => Array.from({ length: count }, (_, at) => `d${at}`)

describe('the threshold', () => {
  it('is more than two thirds, and at least three', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 10, 16, 64].map((count) => thresholdOf(count, false))).toEqual([
      3, 3, 3, 3, 4, 5, 5, 7, 11, 43,
    ])
    fc.assert(fc.property(fc.integer({ min: 3, max: 500 }), (n) => thresholdOf(n, false) > (2 * n) / 3))
  })

  it('is met by those who are left when 30 % of four or more have gone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 500 }), (n) => n - Math.floor(0.3 * n) >= thresholdOf(n, false)),
    )
  })

  it('asks for as many others where whoever merges takes part: its own share does not count', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), (others) => {
        expect(thresholdOf(others + 1, true)).toBe(thresholdOf(others, false) + 1)
      }),
    )
  })
})

describe('the graph of those who mask together', () => {
  it('is complete for all that a room holds', () => {
    const devices = crowd(58)
    for (const near of graphOf(devices, 'seed').values()) expect(near).toHaveLength(57)
    expect(sharesNeeded(58, false)).toBe(thresholdOf(58, false))
  })

  it('is regular and mutual in a crowd, and another for another seed', () => {
    const devices = crowd(300)
    const graph = graphOf(devices, 'seed')
    for (const [device, near] of graph) {
      expect(near).toHaveLength(90)
      expect(near).not.toContain(device)
      for (const other of near) expect(graph.get(other)).toContain(device)
    }
    expect(holdersOf(graph, devices, 'd7')).toHaveLength(91)
    expect(graphOf(devices, 'other').get('d0')).not.toEqual(graph.get('d0'))
  })

  it('lets every neighbourhood of a crowd survive that 30 % of all go', () => {
    const devices = crowd(300)
    for (let trial = 0; trial < 40; trial++) {
      const left = new Set(random(trial, 'stay').shuffle(devices).slice(0, 210))
      const graph = graphOf(devices, `seed ${trial}`)
      const fewest = Math.min(
        ...devices.map(
          (device) => holdersOf(graph, devices, device).filter((holder) => left.has(holder)).length,
        ),
      )
      expect(fewest).toBeGreaterThanOrEqual(sharesNeeded(300, false))
    }
  })
})
