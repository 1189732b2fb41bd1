import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { flora } from '../rules/flora'
import { randomRound } from '../rules/testing'
import type { RobustChain } from './chain'
import { robustly } from './estimate'
import { mixedWithNeighbours } from './neighbourMixing'
import { gramOfUpdates, pointsOf } from './points'
import { counted, far, flat, mixed } from './testing'

/** B alone, so that models are linear in what was sent. */
const onlyB = { a: false, b: true }
const meanOf = (x: readonly Float64Array[]): Float64Array =>
  mixed(
    x,
    x.map(() => 1 / x.length),
  )

describe('mixing with neighbours', () => {
  it('puts the mean of the n - f nearest in the place of each update, on dense matrices', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.integer({ min: 5, max: 9 }), (seed, devices) => {
        const { updates } = randomRound(seed, devices, undefined, onlyB)
        const x = updates.map(flat)
        const gram = gramOfUpdates(updates, false)
        const equal = pointsOf(updates.map((update) => ({ ...update, weight: 1 })))
        for (const [own, { shares }] of mixedWithNeighbours(gram, equal, 2).entries()) {
          const nearest = x.toSorted((one, other) => far(one, x[own]) - far(other, x[own]))
          const expected = meanOf(nearest.slice(0, devices - 2))
          expect(far(mixed(x, shares), expected)).toBeLessThan(1e-6)
        }
      }),
      { numRuns: 25 },
    )
  })

  it.each(['geometric-median', 'centred-clipping'] as const)(
    'keeps 3 of 10 who send theirs backwards from drawing the %s away: it is the mean of the honest, which alone it is not',
    (name) => {
      // What honest devices differ in is as long as what they have in common, as on text of different people.
      const { updates: drawn } = randomRound(8, 11, undefined, onlyB)
      const [common, ...own] = drawn.map(({ delta }) => delta)
      const updates = drawn.slice(1).map((update, at) => ({
        ...update,
        weight: 0.1,
        delta: new Map(
          [...common].map(([tensor, { shape, data }]) => [
            tensor,
            {
              shape,
              data: data.map((value, index) =>
                at < 7
                  ? value + own[at].get(tensor)!.data[index]
                  : -2 * (value + own[at].get(tensor)!.data[index]),
              ),
            },
          ]),
        ),
      }))
      const honest = meanOf(updates.slice(0, 7).map(flat))
      const away = (chain: RobustChain) =>
        far(counted(robustly(flora, updates, 1, { chain, liars: 0.3, seed: 3 }).updates), honest)
      const length = far(
        honest,
        honest.map(() => 0),
      )
      expect(away(['neighbour-mixing', name])).toBeLessThan(0.02 * length)
      expect(away([name])).toBeGreaterThan(0.2 * length)
    },
  )
})
