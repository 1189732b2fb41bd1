/**
 * Sums of low-rank products Σ c B A, the form in which models are compared and averaged: no matrix of a layer's full size
 * [out, in] is ever formed where the factors are smaller. The inner product of two products needs two small matrices
 * only, ⟨B₁A₁, B₂A₂⟩ = ⟨B₁ᵀB₂, A₁A₂ᵀ⟩ (the Gram trick), and it is safe against the gauge: (B G, G⁻¹ A) is the same model and
 * gives the same number, while a cosine of the raw factors does not.
 */
import {
  below,
  beside,
  dot,
  dotWithRows,
  identity,
  type Matrix,
  multiply,
  scaled,
  transpose,
  transposedTimes,
  withColumns,
} from './matrix'
import { qr } from './qr'
import { svd } from './svd'

/** c B A with B [out, rank] and A [rank, in]. */
export interface Product {
  readonly c: number
  readonly b: Matrix
  readonly a: Matrix
}

/** The sum of its terms; all have the same out and in. An empty sum is zero. */
export type ProductSum = readonly Product[]

/** What is added to the base, by layer; a layer's sum may be empty. */
export type ModelSum = ReadonlyMap<string, ProductSum>

export const negated = (sum: ProductSum): ProductSum => sum.map((term) => ({ ...term, c: -term.c }))

export const rankOf = (sum: ProductSum): number => sum.reduce((rank, { a }) => rank + a.rows, 0)

/** ⟨x, y⟩ of the two matrices that the sums stand for. */
export function inner(x: ProductSum, y: ProductSum): number {
  let total = 0
  for (const one of x)
    for (const other of y) {
      const ofB = transposedTimes(one.b, other.b) // [rank, rank]
      total += one.c * other.c * dotWithRows(ofB, one.a, other.a)
    }
  return total
}

/** ‖Σ c B A‖² . By the Gram trick or, where the ranks add up to more than that saves, row after row. */
export function squaredNorm(sum: ProductSum): number {
  if (sum.length === 0) return 0
  const { b, a } = sum[0]
  if (rankOf(sum) * (b.rows + a.columns) < b.rows * a.columns) return Math.max(0, inner(sum, sum))
  let total = 0
  for (let row = 0; row < b.rows; row++) {
    const line = new Float64Array(a.columns)
    for (const term of sum)
      for (let inner = 0; inner < term.a.rows; inner++) {
        const factor = term.c * term.b.data[row * term.b.columns + inner]
        const from = inner * a.columns
        for (let column = 0; column < a.columns; column++) line[column] += factor * term.a.data[from + column]
      }
    total += dot(line, line)
  }
  return total
}

/** One product of the same value: the terms stacked, the weights in A only. Never of a rank above min(out, in). */
export function stacked(sum: ProductSum): { readonly b: Matrix; readonly a: Matrix } {
  const b = beside(sum.map((term) => term.b)) // [out, ranks]
  const a = below(sum.map((term) => scaled(term.a, term.c))) // [ranks, in]
  if (a.rows <= Math.min(b.rows, a.columns)) return { b, a }
  // More ranks than the smaller side has numbers: the identity of that side is the shorter factor.
  const whole = multiply(b, a)
  return b.rows <= a.columns ? { b: identity(b.rows), a: whole } : { b: whole, a: identity(a.columns) }
}

/** The best approximation of a sum by few directions: Σ σ u vᵀ. */
export interface Truncated {
  /** [out, rank] */
  readonly u: Matrix
  readonly sigma: Float64Array
  /** [in, rank] */
  readonly v: Matrix
  /** Frobenius norm of what was cut off. */
  readonly error: number
}

/**
 * The truncated SVD of a sum. Both stacks are made orthogonal first (B = Q R, Aᵀ = Q' R'), so that only the small core
 * R R'ᵀ is decomposed. At most `rank` directions are kept, and none that is only rounding.
 */
export function truncate(sum: ProductSum, rank = Number.POSITIVE_INFINITY): Truncated {
  const { b, a } = stacked(sum)
  const left = qr(b)
  const right = qr(transpose(a))
  const core = svd(multiply(left.r, transpose(right.r)))
  const negligible = negligibleShare * sizeOf(sum)
  const kept = core.sigma.filter((value, index) => index < rank && value > negligible).length
  return {
    u: multiply(left.q, withColumns(core.u, kept)),
    sigma: core.sigma.slice(0, kept),
    v: multiply(right.q, withColumns(core.v, kept)),
    error: Math.sqrt(core.sigma.subarray(kept).reduce((total, value) => total + value * value, 0)),
  }
}

/** Far below what float32 can tell, far above what float64 leaves where terms cancel. */
const negligibleShare = 1e-9

/** How large the terms are before they cancel: Σ |c| ‖B‖ ‖A‖. */
const sizeOf = (sum: ProductSum): number =>
  sum.reduce(
    (size, { c, b, a }) => size + Math.abs(c) * Math.sqrt(dot(b.data, b.data) * dot(a.data, a.data)),
    0,
  )
