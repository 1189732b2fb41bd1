import { describe, expect, it } from 'vitest'
import { openBearing } from './bearing'

describe('whether a view bears on a question', () => {
  /** Of the question's second token and the third. */
  const prior = [-2, -3]
  it('is not known before it was heard, and then counts in full', () => {
    const bearing = openBearing()
    bearing.begin(prior)
    expect(bearing.weightOf('a')).toBe(1)
    bearing.heard('a', 3, [])
    expect(bearing.weightOf('a')).toBe(1)
  })
  it('shows in how likely it makes the question’s words', () => {
    const bearing = openBearing()
    bearing.begin(prior)
    bearing.heard('a', 3, [-1, -2])
    bearing.heard('b', 3, [-5, -6])
    expect(bearing.weightOf('a')).toBe(1)
    expect(bearing.weightOf('b')).toBeLessThan(0.05)
  })
  it('is told by the question alone, and by the same words of it', () => {
    const bearing = openBearing()
    bearing.begin(prior)
    // Whoever comes late reads what was said, too: three words more.
    bearing.heard('a', 6, [-2, -3, -50, -50, -50])
    expect(bearing.weightOf('a')).toBe(1)
    bearing.heard('b', 3, [-3])
    expect(bearing.weightOf('b'), 'the third word').toBe(1)
    bearing.heard('b', 7, [-9, -9])
    expect(bearing.weightOf('b'), 'nothing of the question').toBe(1)
  })
})
