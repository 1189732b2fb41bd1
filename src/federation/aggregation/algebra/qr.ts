/**
 * The thin QR factorisation by Householder reflections: x = Q R with orthonormal columns in Q and R upper triangular.
 * It is exact to the last few bits even for columns that nearly repeat each other, as stacked LoRA factors do, where the
 * eigenvectors of xᵀ x would lose half of the digits. Source: Golub and Van Loan, Matrix Computations, section 5.2.
 */
import { type Matrix, transpose, zeros } from './matrix'

export interface Qr {
  /** [rows, min(rows, columns)] */
  readonly q: Matrix
  /** [min(rows, columns), columns] */
  readonly r: Matrix
}

export function qr(x: Matrix): Qr {
  const { rows, columns } = x
  const size = Math.min(rows, columns)
  const work = transpose(x).data // column by column: [columns, rows]
  const column = (index: number) => work.subarray(index * rows, (index + 1) * rows)
  const reflections: Float64Array[] = []
  for (let step = 0; step < size; step++) {
    const reflection = reflectionOf(column(step).subarray(step))
    reflections.push(reflection)
    for (let other = step; other < columns; other++) reflect(column(other).subarray(step), reflection)
  }

  const r = zeros(size, columns)
  for (let row = 0; row < size; row++)
    for (let index = row; index < columns; index++) r.data[row * columns + index] = work[index * rows + row]

  // Q is the reflections applied, last to first, to the first columns of the identity.
  const q = new Float64Array(size * rows)
  for (let index = 0; index < size; index++) {
    const unit = q.subarray(index * rows, (index + 1) * rows)
    unit[index] = 1
    for (let step = size - 1; step >= 0; step--) reflect(unit.subarray(step), reflections[step])
  }
  return { q: transpose({ rows: size, columns: rows, data: q }), r }
}

/** The unit vector v whose reflection y - 2 v (v · y) turns `column` into a multiple of the first axis. */
function reflectionOf(column: Float64Array): Float64Array {
  const reflection = column.slice()
  const length = lengthOf(column)
  // Away from zero, not towards it: no cancellation.
  reflection[0] += column[0] < 0 ? -length : length
  const size = lengthOf(reflection)
  return size === 0 ? reflection : reflection.map((value) => value / size)
}

function reflect(vector: Float64Array, reflection: Float64Array): void {
  let along = 0
  for (let index = 0; index < vector.length; index++) along += vector[index] * reflection[index]
  if (along === 0) return
  for (let index = 0; index < vector.length; index++) vector[index] -= 2 * along * reflection[index]
}

function lengthOf(vector: Float64Array): number {
  let sum = 0
  for (const value of vector) sum += value * value
  return Math.sqrt(sum)
}
