import { describe, expect, it } from 'vitest'
import { extrasOf } from './extras'

describe('what may be said of drafts, doubt and rows', () => {
  it('is as usual where nothing is said', () => {
    expect(extrasOf({})).toEqual({ draft: null, risk: 0.03, doubt: null, codec: 'float32', tiers: 2 })
  })

  it('is taken as it is given', () => {
    const said = { draft: 0, risk: 0.2, doubt: 1, codec: 'int8', tiers: 3 } as const
    expect(extrasOf(said)).toEqual(said)
  })
})
