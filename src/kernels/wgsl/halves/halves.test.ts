import { beforeEach, describe, expect, it } from 'vitest'
import type { Kernel, MatrixUnit, ProductLayout, ProductPlan, Tile } from '../../kernel'
import { openGpu } from '../../machines/gpu'
import { openDawnAdapter, relativeError, runOn } from '../../machines/testing'
import { openWebgpuMachine } from '../../machines/webgpu'
import { linear } from '../../products/linear'
import { factorAt, gaussians, keptAs, oddSegments, sums } from '../../products/testing'
import type { Value } from '../../program'
import { type Planner, plannerByRule } from '../plans'
import { productShader } from '../productShader'
import { plainProduct } from '../trial'
import { noHalves, type OfferedHalves } from './candidates'

/** Plans for all products of one device, changed by the tests. */
let plan: ProductPlan | null = null
const planner: Planner = { ...plannerByRule, planFor: (product) => plan ?? plannerByRule.planFor(product) }

let offered: OfferedHalves = noHalves
const adapter = await openDawnAdapter()
const gpu =
  adapter &&
  (await openGpu(adapter, 'Dawn', (_, __, found) => {
    offered = found
    return planner
  }))
const machine = gpu && openWebgpuMachine(gpu)

const noFloat16 =
  'The Vulkan driver of this computer has no shader-f16, so no product in float16 was computed.'
const noMatrices =
  'The Vulkan driver of this computer has no subgroup matrices of float16 with float32 sums, so none were multiplied.'

interface Sizes {
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

const productKernel = (
  layout: ProductLayout,
  { rows, columns, depth }: Sizes,
): Kernel<{ readonly left: Value; readonly right: Value }, { readonly out: Value }> => ({
  name: 'product',
  outputs: () => ({ out: { shape: [rows, columns], type: 'float32' } }),
  composite: () => {
    throw new Error('Not on a GPU.')
  },
  simd: () => {},
  shader: (_, traits) => productShader(plainProduct({ layout, rows, columns, depth, layers: 1 }), traits),
})

/** A product of normal numbers, the same in 64 bits, and Σ |left right|. */
async function product(layout: ProductLayout, sizes: Sizes) {
  const { rows, columns, depth } = sizes
  const [left, right] = [gaussians(1, rows * depth), gaussians(2, columns * depth)]
  const { out } = await runOn(
    machine!,
    (p) =>
      p.call(
        productKernel(layout, sizes),
        {
          left: p.input('left', layout === 'TN' ? [depth, rows] : [rows, depth]),
          right: p.input('right', layout === 'NT' ? [columns, depth] : [depth, columns]),
        },
        null,
      ),
    { left, right },
  )
  const leftAt = (row: number, k: number) => (layout === 'TN' ? left[k * rows + row] : left[row * depth + k])
  const rightAt = (k: number, column: number) =>
    layout === 'NT' ? right[column * depth + k] : right[k * columns + column]
  const size = [rows, columns, depth] as const
  return {
    out,
    expected: sums(size, leftAt, rightAt),
    magnitudes: sums(
      size,
      (row, k) => Math.abs(leftAt(row, k)),
      (k, column) => Math.abs(rightAt(k, column)),
    ),
  }
}

/** The bound that halved.ts states, for factors that float16 holds as normal numbers; what is smaller adds 2⁻²⁵ of the other. */
const boundOf = (depth: number, magnitude: number): number => {
  const u = 2 ** -11
  return ((1 + u) ** 2 * (1 + depth * 2 ** -23) - 1) * magnitude + depth * 5 * 2 ** -24
}

/** Of all numbers the largest share of its bound. */
const worst = (out: Float32Array, expected: Float64Array, magnitudes: Float64Array, depth: number): number =>
  expected.reduce(
    (most, number, place) =>
      Math.max(most, Math.abs(out[place] - number) / boundOf(depth, magnitudes[place])),
    0,
  )

const layouts = ['NN', 'NT', 'TN'] as const
const edges: Sizes = { rows: 37, columns: 29, depth: 19 }
const fours: Sizes = { rows: 36, columns: 40, depth: 44 }
const whole: Sizes = { rows: 64, columns: 32, depth: 32 }

/** A block of two units by one of them for each of two subgroups. */
const tileOf = ({ rows, columns, depth }: MatrixUnit): Tile => ({
  rows: 4 * rows,
  columns,
  depth: 2 * depth,
  rowsEach: 2 * rows,
  columnsEach: columns,
})
const numbersTile: Tile = { rows: 8, columns: 16, depth: 8, rowsEach: 4, columnsEach: 4 }
const plans = {
  numbers: (slices: number): ProductPlan => ({ tile: numbersTile, slices, halves: { kind: 'numbers' } }),
  matrices: (slices: number): ProductPlan => {
    const [unit] = offered.units
    return { tile: tileOf(unit), slices, halves: { kind: 'matrices', unit } }
  },
}

describe.each(['numbers', 'matrices'] as const)('products in float16, by %s', (kind) => {
  beforeEach(({ skip }) => {
    skip(!offered.numbers, noFloat16)
    skip(kind === 'matrices' && offered.units.length === 0, noMatrices)
    return () => {
      plan = null
    }
  })

  it.each(
    layouts.flatMap((layout) => [
      { layout, sizes: edges, slices: 1 },
      { layout, sizes: fours, slices: 3 },
      { layout, sizes: whole, slices: 1 },
    ]),
  )(
    'are within the stated bound of 64 bits: $layout, $sizes, $slices slices',
    async ({ layout, sizes, slices }) => {
      plan = plans[kind](slices)
      const { out, expected, magnitudes } = await product(layout, sizes)
      expect(worst(out, expected, magnitudes, sizes.depth)).toBeLessThan(1)
      expect(relativeError(out, expected)).toBeGreaterThan(1e-5) // they are rounded
      const again = await product(layout, sizes)
      expect(again.out).toEqual(out)
    },
  )

  it.each([
    ['float16', 36],
    ['float16', 18], // rows of whole words, not of whole fours
    ['int8', 36],
    ['nf4', 36],
  ] as const)(
    'read a weight kept as %s with %i inputs, and end as the plain product does',
    async (format, inSize) => {
      const [rows, outSize] = [21, 37]
      const inner = 9
      const segments = oddSegments
      const bLength = 45 + 13 * 6
      const [x, w, bias] = [
        gaussians(1, rows * inSize),
        gaussians(2, outSize * inSize),
        gaussians(3, outSize),
      ]
      const [u, b] = [gaussians(4, rows * inner), gaussians(5, bLength)]
      plan = plans[kind](1)
      const { y, pre } = await runOn(
        machine!,
        (p) => {
          const operands = {
            x: p.input('x', [rows, inSize]),
            weight: p.weight('w', [outSize, inSize], format),
            bias: p.weight('bias', [outSize]),
            u: p.input('u', [rows, inner]),
            b: p.input('b', [bLength]),
          }
          const { y, pre } = linear(p, operands, { scale: 2, segments, activation: 'gelu' })
          return { y, pre }
        },
        { x, w, bias, u, b },
      )

      const kept = keptAs(format, w, outSize, inSize)
      const factor = factorAt(b, segments)
      const size = [rows, outSize, inSize] as const
      const adapted = [rows, outSize, inner] as const
      const base = sums(
        size,
        (row, k) => x[row * inSize + k],
        (k, column) => kept[column * inSize + k],
      )
      const added = sums(
        adapted,
        (row, k) => u[row * inner + k],
        (k, column) => 2 * factor(column, k),
      )
      const magnitudes = sums(
        size,
        (row, k) => Math.abs(x[row * inSize + k]),
        (k, column) => Math.abs(kept[column * inSize + k]),
      )
      const addedMagnitudes = sums(
        adapted,
        (row, k) => Math.abs(u[row * inner + k]),
        (k, column) => Math.abs(2 * factor(column, k)),
      )
      const expected = base.map((number, place) => number + added[place] + bias[place % outSize])
      const all = magnitudes.map(
        (number, place) => number + addedMagnitudes[place] + Math.abs(bias[place % outSize]),
      )
      expect(worst(pre, expected, all, inSize + inner)).toBeLessThan(1)
      const gelu = (z: number) => 0.5 * z * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z ** 3)))
      for (const [place, number] of pre.entries()) expect(y[place]).toBeCloseTo(gelu(number), 4)
    },
  )

  it('take what is too large for float16 for the largest that it holds', async () => {
    plan = plans[kind](1)
    const { out } = await runOn(
      machine!,
      (p) =>
        p.call(
          productKernel('NT', { rows: 4, columns: 4, depth: 4 }),
          { left: p.input('left', [4, 4]), right: p.input('right', [4, 4]) },
          null,
        ),
      {
        left: Float32Array.from({ length: 16 }, (_, place) => (place === 0 ? 1e6 : 0)),
        right: new Float32Array(16).fill(-1),
      },
    )
    expect([...out.subarray(0, 5)]).toEqual([-65504, -65504, -65504, -65504, 0])
  })
})
