import { beforeAll, describe, expect, it } from 'vitest'
import { Bench, gaussians, largestError } from './testing'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.open()
})

const widths = [1, 3, 4, 10, 192] as const
const mean = (row: ArrayLike<number>) => Array.from(row).reduce((sum, value) => sum + value, 0) / row.length
const rowOf = (matrix: ArrayLike<number>, row: number, width: number): number[] =>
  Array.from({ length: width }, (_, i) => matrix[row * width + i])

describe('embed', () => {
  it.each(widths)('adds the rows of both tables (width %i)', (width) => {
    const [ids, places, tokens, positions] = [
      [2, 0, 2],
      [1, 3, 0],
      gaussians(3 * width, 't'),
      gaussians(4 * width, 'p'),
    ]
    const y = bench.room(3 * width)
    const addresses = [
      bench.putIntegers(ids),
      bench.putIntegers(places),
      bench.put(tokens),
      bench.put(positions),
    ] as const
    bench.functions.embed(...addresses, y, 3, width)
    const sums = ids.flatMap((id, row) =>
      rowOf(tokens, id, width).map((value, i) => value + positions[places[row] * width + i]),
    )
    expect(bench.get(y, 3 * width)).toEqual(Float32Array.from(sums))
    bench.functions.embed(addresses[0], 0, addresses[2], 0, y, 3, width)
    expect(bench.get(y, 3 * width)).toEqual(Float32Array.from(ids.flatMap((id) => rowOf(tokens, id, width))))
  })
})

const epsilon = 1e-5

/** The norm of one row in 64 bits. */
function normOracle(
  x: readonly number[],
  gain: ArrayLike<number>,
  offset: ArrayLike<number> | null,
  isRms: boolean,
) {
  const centre = isRms ? 0 : mean(x)
  const deviation = Math.sqrt(mean(x.map((value) => (value - centre) ** 2)) + epsilon)
  return x.map((value, i) => ((value - centre) / deviation) * gain[i] + (offset?.[i] ?? 0))
}

describe.each([false, true])('norm (RMS: %s)', (isRms) => {
  const flag = isRms ? 1 : 0

  it.each(widths)('normalizes the rows it is told to (width %i)', (width) => {
    const [x, gain, offset] = [gaussians(4 * width, 'x'), gaussians(width, 'g'), gaussians(width, 'o')]
    const [at, atGain, atOffset] = [bench.put(x), bench.put(gain), bench.put(offset)]
    const y = bench.room(4 * width)
    bench.functions.norm(at, atGain, atOffset, bench.putIntegers([3, 1, 3]), y, 3, width, epsilon, flag)
    const chosen = [3, 1, 3].flatMap((row) => normOracle(rowOf(x, row, width), gain, offset, isRms))
    expect(largestError(bench.get(y, 3 * width), chosen)).toBeLessThan(2e-6)
    bench.functions.norm(at, atGain, 0, 0, y, 4, width, epsilon, flag)
    const all = [0, 1, 2, 3].flatMap((row) => normOracle(rowOf(x, row, width), gain, null, isRms))
    expect(largestError(bench.get(y, 4 * width), all)).toBeLessThan(2e-6)
  })

  it('gives each row to the last bit whatever the number of rows', () => {
    const width = 21
    const [x, gain] = [bench.put(gaussians(64 * width, 'x')), bench.put(gaussians(width, 'g'))]
    const norm = (rows: number) => {
      const y = bench.room(rows * width)
      bench.functions.norm(x, gain, 0, 0, y, rows, width, epsilon, flag)
      return bench.get(y, rows * width)
    }
    for (const rows of [1, 3, 5, 16]) expect(norm(rows)).toEqual(norm(64).slice(0, rows * width))
  })

  it.each(widths.slice(1))('has the gradient that differences of the oracle have (width %i)', (width) => {
    const [x, gain] = [gaussians(3 * width, 'x'), gaussians(width, 'g')]
    const [dy, residual] = [gaussians(3 * width, 'dy'), gaussians(3 * width, 'r')]
    const places = [2, -1, 0]
    const dx = bench.room(3 * width)
    const operands = [bench.put(dy), bench.put(x), bench.put(gain)] as const
    const slope = (row: number, place: number): number[] =>
      rowOf(x, row, width).map((_, i) => {
        const [up, down] = [1e-5, -1e-5].map((by) => {
          const moved = rowOf(x, row, width).map((value, j) => (i === j ? value + by : value))
          return normOracle(moved, gain, null, isRms).reduce(
            (sum, y, j) => sum + y * dy[place * width + j],
            0,
          )
        })
        return (up - down) / 2e-5
      })
    const expected = places.map((place, row) =>
      place < 0 ? Array<number>(width).fill(0) : slope(row, place),
    )
    bench.functions.normGradient(...operands, 0, bench.putIntegers(places), dx, 3, width, epsilon, flag)
    expect(largestError(bench.get(dx, 3 * width), expected.flat())).toBeLessThan(2e-5)
    bench.functions.normGradient(...operands, bench.put(residual), 0, dx, 3, width, epsilon, flag)
    const straight = [0, 1, 2].flatMap((row) =>
      slope(row, row).map((value, i) => value + residual[row * width + i]),
    )
    expect(largestError(bench.get(dx, 3 * width), straight)).toBeLessThan(2e-5)
  })
})

const gelu = (x: number) => 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))
const silu = (x: number) => x / (1 + Math.exp(-x))
const slopeOf = (f: (x: number) => number, x: number) => (f(x + 1e-5) - f(x - 1e-5)) / 2e-5

describe('activations', () => {
  const spread = (size: number) => gaussians(size, 'pre').map((value) => 4 * value)

  it.each([1, 6, 1001])('gelu is its tanh form (%i numbers)', (size) => {
    const [pre, y] = [spread(size), bench.room(size)]
    bench.functions.gelu(bench.put(pre), y, size)
    expect(largestError(bench.get(y, size), Array.from(pre, gelu))).toBeLessThan(5e-7)
  })

  it('gelu is exact to a few parts in ten million everywhere, and nothing far out', () => {
    const pre = Float32Array.from([-1e4, -30, -3, -1e-3, 0, 1e-30, 1e-3, 0.5, 3, 30, 1e4, 1e18])
    const y = bench.room(pre.length)
    bench.functions.gelu(bench.put(pre), y, pre.length)
    bench.get(y, pre.length).forEach((value, index) => {
      const expected = gelu(pre[index])
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-6 * Math.abs(expected) + 1e-7)
    })
  })

  it.each([1, 6, 1001])('geluGradient may replace dy (%i numbers)', (size) => {
    const [pre, dy] = [spread(size), gaussians(size, 'dy')]
    const at = bench.put(dy)
    bench.functions.geluGradient(at, bench.put(pre), at, size)
    const expected = Array.from(pre, (x, i) => dy[i] * slopeOf(gelu, x))
    expect(largestError(bench.get(at, size), expected)).toBeLessThan(1e-6)
  })

  it.each([1, 6, 33])('gated is silu(gate) up, with its gradient (%i wide)', (inner) => {
    const [gateUp, dy] = [spread(2 * 3 * inner), gaussians(3 * inner, 'dy')]
    const [y, dx, at] = [bench.room(3 * inner), bench.room(6 * inner), bench.put(gateUp)]
    bench.functions.gated(at, y, 3, inner)
    bench.functions.gatedGradient(bench.put(dy), at, dx, 3, inner)
    const rows = [0, 1, 2].map((row) => {
      const [gate, up] = [0, 1].map((half) => rowOf(gateUp, 2 * row + half, inner))
      return { gate, up, dy: rowOf(dy, row, inner) }
    })
    const expected = rows.flatMap(({ gate, up }) => gate.map((x, i) => silu(x) * up[i]))
    expect(largestError(bench.get(y, 3 * inner), expected)).toBeLessThan(1e-6)
    const gradient = rows.flatMap(({ gate, up, dy: above }) => [
      ...gate.map((x, i) => above[i] * up[i] * slopeOf(silu, x)),
      ...gate.map((x, i) => above[i] * silu(x)),
    ])
    expect(largestError(bench.get(dx, 6 * inner), gradient)).toBeLessThan(1e-6)
  })
})
