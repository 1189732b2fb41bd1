import { beforeAll, describe, expect, it } from 'vitest'
import { Bench, gaussians, largestError } from './testing'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.open()
})

const layouts = ['NT', 'NN', 'TN'] as const
type Layout = (typeof layouts)[number]

interface Problem {
  readonly layout: Layout
  readonly M: number
  readonly N: number
  readonly K: number
  readonly x: Float32Array
  readonly w: Float32Array
  /** Numbers between the end of a row and the beginning of the next. */
  readonly gap: number
}

function problem(layout: Layout, M: number, N: number, K: number, gap = 0): Problem {
  const [xRows, wRows] = [layout === 'TN' ? K : M, layout === 'NT' ? N : K]
  const { ldx, ldw } = strides({ layout, M, N, K, gap })
  return { layout, M, N, K, x: gaussians(xRows * ldx, 'x'), w: gaussians(wRows * ldw, 'w'), gap }
}

const strides = ({ layout, M, N, K, gap }: Omit<Problem, 'x' | 'w'>) => ({
  ldx: (layout === 'TN' ? M : K) + gap,
  ldw: (layout === 'NT' ? K : N) + gap,
  ldy: N + gap,
})

interface Extras {
  readonly scale?: number
  /** What y held before; added to the product. */
  readonly before?: Float32Array
  readonly bias?: Float32Array
  readonly residual?: Float32Array
}

function product(given: Problem, { scale = 1, before, bias, residual }: Extras = {}): Float32Array {
  const { layout, M, N, K, x, w } = given
  const { ldx, ldw, ldy } = strides(given)
  const y = before ? bench.put(before) : bench.room(M * ldy)
  const scratch = bench.scratch(bench.functions.productScratchBytes(M, N, K))
  const factors = [bench.put(x), ldx, bench.put(w), ldw] as const
  const operands = [M, N, K, ...factors, y, ldy, scale, before ? 1 : 0] as const
  if (layout === 'NT')
    bench.functions.productNT(
      ...operands,
      bias ? bench.put(bias) : 0,
      residual ? bench.put(residual) : 0,
      scratch,
    )
  else bench.functions[`product${layout}`](...operands, scratch)
  return withoutGaps(bench.get(y, M * ldy), given)
}

function oracle(given: Problem, { scale = 1, before, bias, residual }: Extras = {}): Float64Array {
  const { layout, M, N, K, x, w } = given
  const { ldx, ldw, ldy } = strides(given)
  const y = new Float64Array(M * N)
  for (let m = 0; m < M; m++)
    for (let n = 0; n < N; n++) {
      let sum = 0
      for (let k = 0; k < K; k++)
        sum += x[layout === 'TN' ? k * ldx + m : m * ldx + k] * w[layout === 'NT' ? n * ldw + k : k * ldw + n]
      const place = m * ldy + n
      y[m * N + n] = scale * sum + (before?.[place] ?? 0) + (bias?.[n] ?? 0) + (residual?.[place] ?? 0)
    }
  return y
}

const withoutGaps = (y: Float32Array, { M, N, gap }: Problem): Float32Array =>
  Float32Array.from({ length: M * N }, (_, index) => y[Math.floor(index / N) * (N + gap) + (index % N)])

/** Odd sizes, narrow ones, and some beyond the blocks of 128 rows and 256 places. */
const shapes = [
  [1, 1, 1],
  [1, 13, 31],
  [2, 8, 8],
  [3, 5, 7],
  [4, 16, 257],
  [5, 9, 3],
  [7, 33, 40],
  [8, 576, 19],
  [19, 8, 300],
  [37, 19, 513],
  [131, 23, 8],
] as const

describe.each(layouts)('product%s', (layout) => {
  it.each(shapes)('of %i x %i over %i is the sum over k', (M, N, K) => {
    const given = problem(layout, M, N, K)
    expect(largestError(product(given), oracle(given))).toBeLessThan(2e-6)
  })

  it('works on parts of wider matrices, and touches nothing beside them', () => {
    const given = problem(layout, 6, 11, 14, 5)
    const extras = { scale: 0.5, before: gaussians(6 * 16, 'before') }
    expect(largestError(product(given, extras), oracle(given, extras))).toBeLessThan(2e-6)
    const untouched = bench.put(extras.before)
    const factors = [bench.put(given.x), strides(given).ldx, bench.put(given.w), strides(given).ldw] as const
    const operands = [6, 11, 14, ...factors, untouched, 16, 1, 0] as const
    const scratch = bench.scratch(bench.functions.productScratchBytes(6, 11, 14))
    if (layout === 'NT') bench.functions.productNT(...operands, 0, 0, scratch)
    else bench.functions[`product${layout}`](...operands, scratch)
    const after = bench.get(untouched, 6 * 16)
    after.forEach((value, index) => {
      if (index % 16 >= 11) expect(value).toBe(extras.before[index])
    })
  })

  it.each([
    [1, 19, 520],
    [5, 12, 9],
    [6, 21, 700],
  ])('scales and accumulates (%i x %i over %i)', (M, N, K) => {
    const given = problem(layout, M, N, K)
    const extras = { scale: -1.75, before: gaussians(M * N, 'before') }
    expect(largestError(product(given, extras), oracle(given, extras))).toBeLessThan(2e-6)
  })

  // Checking several drafted tokens at once must give what decoding them one by one gives.
  it.each([
    [24, 40],
    [13, 301],
    [9, 519],
  ])('gives each row to the last bit whatever the number of rows (%i columns over %i)', (N, K) => {
    const all = problem(layout, 200, N, K)
    const expected = product(all)
    for (const M of [1, 2, 3, 4, 5, 8, 9, 16, 64, 129]) {
      const x = layout === 'TN' ? columns(all.x, 200, M) : all.x.slice(0, M * K)
      expect(product({ ...all, M, x })).toEqual(expected.slice(0, M * N))
    }
  })

  it('gives each column to the last bit whatever the number of columns', () => {
    const all = problem(layout, 5, 24, 301)
    const expected = product(all)
    for (const N of [1, 3, 7, 8, 9, 12, 15, 17]) {
      const w = layout === 'NT' ? all.w.slice(0, N * 301) : columns(all.w, 24, N)
      expect(product({ ...all, N, w })).toEqual(columns(expected, 24, N))
    }
  })
})

describe('productNT', () => {
  it.each([
    [1, 19, 520],
    [5, 11, 6],
    [4, 16, 520],
  ])('adds bias and residual (%i x %i over %i)', (M, N, K) => {
    const given = problem('NT', M, N, K)
    const extras = { scale: 2, bias: gaussians(N, 'bias'), residual: gaussians(M * N, 'residual') }
    expect(largestError(product(given, extras), oracle(given, extras))).toBeLessThan(2e-6)
  })
})

/** The first `kept` of a matrix's columns. */
const columns = (matrix: Float32Array, width: number, kept: number): Float32Array =>
  matrix.filter((_, index) => index % width < kept)
