import { expect, it } from 'vitest'
import { refusalsIn } from './refusals'

it('a refused guess belongs to the token that was said instead: after the accepted ones of its draft', () => {
  const judged = (after: number, accepted: number, refused: string | null) =>
    ({ kind: 'judged', by: 'e', drafted: 4, accepted, refused, isHedged: false, after }) as const
  const refusals = refusalsIn([judged(0, 2, ' sea'), judged(3, 4, null), judged(8, 0, ' old')])
  expect([...refusals]).toEqual([
    [2, ' sea'],
    [8, ' old'],
  ])
})
