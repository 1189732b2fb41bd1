/**
 * Small dense matrices in float64, row by row in one array. Everything that aggregation computes happens here and is
 * rounded to float32 once, at the end: distortions are differences of nearly equal things. Only +, -, *, / and square
 * roots are used, which IEEE 754 fixes to the last bit, so every tab computes the same bits.
 */
import type { Tensor } from '../../../model/safetensors'

export interface Matrix {
  readonly rows: number
  readonly columns: number
  /** [rows, columns] */
  readonly data: Float64Array
}

export const zeros = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
})

export function identity(size: number): Matrix {
  const result = zeros(size, size)
  for (let index = 0; index < size; index++) result.data[index * size + index] = 1
  return result
}

export const matrixOf = ({ shape, data }: Tensor): Matrix => ({
  rows: shape[0],
  columns: shape[1],
  data: new Float64Array(data),
})

/** Rounded to float32. Throws a RangeError where a number is not finite there. */
export function tensorOf({ rows, columns, data }: Matrix): Tensor {
  const rounded = new Float32Array(data)
  if (!rounded.every(Number.isFinite)) throw new RangeError('The merged adapter is not finite.')
  return { shape: [rows, columns], data: rounded }
}

export function transpose({ rows, columns, data }: Matrix): Matrix {
  const result = zeros(columns, rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      result.data[column * rows + row] = data[row * columns + column]
  return result
}

/** xᵀ y, with the bits of `multiply(transpose(x), y)`. */
export function transposedTimes(x: Matrix, y: Matrix): Matrix {
  const result = zeros(x.columns, y.columns)
  for (let inner = 0; inner < x.rows; inner++)
    for (let row = 0; row < x.columns; row++) {
      const factor = x.data[inner * x.columns + row]
      const from = inner * y.columns
      const to = row * y.columns
      for (let column = 0; column < y.columns; column++)
        result.data[to + column] += factor * y.data[from + column]
    }
  return result
}

/** ⟨weights, x yᵀ⟩, with the bits of `dot(weights, multiply(x, transpose(y)))`. */
export function dotWithRows(weights: Matrix, x: Matrix, y: Matrix): number {
  let total = 0
  for (let row = 0; row < x.rows; row++)
    for (let other = 0; other < y.rows; other++) {
      let product = 0
      for (let column = 0; column < x.columns; column++)
        product += x.data[row * x.columns + column] * y.data[other * y.columns + column]
      total += weights.data[row * weights.columns + other] * product
    }
  return total
}

/** x y */
export function multiply(x: Matrix, y: Matrix): Matrix {
  const result = zeros(x.rows, y.columns)
  for (let row = 0; row < x.rows; row++)
    for (let inner = 0; inner < x.columns; inner++) {
      const factor = x.data[row * x.columns + inner]
      if (factor === 0) continue
      const from = inner * y.columns
      const to = row * y.columns
      for (let column = 0; column < y.columns; column++)
        result.data[to + column] += factor * y.data[from + column]
    }
  return result
}

export const scaled = ({ rows, columns, data }: Matrix, factor: number): Matrix => ({
  rows,
  columns,
  data: data.map((value) => factor * value),
})

/** x diag(factors) */
export const columnsTimes = (x: Matrix, factors: Float64Array): Matrix => ({
  ...x,
  data: x.data.map((value, index) => value * factors[index % x.columns]),
})

/** Side by side: [x y …]. All have the same rows. */
export function beside(parts: readonly Matrix[]): Matrix {
  const result = zeros(
    parts[0].rows,
    parts.reduce((sum, { columns }) => sum + columns, 0),
  )
  let offset = 0
  for (const { rows, columns, data } of parts) {
    for (let row = 0; row < rows; row++)
      result.data.set(data.subarray(row * columns, (row + 1) * columns), row * result.columns + offset)
    offset += columns
  }
  return result
}

/** On top of each other. All have the same columns. */
export function below(parts: readonly Matrix[]): Matrix {
  const result = zeros(
    parts.reduce((sum, { rows }) => sum + rows, 0),
    parts[0].columns,
  )
  let offset = 0
  for (const { data } of parts) {
    result.data.set(data, offset)
    offset += data.length
  }
  return result
}

/** The first columns only; zeros where there are not so many. */
export function withColumns(x: Matrix, columns: number): Matrix {
  const result = zeros(x.rows, columns)
  const kept = Math.min(columns, x.columns)
  for (let row = 0; row < x.rows; row++)
    result.data.set(x.data.subarray(row * x.columns, row * x.columns + kept), row * columns)
  return result
}

/** The first rows only; zeros where there are not so many. */
export function withRows(x: Matrix, rows: number): Matrix {
  const result = zeros(rows, x.columns)
  result.data.set(x.data.subarray(0, Math.min(rows, x.rows) * x.columns))
  return result
}

/** Σ xᵢⱼ yᵢⱼ */
export function dot(x: Float32Array | Float64Array, y: Float32Array | Float64Array): number {
  let sum = 0
  for (let index = 0; index < x.length; index++) sum += x[index] * y[index]
  return sum
}
