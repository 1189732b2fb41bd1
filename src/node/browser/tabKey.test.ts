import { expect, it } from 'vitest'
import { isKeyName } from './tabKey'

it('a name that lies in the storage is looked up only if it can be a key’s', () => {
  expect(isKeyName('0123456789abcdef0123456789abcdef')).toBe(true)
  for (const stored of [
    null,
    '',
    'x',
    '0123456789abcdef',
    '0'.repeat(31),
    'A'.repeat(32),
    `../${'0'.repeat(29)}`,
  ])
    expect(isKeyName(stored)).toBe(false)
})
