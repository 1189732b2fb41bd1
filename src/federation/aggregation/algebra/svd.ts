/**
 * The singular value decomposition x = U diag(σ) Vᵀ by one-sided Jacobi rotations (Hestenes 1958): pairs of columns are
 * rotated until all are orthogonal; their lengths are then the singular values, accurate even where they are tiny. Cubic
 * and unblocked, so it is for the small cores that `truncate` leaves, not for a model's matrices.
 * Source: Golub and Van Loan, Matrix Computations, section 8.6.3.
 */
import { dot, identity, type Matrix, transpose, zeros } from './matrix'

export interface Svd {
  /** [rows, count]; columns of σ = 0 are zero */
  readonly u: Matrix
  /** Descending. */
  readonly sigma: Float64Array
  /** [columns, count] */
  readonly v: Matrix
}

const precision = 1e-15
const mostSweeps = 60

export function svd(x: Matrix): Svd {
  if (x.rows < x.columns) {
    const { u, sigma, v } = svd(transpose(x))
    return { u: v, sigma, v: u }
  }
  const { rows, columns } = x
  const left = rowsOf(transpose(x)) // the columns of x
  const right = rowsOf(identity(columns))
  const negligible = precision * precision * left.reduce((sum, column) => sum + dot(column, column), 0)
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let isSettled = true
    for (let i = 0; i < columns - 1; i++)
      for (let j = i + 1; j < columns; j++) {
        const alpha = dot(left[i], left[i])
        const beta = dot(left[j], left[j])
        const gamma = dot(left[i], left[j])
        if (alpha <= negligible || beta <= negligible) continue
        if (Math.abs(gamma) <= precision * Math.sqrt(alpha) * Math.sqrt(beta)) continue
        isSettled = false
        const zeta = (beta - alpha) / (2 * gamma)
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
        rotate(left[i], left[j], tangent)
        rotate(right[i], right[j], tangent)
      }
    if (isSettled) break
  }

  const lengths = left.map((column) => Math.sqrt(dot(column, column)))
  const order = lengths
    .map((_, index) => index)
    .sort((one, other) => lengths[other] - lengths[one] || one - other)
  const u = zeros(columns, rows)
  const v = zeros(columns, columns)
  for (const [place, index] of order.entries()) {
    if (lengths[index] > 0)
      u.data.set(
        left[index].map((value) => value / lengths[index]),
        place * rows,
      )
    v.data.set(right[index], place * columns)
  }
  return { u: transpose(u), sigma: Float64Array.from(order, (index) => lengths[index]), v: transpose(v) }
}

function rotate(x: Float64Array, y: Float64Array, tangent: number): void {
  const cosine = 1 / Math.sqrt(1 + tangent * tangent)
  const sine = cosine * tangent
  for (let index = 0; index < x.length; index++) {
    const value = x[index]
    x[index] = cosine * value - sine * y[index]
    y[index] = sine * value + cosine * y[index]
  }
}

const rowsOf = ({ rows, columns, data }: Matrix): Float64Array[] =>
  Array.from({ length: rows }, (_, row) => data.slice(row * columns, (row + 1) * columns))
