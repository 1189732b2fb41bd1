import { describe, expect, it } from 'vitest'
import type { Point } from '../../../lab/measuring/watch'
import type { Curve } from '../runs'
import { meanOf, traceOf } from './curves'

const point = (round: number, loss: number | null): Point => ({
  round,
  version: round,
  seconds: 10 * round,
  bytes: 150 * round,
  wanBytes: 100 * round,
  loss,
})
const curve = (seed: number, losses: readonly (number | null)[], base: number | null = null): Curve => ({
  seed,
  lastsSeconds: null,
  points: losses.map((loss, at) => point(at + 1, loss)),
  clusters: [],
  terms: [],
  outcome:
    base === null ? null : ({ yardsticks: { base, alone: null, centralised: null } } as Curve['outcome']),
})

describe('the lines of the Lab’s chart', () => {
  it('leave out what was not measured, and begin at the base once that is known', () => {
    expect(traceOf(curve(1, [3, null, 1]), 'seconds')).toEqual({ x: [10, 30], y: [3, 1] })
    expect(traceOf(curve(1, [3, 2], 4), 'bytes')).toEqual({ x: [0, 100, 200], y: [4, 3, 2] })
  })

  it('are means over the seeds that are through, as far as all of them go', () => {
    const curves = [curve(1, [4, 2, 1], 6), curve(2, [2, 2], 8), curve(3, [9])]
    expect(meanOf(curves, 'rounds').trace).toEqual({ x: [0, 1, 2], y: [7, 3, 2] })
    expect(meanOf([curve(1, [4]), curve(2, [])], 'rounds').trace).toEqual({ x: [1], y: [4] })
    expect(meanOf([], 'rounds').trace).toEqual({ x: [], y: [] })
  })

  it('have a band from the lowest to the highest, as soon as two seeds are through', () => {
    const curves = [curve(1, [4, 2], 6), curve(2, [2, 2], 8), curve(3, [9])]
    expect(meanOf(curves, 'rounds').band).toEqual({ low: [6, 2, 2], high: [8, 4, 2] })
    expect(meanOf(curves.slice(0, 1), 'rounds').band).toBeNull()
  })
})
