import { expect, it } from 'vitest'
import { distinctName, isTabKey, nameFor } from './names'

it('a key that lies in the storage is used only if this page can have made it', () => {
  expect(isTabKey('0123456789abcdef')).toBe(true)
  for (const stored of [null, '', 'x', '0123456789ABCDEF', '0'.repeat(65), '../0123456789abcd'])
    expect(isTabKey(stored)).toBe(false)
})

it('tabs of the same name are told apart by a number', () => {
  const name = nameFor('0123456789abcdef')
  expect(distinctName(name, [])).toBe(name)
  expect(distinctName(name, [name, `${name} 2`])).toBe(`${name} 3`)
})
