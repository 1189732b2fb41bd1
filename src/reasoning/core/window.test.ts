import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commonPrefix, windowStart } from './window'

describe('the window of a text', () => {
  /** The rule, told as it happens: whoever cannot read one more token forgets all but the newer half. */
  const byTheRule = (length: number, promptLength: number, capacity: number) => {
    const half = Math.ceil(capacity / 2)
    let start = promptLength > capacity ? promptLength - half : 0
    for (let read = promptLength; read <= length; read++) if (read - start > capacity) start = read - half
    return start
  }

  it('is everything while that fits, then forgets the older half each time it is full', () => {
    const capacity = fc.integer({ min: 1, max: 40 })
    const lengths = fc.tuple(fc.integer({ min: 1, max: 90 }), fc.nat(200))
    fc.assert(
      fc.property(capacity, lengths, (positions, [prompt, further]) => {
        const start = windowStart(prompt + further, prompt, positions)
        expect(start).toBe(byTheRule(prompt + further, prompt, positions))
        expect(prompt + further - start).toBeLessThanOrEqual(positions)
        expect(prompt + further - start).toBeGreaterThan(0)
      }),
    )
  })
})

it('knows how far two texts agree', () => {
  expect(commonPrefix([1, 2, 3], [1, 2, 4, 5])).toBe(2)
  expect(commonPrefix([], [1])).toBe(0)
  expect(commonPrefix([1, 2], [1, 2])).toBe(2)
})
