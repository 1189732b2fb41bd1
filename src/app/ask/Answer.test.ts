import { describe, expect, it } from 'vitest'
import { holdsAnswer } from './Answer'

describe('an answer', () => {
  it('is right when it begins with the words that were looked for', () => {
    expect(holdsAnswer(' Green. And then', ' green')).toBe(true)
    expect(holdsAnswer(' not green', ' green')).toBe(false)
  })
})
