/** What is shown of an example is short, whatever its length. */
import { expect, test } from 'vitest'
import { beginningOf } from './example'

test('a beginning ends with “…” where more follows, and halves no letter', () => {
  expect(beginningOf('short', 5)).toBe('short')
  expect(beginningOf('a longer text', 8)).toBe('a longer…')
  expect(beginningOf('ab😀cd', 3)).toBe('ab…')
})
