import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { random } from '../../../lib/rng'
import { columnsTimes, dot, type Matrix, multiply, transpose } from './matrix'
import { cosinesOf, distancesOf, gramOf, innerProducts, normOf } from './models'
import { type ModelSum, type Product, type ProductSum, squaredNorm, stacked, truncate } from './products'
import { qr } from './qr'
import { svd } from './svd'

const gaussian = (rows: number, columns: number, seed: number): Matrix => {
  const { gaussian: draw } = random(seed, 'matrix', rows, columns)
  return { rows, columns, data: Float64Array.from({ length: rows * columns }, draw) }
}

const distance = (x: Matrix, y: Matrix): number =>
  Math.sqrt(x.data.reduce((sum, value, index) => sum + (value - y.data[index]) ** 2, 0))

const isOrthonormal = (x: Matrix): void => {
  const { data, rows } = multiply(transpose(x), x)
  for (const [index, value] of data.entries())
    expect(Math.abs(value - (index % (rows + 1) === 0 ? 1 : 0))).toBeLessThan(1e-12)
}

const side = fc.integer({ min: 1, max: 12 })
const seed = fc.nat(1_000_000)
const runs = { numRuns: 40 }

/** Terms of ranks 1 to 3; with `repeats` the last term repeats the first, so that their columns depend on each other. */
function sumOfTerms(out: number, into: number, terms: number, start: number): Product[] {
  return Array.from({ length: terms }, (_, index) => ({
    c: index % 2 ? -0.7 : 1.3,
    b: gaussian(out, 1 + (index % 3), start + index),
    a: gaussian(1 + (index % 3), into, start + index + 77),
  }))
}

const dense = (sum: ProductSum): Matrix => {
  const { b, a } = stacked(sum)
  return multiply(b, a)
}

/** The same model in other factors: (B G, G⁻¹ A) with G a triangular matrix of ones. */
function gauged({ c, b, a }: Product): Product {
  const upper: Matrix = {
    rows: a.rows,
    columns: a.rows,
    data: Float64Array.from({ length: a.rows ** 2 }, (_, i) =>
      i % a.rows >= Math.floor(i / a.rows) ? 1 : 0,
    ),
  }
  const inverse: Matrix = {
    ...upper,
    data: upper.data.map((_, i) => {
      const above = (i % a.rows) - Math.floor(i / a.rows)
      return above === 0 ? 1 : above === 1 ? -1 : 0
    }),
  }
  return { c, b: multiply(b, upper), a: multiply(inverse, a) }
}

describe('the QR factorisation', () => {
  it('gives x = Q R with orthonormal Q and triangular R', () => {
    fc.assert(
      fc.property(side, side, seed, (rows, columns, start) => {
        const x = gaussian(rows, columns, start)
        const { q, r } = qr(x)
        expect(distance(multiply(q, r), x)).toBeLessThan(1e-12)
        isOrthonormal(q)
        for (let row = 1; row < r.rows; row++)
          for (let column = 0; column < row; column++) expect(r.data[row * r.columns + column]).toBe(0)
      }),
      runs,
    )
  })

  it('keeps its orthogonality where columns repeat each other', () => {
    const x = gaussian(9, 2, 1)
    const { q, r } = qr(multiply(x, gaussian(2, 6, 2)))
    isOrthonormal(q)
    expect(distance(multiply(q, r), multiply(x, gaussian(2, 6, 2)))).toBeLessThan(1e-12)
  })
})

describe('the singular value decomposition', () => {
  it('gives x = U diag(σ) Vᵀ with orthonormal U and V and falling σ', () => {
    fc.assert(
      fc.property(side, side, seed, (rows, columns, start) => {
        const x = gaussian(rows, columns, start)
        const { u, sigma, v } = svd(x)
        expect(distance(multiply(columnsTimes(u, sigma), transpose(v)), x)).toBeLessThan(1e-11)
        isOrthonormal(u)
        isOrthonormal(v)
        for (let index = 1; index < sigma.length; index++)
          expect(sigma[index]).toBeLessThanOrEqual(sigma[index - 1])
      }),
      runs,
    )
  })

  it('finds planted values over ten orders of magnitude', () => {
    const planted = Float64Array.from([1e5, 3, 2, 1e-3, 1e-5])
    const left = qr(gaussian(8, 5, 3)).q
    const right = qr(gaussian(5, 5, 4)).q
    const { sigma } = svd(multiply(columnsTimes(left, planted), transpose(right)))
    for (const [index, value] of planted.entries()) expect(Math.abs(sigma[index] - value)).toBeLessThan(1e-10)
  })

  it('of zero is zero', () => expect([...svd(gaussian(0, 0, 1)).sigma]).toEqual([]))
})

describe('sums of products', () => {
  it('have the inner products of the matrices they stand for', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 5 }), seed, (out, into, terms, start) => {
        const x = sumOfTerms(out, into, terms, start)
        const y = sumOfTerms(out, into, 2, start + 1000)
        const models: ModelSum[] = [new Map([['layer', x]]), new Map([['layer', y]])]
        const [ofX, ofY] = [dense(x), dense(y)]
        const gram = gramOf(models)
        const tolerance = 1e-11 * (1 + dot(ofX.data, ofX.data) + dot(ofY.data, ofY.data))
        expect(Math.abs(gram[0][1] - dot(ofX.data, ofY.data))).toBeLessThan(tolerance)
        expect(Math.abs(squaredNorm(x) - dot(ofX.data, ofX.data))).toBeLessThan(tolerance)
        expect(innerProducts(models, models)[1][0]).toBeCloseTo(gram[1][0], 9)
        expect(distancesOf(gram)[0][1]).toBeCloseTo(distance(ofX, ofY), 5)
      }),
      runs,
    )
  })

  it('do not care which factors a model is written in', () => {
    const x = sumOfTerms(9, 7, 3, 5)
    const same = x.map(gauged)
    expect(distance(same[2].b, x[2].b)).toBeGreaterThan(1)
    const cosines = cosinesOf(gramOf([new Map([['layer', x]]), new Map([['layer', same]])]))
    expect(cosines[0][1]).toBeCloseTo(1, 12)
  })

  it('sum layers before they divide: a layer with tiny updates hardly counts', () => {
    const [big, other] = [sumOfTerms(6, 6, 1, 1), sumOfTerms(6, 6, 1, 2)]
    const tiny = other.map((term) => ({ ...term, c: 1e-6 }))
    const opposite = tiny.map((term) => ({ ...term, c: -term.c }))
    const models: ModelSum[] = [tiny, opposite].map(
      (last) =>
        new Map([
          ['0', big],
          ['1', last],
        ]),
    )
    expect(cosinesOf(gramOf(models))[0][1]).toBeCloseTo(1, 9)
  })

  it('give a zero model the cosine 0 with all others', () => {
    const zero = sumOfTerms(4, 4, 1, 1).map((term) => ({ ...term, c: 0 }))
    const models: ModelSum[] = [new Map([['layer', zero]]), new Map([['layer', sumOfTerms(4, 4, 1, 2)]])]
    expect(cosinesOf(gramOf(models))).toEqual([
      [1, 0],
      [0, 1],
    ])
    expect(normOf(models[0])).toBe(0)
  })

  it('cancel in float64: x - x is nothing, however it is written', () => {
    const x = sumOfTerms(40, 40, 1, 3)
    const nothing = [...x, ...x.map(gauged).map((term) => ({ ...term, c: -term.c }))]
    expect(Math.sqrt(squaredNorm(nothing))).toBeLessThan(1e-6)
    expect(truncate(nothing).sigma.length).toBe(0)
  })
})

describe('truncation', () => {
  it('is the best approximation of its rank, and says what it cuts off', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 6 }), seed, (out, into, rank, start) => {
        const sum = sumOfTerms(out, into, 4, start)
        const { u, sigma, v, error } = truncate(sum, rank)
        const whole = dense(sum)
        const oracle = svd(whole).sigma.subarray(rank)
        expect(sigma.length).toBeLessThanOrEqual(rank)
        expect(distance(multiply(columnsTimes(u, sigma), transpose(v)), whole)).toBeCloseTo(error, 7)
        expect(error).toBeCloseTo(Math.sqrt(dot(oracle, oracle)), 7)
      }),
      runs,
    )
  })

  it('without a rank keeps every direction that is one', () => {
    const sum = sumOfTerms(20, 15, 3, 9) // ranks 1, 2, 3
    expect(truncate([...sum, ...sum]).sigma.length).toBe(6)
  })
})
