import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Kernel, ProductLayout, ProductPlan, Tile } from '../kernel'
import { openGpu } from '../machines/gpu'
import { noGpu, openDawnAdapter, relativeError, runOn } from '../machines/testing'
import { openWebgpuMachine } from '../machines/webgpu'
import { gaussians, sums } from '../products/testing'
import type { Value } from '../program'
import { exactPlanner, plannerByRule, planWith, smallestTile, usualTile } from './plans'
import { productShader } from './productShader'
import { fits, workgroupOf } from './tiles'
import { plainProduct } from './trial'

interface Sizes {
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

/** Nothing but a product, with a plan of the test's choice. */
const productKernel = (
  layout: ProductLayout,
  plan: ProductPlan,
  { rows, columns, depth }: Sizes,
): Kernel<{ readonly left: Value; readonly right: Value }, { readonly out: Value }> => ({
  name: 'product',
  outputs: () => ({ out: { shape: [rows, columns], type: 'float32' } }),
  composite: ({ left, right }) => ({
    out: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D, layout === 'TN', layout === 'NT'),
  }),
  simd: () => {},
  shader: () =>
    productShader(plainProduct({ layout, rows, columns, depth, layers: 1 }), { planFor: () => plan }),
})

const adapter = await openDawnAdapter()
const machine = adapter && openWebgpuMachine(await openGpu(adapter, 'Dawn', () => plannerByRule))

async function product(layout: ProductLayout, plan: ProductPlan, { rows, columns, depth }: Sizes) {
  const [left, right] = [gaussians(1, rows * depth), gaussians(2, columns * depth)]
  const { out } = await runOn(
    machine!,
    (p) =>
      p.call(
        productKernel(layout, plan, { rows, columns, depth }),
        {
          left: p.input('left', layout === 'TN' ? [depth, rows] : [rows, depth]),
          right: p.input('right', layout === 'NT' ? [columns, depth] : [depth, columns]),
        },
        null,
      ),
    { left, right },
  )
  const expected = sums(
    [rows, columns, depth],
    (row, k) => (layout === 'TN' ? left[k * rows + row] : left[row * depth + k]),
    (k, column) => (layout === 'NT' ? right[column * depth + k] : right[k * columns + column]),
  )
  return { out, expected }
}

const small: Tile = { rows: 16, columns: 16, depth: 8, rowsEach: 8, columnsEach: 8 }
const wide: Tile = { rows: 8, columns: 48, depth: 16, rowsEach: 4, columnsEach: 8 }
const layouts = ['NN', 'NT', 'TN'] as const

describe('a product on a GPU', () => {
  beforeEach(({ skip }) => skip(!machine, noGpu))

  it.each([
    ['NN', small, { rows: 37, columns: 29, depth: 19 }],
    ['NT', small, { rows: 32, columns: 16, depth: 24 }],
    ['TN', small, { rows: 21, columns: 33, depth: 30 }],
    ['NN', wide, { rows: 16, columns: 96, depth: 32 }],
    ['NT', wide, { rows: 9, columns: 52, depth: 20 }],
    ['TN', wide, { rows: 20, columns: 40, depth: 36 }],
    ['NT', usualTile, { rows: 60, columns: 68, depth: 20 }],
  ] as const)('is right in layout %s, tile %o, sizes %o', async (layout, tile, sizes) => {
    const { out, expected } = await product(layout, { tile, slices: 1 }, sizes)
    expect(relativeError(out, expected)).toBeLessThan(1e-5)
  })

  it.each(
    layouts.flatMap((layout) =>
      [
        { slices: 2, depth: 64 }, // whole slices
        { slices: 3, depth: 61 }, // the last is shorter
        { slices: 5, depth: 33 }, // the last has nothing to add
      ].map((split) => ({ layout, ...split })),
    ),
  )('is right where $slices workgroups share sums of $depth ($layout)', async ({ layout, slices, depth }) => {
    for (const sizes of [
      { rows: 21, columns: 18, depth },
      { rows: 16, columns: 32, depth },
    ]) {
      const { out, expected } = await product(layout, { tile: small, slices }, sizes)
      expect(relativeError(out, expected)).toBeLessThan(1e-5)
    }
  })

  it('repeats bit for bit where sums are shared', async () => {
    const sizes = { rows: 20, columns: 12, depth: 200 }
    const one = await product('NN', { tile: small, slices: 7 }, sizes)
    const other = await product('NN', { tile: small, slices: 7 }, sizes)
    expect(other.out).toEqual(one.out)
  })
})

describe('the rule', () => {
  const planFor = (layout: ProductLayout, rows: number, columns: number, depth: number) =>
    plannerByRule.planFor({ layout, rows, columns, depth, layers: 1 })

  it('takes large tiles where there is enough work for them', () => {
    expect(planFor('NT', 1024, 2304, 768)).toEqual({ tile: usualTile, slices: 1 })
  })

  it('takes smaller ones where the output is small or skinny', () => {
    expect(planFor('NT', 128, 128, 128).tile.rows).toBe(16)
    expect(planFor('NT', 1024, 8, 768).tile.columns).toBe(16)
    expect(planFor('NN', 256, 768, 768).tile).toMatchObject({ rows: 32, columns: 32 })
  })

  it('splits long sums of few tiles, as the head’s gradient has them', () => {
    const { tile, slices } = planFor('NN', 128, 768, 50_257)
    expect(tile).toBe(usualTile)
    expect(slices).toBe(11) // 24 tiles
    expect(planFor('NN', 1024, 8, 2304).slices).toBe(4)
    expect(planFor('NT', 1024, 768, 768).slices).toBe(1)
  })

  it('keeps what is left in between below 32 MB', () => {
    const product = { layout: 'NN', rows: 1024, columns: 4096, depth: 100_000, layers: 1 } as const
    expect(planWith(usualTile, product, 1e6, 1).slices).toBe(2)
  })
})

describe('an exact plan', () => {
  it('does not depend on the number of rows', () => {
    for (const rows of [1, 16, 64, 4096])
      expect(
        exactPlanner.planFor({ layout: 'NT', rows, columns: 50_304, depth: 100_000, layers: 1 }),
      ).toEqual({ tile: smallestTile, slices: 1 })
  })
})

describe('a tile', () => {
  it('with few sums is worked on by several teams', () => {
    expect(workgroupOf(smallestTile, 'NN')).toMatchObject({ members: 16, teams: 8, invocations: 128 })
    expect(workgroupOf(usualTile, 'NN')).toMatchObject({ members: 256, teams: 1 })
  })

  it('fits into what every WebGPU device has', () => {
    const limits = { maxWorkgroupStorageBytes: 16384, maxInvocations: 256 }
    for (const layout of layouts) {
      expect(fits(smallestTile, layout, limits)).toBe(true)
      expect(fits(usualTile, layout, limits)).toBe(true)
    }
    expect(fits({ ...small, rowsEach: 3 }, 'NN', limits)).toBe(false)
    expect(fits({ ...small, rows: 1024, columns: 1024 }, 'NN', limits)).toBe(false)
  })
})
