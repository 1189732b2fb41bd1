import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rejection } from './gate'

const better = { before: 1, after: 0.9 }
const worse = { before: 1, after: 1.2 }

describe('the gate', () => {
  it('is closed by more than half of those who answer, and says so', () => {
    expect(rejection([worse, worse, better], 3)).toBe(
      '2 of 3 devices found the merge worse than the version before, on text of their own. It was not taken up.',
    )
    expect(rejection([worse, better], 2)).toBeNull()
    expect(rejection([better, better, worse], 3)).toBeNull()
  })

  it('is open where hardly anybody answers', () => {
    expect(rejection([], 0)).toBeNull()
    expect(rejection([worse], 3)).toBeNull()
    expect(rejection([worse, worse], 4)).not.toBeNull()
  })

  it('takes a little more loss for noise', () => {
    const little = { before: 1, after: 1.009 }
    expect(rejection([little, little, little], 3)).toBeNull()
  })

  it('is in the hands of no minority, whatever it says', () => {
    const votes = fc.array(
      fc.record({
        before: fc.double({ min: 0, max: 1e6, noNaN: true }),
        after: fc.double({ min: 0, max: 1e308, noNaN: true }),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(votes, (lies) => {
        const honest = Array.from({ length: lies.length + 1 }, () => better)
        expect(rejection([...lies, ...honest], 2 * lies.length + 1)).toBeNull()
        expect(rejection([...lies, ...honest.map(() => worse)], 2 * lies.length + 1)).not.toBeNull()
      }),
    )
  })
})
