/**
 * How a matrix product is cut: into which tiles, and whether several workgroups share the sums of a tile. Large tiles read
 * less memory per multiplication, but a GPU is idle where a product has too few of them; then the summed axis is cut as
 * well, each workgroup adds up a slice of it, and a second dispatch adds the slices in ascending order (split.ts). Which
 * plan is best differs between GPUs: autotune.ts finds out by trying. This file has the rule for those who do not try.
 *
 * Exact plans are the smallest tile, never split: a row's numbers then do not depend on how many rows there are, so that
 * a token's logits are the same, bit for bit, decoded alone or verified among others.
 */
import type { GpuTraits, ProductPlan, ProductSize, Tile } from '../kernel'
import type { Program } from '../program'

/** Decides how products are cut on one device. */
export interface Planner {
  planFor(product: ProductSize): ProductPlan
  /** Called before these products are compiled: whoever can finds better plans than the rule's. */
  prepare(products: readonly ProductSize[]): Promise<void>
}

export const usualTile: Tile = { rows: 64, columns: 64, depth: 16, rowsEach: 4, columnsEach: 4 }
export const mediumTile: Tile = { rows: 32, columns: 32, depth: 32, rowsEach: 4, columnsEach: 4 }
export const smallestTile: Tile = { rows: 16, columns: 16, depth: 64, rowsEach: 4, columnsEach: 4 }

export const exactPlanner: Planner = {
  planFor: () => ({ tile: smallestTile, slices: 1 }),
  prepare: async () => {},
}

export const plannerByRule: Planner = {
  planFor(product) {
    const tile = ruledTile(product)
    const isBusy = 2 * tilesOf(tile, product) >= enoughGroups && product.depth <= longSum
    return isBusy ? { tile, slices: 1 } : planWith(tile, product)
  },
  prepare: async () => {},
}

/** Workgroups that keep a GPU busy. Half of them are left alone, unless each would add up more terms than this. */
const enoughGroups = 256
const longSum = 4096

/** The largest of three tiles that the output is no smaller than, and that make enough work for a small GPU. */
function ruledTile(product: ProductSize): Tile {
  const suits = (tile: Tile): boolean =>
    tile.rows <= product.rows &&
    tile.columns <= product.columns &&
    tilesOf(tile, product) * Math.max(1, Math.floor(product.depth / longSlice)) >= fewGroups
  return [usualTile, mediumTile].find(suits) ?? smallestTile
}

/** Workgroups that keep a small GPU busy. */
const fewGroups = 64
/** Slices that surely are worth passing their sums on. */
const longSlice = 512
/** Of partial sums. */
const mostPartialBytes = 2 ** 25

/** A tile with as many slices as bring the product to `groups` workgroups, or as its depth allows. */
export function planWith(
  tile: Tile,
  product: ProductSize,
  groups = enoughGroups,
  shortestSlice = longSlice,
): ProductPlan {
  const wanted = Math.ceil(groups / tilesOf(tile, product))
  const most = Math.min(product.depth / shortestSlice, mostPartialBytes / partialBytes(product, 1))
  return { tile, slices: Math.max(1, Math.min(wanted, Math.floor(most))) }
}

/** What the workgroups leave where the summed axis is cut: four neighbouring columns together, whole fours. */
export const partialBytes = ({ layers, rows, columns }: ProductSize, slices: number): number =>
  16 * slices * layers * rows * Math.ceil(columns / 4)

/** Workgroups without a split. */
export const tilesOf = ({ rows, columns }: Tile, product: ProductSize): number =>
  product.layers * Math.ceil(product.rows / rows) * Math.ceil(product.columns / columns)

/** The products of a program: those that its kernels ask plans for. */
export function productsOf(program: Program, traits: GpuTraits): ProductSize[] {
  const products: ProductSize[] = []
  const listening: GpuTraits = {
    ...traits,
    planFor(product) {
      products.push(product)
      return traits.planFor(product)
    },
  }
  for (const call of program.calls) call.shader(listening)
  return products
}
