import { describe, expect, it } from 'vitest'
import { pooled } from './means'

const on = (tokens: number, loss: number) => ({ tokens, loss })

describe('the loss on all texts together', () => {
  it('is the mean over their tokens', () => {
    expect(pooled([on(300, 1), null], [])).toBe(1)
    expect(pooled([on(100, 1), on(300, 2)], [])).toBe(1.75)
    expect(pooled([], [])).toBeNull()
  })

  it('counts what a device says of its own text up to the median: nobody owns the curve', () => {
    const honest = [on(100, 1), on(100, 1), on(100, 1)]
    expect(pooled([], [...honest, on(2 ** 53 - 1, 5)])).toBe(2)
    expect(pooled([on(400, 1)], [on(2 ** 53 - 1, 5)])).toBe(3)
  })
})
