import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exp, ln, logAddExp } from './portable'

describe('the logarithm', () => {
  it('is Math.log up to rounding, and exact at 1', () => {
    for (let exponent = -40; exponent <= 40; exponent++)
      for (const mantissa of [1, 1.1, Math.SQRT2, 1.5, 1.999999]) {
        const x = mantissa * 2 ** exponent
        expect(Math.abs(ln(x) - Math.log(x))).toBeLessThanOrEqual(1e-15 * Math.max(1, Math.abs(Math.log(x))))
      }
    expect(ln(1)).toBe(0)
  })
})

describe('the exponential', () => {
  it('is Math.exp up to rounding, exact at 0, and 0 where nothing is left', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 700, noNaN: true }), (x) => {
        expect(Math.abs(exp(x) / Math.exp(x) - 1)).toBeLessThan(4e-16)
      }),
    )
    expect(exp(0)).toBe(1)
    expect(exp(Number.NEGATIVE_INFINITY)).toBe(0)
  })
})

describe('a sum in log space', () => {
  it('is the logarithm of the sum, also of what a double cannot hold', () => {
    expect(logAddExp(Math.log(2), Math.log(3))).toBeCloseTo(Math.log(5), 14)
    expect(logAddExp(-2000, -2000)).toBeCloseTo(-2000 + Math.LN2, 12)
    expect(logAddExp(Number.NEGATIVE_INFINITY, -3)).toBe(-3)
    expect(logAddExp(-3, Number.NEGATIVE_INFINITY)).toBe(-3)
  })
})
