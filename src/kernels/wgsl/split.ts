/**
 * A product whose sums are shared: several workgroups compute a tile, each over a slice of the first term's summed axis,
 * and leave their sums in `partials`, [slice, layer, row, fours of columns]. A second dispatch adds the slices in ascending
 * order, so that results repeat bit for bit, and finishes as the product wants. Other terms, which are short, belong to
 * slice 0. Source: "split-K" of NVIDIA's CUTLASS, without its atomics.
 */
import type { Dispatch, ProductSize } from '../kernel'
import { extent } from './matrix'
import { partialBytes } from './plans'
import type { Product } from './product'
import { type Declaration, declare, elementGroups, elementwise } from './text'

const binding = { operand: 'partials', buffer: 'partials', type: 'vec4f' } as const

export interface SplitProduct {
  /** The product as its workgroups compute it. */
  readonly share: Product
  readonly partialBytes: number
  readonly combination: Dispatch
}

export function splitProduct(product: Product, size: ProductSize, slices: number): SplitProduct {
  const quads = Math.ceil(size.columns / 4)
  const operand = { declarations: [{ ...binding, access: 'read_write' as const }], functions: '' }
  const finish = `
fn finish(row: u32, column: u32, product: vec4f) {
  partials[(share * ${size.rows}u + row) * ${quads}u + column / 4u] = product;
}
`
  return {
    share: { ...product, operands: [operand], finish },
    partialBytes: partialBytes(size, slices),
    combination: combinationOf(product, size, slices),
  }
}

/** Every invocation adds up and finishes four neighbours. */
function combinationOf({ operands, finish, layers }: Product, size: ProductSize, slices: number): Dispatch {
  const quads = Math.ceil(size.columns / 4)
  const perLayer = size.rows * quads
  const count = size.layers * perLayer
  const bindings: readonly Declaration[] = [
    { ...binding, access: 'read' },
    ...operands.flatMap(({ declarations }) => declarations),
  ]
  const code = `${declare(bindings)}${layers?.declarations ?? ''}
${operands.map(({ functions }) => functions).join('')}${finish}
${elementwise(
  count,
  `  let layer = index / ${perLayer}u;
  let row = index % ${perLayer}u / ${quads}u;
  let column = 4u * (index % ${quads}u);
${layers ? `${layers.choose}  if (row >= ${extent(layers.rows)} || column >= ${extent(layers.columns)}) { return; }` : ''}
  var sum = partials[index];
  for (var slice = 1u; slice < ${slices}u; slice++) { sum += partials[slice * ${count}u + index]; }
  finish(row, column, sum);`,
)}`
  return { code, bindings, groups: elementGroups(count), label: `adding ${slices} slices` }
}
