import * as tf from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Kernel, ProductLayout, Tile } from '../kernel'
import { openGpu } from '../machines/gpu'
import { noGpu, openDawnAdapter, relativeError, runOn } from '../machines/testing'
import { openWebgpuMachine } from '../machines/webgpu'
import { gaussians, sums } from '../products/testing'
import type { Value } from '../program'
import { defaultTiles } from './autotune'
import { dense, matrix } from './matrix'
import { productShader } from './product'
import { exactTiles, fits, tileFor, workgroupOf } from './tiles'

interface Sizes {
  readonly rows: number
  readonly columns: number
  readonly depth: number
}

/** Nothing but a product, with a tile of the test's choice. */
const productKernel = (
  layout: ProductLayout,
  tile: Tile,
  { rows, columns, depth }: Sizes,
): Kernel<{ readonly left: Value; readonly right: Value }, { readonly out: Value }> => ({
  name: 'product',
  outputs: () => ({ out: { shape: [rows, columns], type: 'float32' } }),
  composite: ({ left, right }) => ({
    out: tf.matMul(left as tf.Tensor2D, right as tf.Tensor2D, layout === 'TN', layout === 'NT'),
  }),
  simd: () => {},
  shader: ({ inputs, outputs }) =>
    productShader({
      layout,
      tile,
      rows,
      columns,
      terms: [{ left: 'left', right: 'right', depth }],
      operands: [
        matrix('left', 'read', { left: dense(inputs.left) }),
        matrix('right', 'read', { right: dense(inputs.right) }),
        matrix('out', 'write', { out: dense(outputs.out) }),
      ],
      finish: 'fn finish(row: u32, column: u32, product: vec4f) { writeOut(row, column, product); }',
    }),
})

const adapter = await openDawnAdapter()
const machine = adapter && openWebgpuMachine(await openGpu(adapter, 'Dawn', async () => defaultTiles))

async function productError(
  layout: ProductLayout,
  tile: Tile,
  { rows, columns, depth }: Sizes,
): Promise<number> {
  const [left, right] = [gaussians(1, rows * depth), gaussians(2, columns * depth)]
  const { out } = await runOn(
    machine!,
    (p) => ({
      out: p.call(
        productKernel(layout, tile, { rows, columns, depth }),
        {
          left: p.input('left', layout === 'TN' ? [depth, rows] : [rows, depth]),
          right: p.input('right', layout === 'NT' ? [columns, depth] : [depth, columns]),
        },
        null,
      ).out,
    }),
    { left, right },
  )
  const expected = sums(
    [rows, columns, depth],
    (row, k) => (layout === 'TN' ? left[k * rows + row] : left[row * depth + k]),
    (k, column) => (layout === 'NT' ? right[column * depth + k] : right[k * columns + column]),
  )
  return relativeError(out, expected)
}

const small: Tile = { rows: 16, columns: 16, depth: 8, rowsEach: 8, columnsEach: 8 }
const wide: Tile = { rows: 8, columns: 48, depth: 16, rowsEach: 4, columnsEach: 8 }

describe('a product on a GPU', () => {
  beforeEach(({ skip }) => skip(!machine, noGpu))

  it.each([
    ['NN', small, { rows: 37, columns: 29, depth: 19 }],
    ['NT', small, { rows: 32, columns: 16, depth: 24 }],
    ['TN', small, { rows: 21, columns: 33, depth: 30 }],
    ['NN', wide, { rows: 16, columns: 96, depth: 32 }],
    ['NT', wide, { rows: 9, columns: 52, depth: 20 }],
    ['TN', wide, { rows: 20, columns: 40, depth: 36 }],
    ['NT', defaultTiles.NT, { rows: 60, columns: 68, depth: 20 }],
  ] as const)('is right in layout %s, tile %o, sizes %o', async (layout, tile, sizes) => {
    expect(await productError(layout, tile, sizes)).toBeLessThan(1e-5)
  })
})

describe('a tile', () => {
  const traits = { name: 'test', tiles: defaultTiles, maxWorkgroupStorageBytes: 16384, maxInvocations: 256 }

  it('is the best one where there is enough work for it', () => {
    expect(tileFor(traits, 'NT', 1024, 2304)).toBe(defaultTiles.NT)
  })

  it('is smaller where the output is small or skinny', () => {
    expect(tileFor(traits, 'NT', 128, 128).rows).toBe(16)
    expect(tileFor(traits, 'NT', 1024, 8).columns).toBe(16)
    expect(tileFor(traits, 'NN', 256, 768)).toMatchObject({ rows: 32, columns: 32 })
  })

  it('that is exact does not depend on the number of rows', () => {
    for (const rows of [1, 16, 64, 4096])
      expect(tileFor({ ...traits, tiles: exactTiles }, 'NT', rows, 50304)).toBe(exactTiles.NT)
  })

  it('with few sums is worked on by several teams', () => {
    expect(workgroupOf(exactTiles.NN, 'NN')).toMatchObject({ members: 16, teams: 8, invocations: 128 })
    expect(workgroupOf(defaultTiles.NN, 'NN')).toMatchObject({ members: 256, teams: 1 })
  })

  it('fits into what every WebGPU device has', () => {
    for (const layout of ['NN', 'NT', 'TN'] as const) {
      expect(fits(exactTiles[layout], layout, traits)).toBe(true)
      expect(fits(defaultTiles[layout], layout, traits)).toBe(true)
    }
    expect(fits({ ...small, rowsEach: 3 }, 'NN', traits)).toBe(false)
    expect(fits({ ...small, rows: 1024, columns: 1024 }, 'NN', traits)).toBe(false)
  })
})
