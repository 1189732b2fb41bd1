/** The lint against lists that are spread into a call. */
import { describe, expect, it } from 'vitest'
import { refused } from './testing'

const spread = [
  'export const f = (all: number[], some: number[]) => all.push(...some)',
  'export const f = (all: number[], some: number[]) => all.push(...some, 1)',
  'export const f = (all: number[], some: number[]) => all.push(...some, ...some)',
  'export const f = (all: number[], some: number[]) => all.unshift(...some)',
]
const open = [
  'export const f = (all: number[], some: number[]) => [...all, ...some]',
  'export const f = (all: object[], one: object) => all.push({ ...one })',
  'export const f = (all: number[]) => all.push(1, 2)',
]

describe('lists of any length', () => {
  it.each(['src/corpora', 'src/model', 'src/app', 'server', 'tools', 'bench'])(
    'are not spread into a call in %s',
    (folder) => {
      expect(refused(folder, [...spread, ...open])).toEqual(spread)
    },
  )
})
