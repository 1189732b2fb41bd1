import { expect, it } from 'vitest'
import { distinctName, nameFor } from './names'

it('tabs of the same name are told apart by a number', () => {
  const name = nameFor('0123456789abcdef')
  expect(distinctName(name, new Set())).toBe(name)
  expect(distinctName(name, new Set([name, `${name} 2`]))).toBe(`${name} 3`)
})
