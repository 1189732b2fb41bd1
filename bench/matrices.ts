/** The arithmetic of the benchmark's oracles (reference.ts, qwen3Reference.ts): matrices in float64, by plain loops. */

export type Matrix = { readonly rows: number; readonly columns: number; readonly data: Float64Array }

export const matrix = (rows: number, columns: number): Matrix => ({
  rows,
  columns,
  data: new Float64Array(rows * columns),
})
export const row = ({ columns, data }: Matrix, index: number): Float64Array =>
  data.subarray(index * columns, (index + 1) * columns)

/**
 * x wᵀ + bias, w as [out, in]. Four outputs at once, so that the processor has four sums to work on: GPT-2 small is 250
 * billion operations a batch. Behind the last output the four overlap and write the same number twice.
 */
export function product(x: Matrix, w: Matrix, bias: Float64Array | null): Matrix {
  const y = matrix(x.rows, w.rows)
  for (let j = 0; j < w.rows; j += 4) {
    const outputs = [j, j + 1, j + 2, j + 3].map((output) => Math.min(output, w.rows - 1))
    const [w0, w1, w2, w3] = outputs.map((output) => row(w, output))
    for (let i = 0; i < x.rows; i++) {
      const from = row(x, i)
      let [y0, y1, y2, y3] = [0, 0, 0, 0]
      for (let k = 0; k < from.length; k++) {
        const value = from[k]
        y0 += value * w0[k]
        y1 += value * w1[k]
        y2 += value * w2[k]
        y3 += value * w3[k]
      }
      const into = row(y, i)
      into[outputs[3]] = y3
      into[outputs[2]] = y2
      into[outputs[1]] = y1
      into[outputs[0]] = y0
    }
  }
  return bias ? { ...y, data: y.data.map((value, at) => value + bias[at % y.columns]) } : y
}

export function transposed(x: Matrix): Matrix {
  const y = matrix(x.columns, x.rows)
  for (let i = 0; i < x.rows; i++)
    for (let j = 0; j < x.columns; j++) y.data[j * x.rows + i] = x.data[i * x.columns + j]
  return y
}

export function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index++) sum += one[index] * other[index]
  return sum
}

export const sum = (one: Matrix, other: Matrix): Matrix => ({
  ...one,
  data: one.data.map((value, at) => value + other.data[at]),
})

export function rootMeanSquareNorm(x: Matrix, gain: Float64Array, epsilon: number): Matrix {
  const y = matrix(x.rows, x.columns)
  for (let i = 0; i < x.rows; i++) {
    const values = row(x, i)
    const scale = 1 / Math.sqrt(dot(values, values) / x.columns + epsilon)
    row(y, i).set(values.map((value, j) => value * scale * gain[j]))
  }
  return y
}

export function logSumExp(values: Float64Array): number {
  const largest = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY)
  return largest + Math.log(values.reduce((total, value) => total + Math.exp(value - largest), 0))
}
