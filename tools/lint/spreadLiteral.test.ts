/** The lint against spread literals. */
import { describe, expect, it } from 'vitest'
import { refused } from './testing'

const hidden = [
  'export const a = { ...{ b: 1, c: 2 }, d: 3 }',
  'export const f = () => g({ a: 1, ...{ b: 2 } })',
]
const open = [
  'export const a = (b: object) => ({ ...b, d: 3 })',
  'export const a = (b: object | null) => ({ ...(b ? { b } : {}), d: 3 })',
]

describe('literals that are spread into literals', () => {
  it.each(['src/kernels', 'src/node', 'src/lab', 'e2e', 'bench', 'server'])('are refused in %s', (folder) => {
    expect(refused(folder, [...hidden, ...open])).toEqual(hidden)
  })
})
