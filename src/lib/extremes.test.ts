import fc from 'fast-check'
import { expect, it } from 'vitest'
import { largestOf, smallestOf } from './extremes'

it('are those of Math.max and Math.min', () => {
  fc.assert(
    fc.property(fc.array(fc.double()), (values) => {
      expect(largestOf(values)).toBe(Math.max(...values))
      expect(smallestOf(values)).toBe(Math.min(...values))
    }),
  )
})

it('are found in more numbers than a call has arguments for', () => {
  const many = Array.from({ length: 500_000 }, (_, index) => (index * 7919) % 500_000)
  expect([smallestOf(many), largestOf(many)]).toEqual([0, 499_999])
})
