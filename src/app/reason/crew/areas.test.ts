import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Weights } from '../../../node/reasoning/view/view'
import { areasOf } from './areas'

const weights = (...shares: readonly (readonly [string, number])[]): Weights =>
  shares.map(([id, weight]) => ({ id, weight, answered: true }))
/** The points of a path, there along its upper edge and back along its lower one. */
const pointsOf = (path: string) =>
  path
    .slice(1, -1)
    .split('L')
    .map((point) => point.split(',').map(Number))

describe('the areas of weights', () => {
  it('lie upon each other', () => {
    const [a, b] = areasOf([weights(['a', 0.25], ['b', 0.75]), weights(['a', 0.5], ['b', 0.5])])
    expect(a).toEqual({ id: 'a', path: 'M0,0.75L1,0.5L1,1L0,1Z' })
    expect(b).toEqual({ id: 'b', path: 'M0,0L1,0L1,0.5L0,0.75Z' })
  })

  it('draw a single vector over the whole width', () => {
    expect(areasOf([weights(['a', 1])])).toEqual([{ id: 'a', path: 'M0,0L1,0L1,1L0,1Z' }])
    expect(areasOf([])).toEqual([])
  })

  it('fill the height, whoever comes and goes', () => {
    const vector = fc
      .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.double({ min: 0.01, max: 1, noNaN: true })), {
        selector: ([id]) => id,
        minLength: 1,
      })
      .map((shares) => weights(...shares))
    fc.assert(
      fc.property(fc.array(vector, { minLength: 2, maxLength: 9 }), (past) => {
        const top = pointsOf(areasOf(past).at(-1)!.path).slice(0, past.length)
        expect(top.every(([, y]) => y === 0)).toBe(true)
      }),
      { seed: 5 },
    )
  })
})
