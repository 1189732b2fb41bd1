import { expect, it } from 'vitest'
import { isTabKey } from './tabKey'

it('a key that lies in the storage is used only if this page can have made it', () => {
  expect(isTabKey('0123456789abcdef')).toBe(true)
  for (const stored of [null, '', 'x', '0123456789ABCDEF', '0'.repeat(65), '../0123456789abcd'])
    expect(isTabKey(stored)).toBe(false)
})
