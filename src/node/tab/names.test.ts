import { expect, it } from 'vitest'
import { distinctName, nameFor } from './names'

it('tabs of the same name are told apart by a number', () => {
  const name = nameFor('0123456789abcdef')
  expect(distinctName(name, [])).toBe(name)
  expect(distinctName(name, [name, `${name} 2`])).toBe(`${name} 3`)
})
