import { describe, expect, it } from 'vitest'
import { modeNames } from '../../node/reasoning/modes'
import { begun } from '../../node/reasoning/view/answer'
import type { Asking, ShownToken } from '../../node/reasoning/view/view'
import { table } from '../../settings/table'
import { costsOf, speakersIn } from './figures'

const token = (...by: string[]): ShownToken => ({ id: 1, by, gap: 1, gains: [], piece: 'x' })
const asking = (change: Partial<Asking>): Asking => ({ ...begun(1, 'pipeline', 'x', 4), ...change })

describe('what an answer costs', () => {
  it('is nothing before the first token', () => {
    expect(costsOf(asking({ tookMs: 20 }), 'me')).toBeNull()
  })

  it('is split into finding the others, computing, travelling and the rest, which together are the time of a token', () => {
    const costs = costsOf(
      asking({
        tokens: [token('b'), token('b'), token('b'), token('b')],
        stages: [
          { id: 'me', layers: [0, 2] },
          { id: 'a', layers: [2, 4] },
          { id: 'b', layers: [4, 6] },
        ],
        gatherMs: 8,
        computeMs: 20,
        travelMs: 40,
        tookMs: 80,
        bytes: 8000,
      }),
      'me',
    )
    expect(costs).toEqual({
      tokensPerSecond: 50,
      gatherMs: 2,
      computeMs: 5,
      travelMs: 10,
      restMs: 3,
      bytesPerToken: 2000,
      hops: 2,
      bytesPerHop: 1000,
    })
  })

  it('has no hops where nothing is handed on', () => {
    const costs = costsOf(asking({ tokens: [token('me')], tookMs: 10, computeMs: 12 }), 'me')
    expect(costs).toMatchObject({ hops: 0, bytesPerHop: null, restMs: 0 })
  })

  it('has no hops where others judge, and hold nothing of this text’s way', () => {
    const stages = ['me', 'a'].map((id) => ({ id, layers: [0, 6] as const }))
    const judged = { tokens: [token('a')], tookMs: 10, bytes: 34, stages }
    const costs = costsOf({ ...begun(1, 'speculative', 'x', 4), ...judged }, 'me')
    expect(costs).toMatchObject({ hops: 0, bytesPerHop: null, bytesPerToken: 34 })
    expect(costsOf({ ...begun(1, 'split', 'x', 4), ...judged }, 'me')).toMatchObject({ hops: 1 })
  })

  it('counts no tokens that were said before this tab took the text over', () => {
    const tokens = [token(), token(), token('me')]
    expect(costsOf(asking({ tokens, tookMs: 100, isTakenOver: true }), 'me')?.tokensPerSecond).toBe(10)
  })
})

describe('who said an answer', () => {
  it('is counted, whoever spoke first standing first', () => {
    expect(speakersIn([token('b'), token('a'), token('b')])).toEqual([
      { by: ['b'], tokens: 2 },
      { by: ['a'], tokens: 1 },
    ])
  })

  it('are all through whom a token went: after a replacement, others', () => {
    const [before, after] = [token('me', 'a', 'b'), token('me', 'c', 'b')]
    expect(speakersIn([before, before, after])).toEqual([
      { by: ['me', 'a', 'b'], tokens: 2 },
      { by: ['me', 'c', 'b'], tokens: 1 },
    ])
  })
})

describe('the modes of an address', () => {
  it('are those that there are', () => {
    expect(table.mode.kind.shape).toMatchObject({ options: modeNames })
  })
})
