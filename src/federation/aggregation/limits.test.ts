import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changeOf, normOf } from './algebra/models'
import { bounded, countedExamples, longestChange, ofLength, shortened } from './limits'
import { regauged } from './robust/testing'
import { randomRound } from './rules/testing'

const alone = (...examples: number[]) => examples.map((count) => ({ examples: count, behind: [] }))

describe('claims of examples', () => {
  it('count at most the median: one liar of four equals weighs a quarter', () => {
    expect(countedExamples(alone(60, 60, 60, 1_000_000))).toEqual([60, 60, 60, 60])
  })

  it('cannot raise the median from within a pair', () => {
    expect(countedExamples(alone(10, 1_000_000))).toEqual([10, 10])
  })

  it('that are small stay small, and 0 stays 0', () => {
    expect(countedExamples(alone(0, 10, 30, 30))).toEqual([0, 10, 30, 30])
    expect(countedExamples([])).toEqual([])
  })

  it('of an edge count at most what its devices count for', () => {
    const honest = { examples: 20, behind: [10, 10] }
    expect(countedExamples([honest, { examples: 1_000_000, behind: [10, 10] }])).toEqual([20, 20])
    expect(countedExamples([honest, { examples: 1_000_000, behind: [10, 1_000_000] }])).toEqual([20, 20])
    expect(countedExamples([honest, { examples: 4, behind: [10, 10] }])).toEqual([20, 4])
  })

  it('never give anybody more than its share among those who claim at least as much', () => {
    const claims = fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(claims, (counts) => {
        const counted = countedExamples(alone(...counts))
        const top = Math.max(...counted)
        // At least half of all claims count as much as the greatest that is counted.
        expect(counted.filter((count) => count === top).length).toBeGreaterThanOrEqual(counts.length / 2)
      }),
    )
  })
})

describe('the length of a change', () => {
  it('may be twice the median', () => expect(longestChange([1, 1.5, 30, 0.5])).toBe(2.5))

  it('does not expel an honest device because of tiny ones', () => {
    expect(longestChange([1e-3, 4])).toBeGreaterThan(4)
    expect(longestChange([1e-3, 1e-3, 4, 4])).toBeGreaterThan(4)
  })

  it('is free where at least half did not move', () => {
    expect(longestChange([1, 0, 0])).toBe(Number.POSITIVE_INFINITY)
    expect(longestChange([])).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('an update that is too long', () => {
  it('changes the model by what is allowed, in its own direction', () => {
    const seeds = fc.record({
      seed: fc.integer({ min: 1, max: 1000 }),
      share: fc.double({ min: 0.01, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(seeds, ({ seed, share }) => {
        const [update] = randomRound(seed, 1).updates
        const norm = normOf(changeOf(update))
        const short = shortened(update, norm, share * norm)
        expect(normOf(changeOf(short)) / norm).toBeCloseTo(share, 4)
        const [name, { data }] = [...update.delta][0]
        const factor = short.delta.get(name)!.data[0] / data[0]
        for (const [at, value] of short.delta.get(name)!.data.entries())
          expect(value).toBeCloseTo(factor * data[at], 5)
      }),
      { numRuns: 30 },
    )
  })

  it('stays untouched where it is not', () => {
    const [update] = randomRound(1, 1).updates
    expect(shortened(update, 1, 1)).toBe(update)
  })

  it('is lengthened in its own direction, too, where that is wanted, and none has a direction that does not move', () => {
    const factors = fc.record({
      seed: fc.integer({ min: 1, max: 1000 }),
      factor: fc.double({ min: 1, max: 50, noNaN: true }),
    })
    fc.assert(
      fc.property(factors, ({ seed, factor }) => {
        const [update] = randomRound(seed, 1).updates
        const norm = normOf(changeOf(update))
        expect(normOf(changeOf(ofLength(update, norm, factor * norm))) / norm).toBeCloseTo(factor, 3)
      }),
      { numRuns: 30 },
    )
    const [update] = randomRound(1, 1).updates
    expect(ofLength(update, 0, 4)).toBe(update)
  })

  it('is shortened even where it was made to hide behind cancelling products', () => {
    const [update] = randomRound(3, 1).updates
    const big = {
      ...update,
      delta: new Map(
        [...update.delta].map(([name, tensor]) => [
          name,
          { ...tensor, data: tensor.data.map((value) => 1e6 * value) },
        ]),
      ),
    }
    const short = shortened(big, normOf(changeOf(big)), 1)
    expect(normOf(changeOf(short))).toBeLessThanOrEqual(1 + 1e-4)
  })
})

describe('where factors are averaged', () => {
  const { updates } = randomRound(2, 5)
  const lying = [regauged({ ...updates[0], delta: new Map() }, 100), ...updates.slice(1)]
  const measured = lying.map((update) => ({ update, norm: normOf(changeOf(update)) }))
  const sizeOf = ({ delta }: (typeof lying)[number]) =>
    Math.hypot(...[...delta.values()].flatMap(({ data }) => [...data]))

  it('the same model in a far basis is shortened, though it changes nothing by itself', () => {
    expect(measured[0].norm).toBeLessThan(1e-3)
    const [liar, ...honest] = bounded(measured, true)
    expect(sizeOf(liar)).toBeLessThan(2.1 * Math.max(...honest.map(sizeOf)))
    expect(honest).toEqual(bounded(measured.slice(1), true))
  })

  it('and where models are, it may stand: there it changes nothing', () => {
    expect(bounded(measured, false)[0]).toBe(lying[0])
  })
})
