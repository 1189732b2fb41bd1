import { describe, expect, it } from 'vitest'
import { extrasOf } from './extras'
import type { AskOptions } from './view'

describe('what may be said of drafts, doubt and rows', () => {
  it('is as usual where nothing is said', () => {
    expect(extrasOf({})).toEqual({ draft: null, risk: 0.03, doubt: null, codec: 'float32', tiers: 2 })
  })

  it('is taken as it is given', () => {
    const said = { draft: 0, risk: 0.2, doubt: 1, codec: 'int8', tiers: 3 } as const
    expect(extrasOf(said)).toEqual(said)
  })

  it.each([
    [{ draft: 2.5 }, 'A draft of 2.5 tokens cannot be made. Give a whole number from 0 to 24.'],
    [{ draft: 25 }, 'A draft of 25 tokens cannot be made. Give a whole number from 0 to 24.'],
    [{ draft: '4' }, 'A draft of 4 tokens cannot be made. Give a whole number from 0 to 24.'],
    [{ risk: 0 }, 'A risk of 0 cannot be used. Give a number between 0 and 1, such as 0.03.'],
    [{ risk: Number.NaN }, 'A risk of NaN cannot be used. Give a number between 0 and 1, such as 0.03.'],
    [{ doubt: 1.5 }, 'A doubt of 1.5 cannot be used. Give a number from 0 to 1, such as 0.3.'],
    [{ tiers: 4 }, 'There are no 4 tiers. Give 2 or 3.'],
    [{ codec: 'gzip' }, 'Rows cannot travel as “gzip”. Choose one of float32, float16, int8.'],
  ])('is refused with what to do: %o', (options, why) => {
    expect(() => extrasOf(options as AskOptions)).toThrow(why)
  })
})
