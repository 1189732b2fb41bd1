/**
 * What shaders of matrix products have in common, however a workgroup multiplies its tile (tileProduct.ts,
 * halves/matrixProduct.ts): bindings and entry point, which layer and which slice a workgroup has, how far it walks along the
 * summed axis, and what lies inside the output.
 */
import type { Binding, Dispatch, ProductPlan, Tile } from '../kernel'
import { type Extent, extent } from './matrix'
import type { Product } from './product'
import { declare } from './text'

/** A workgroup, as WGSL. */
export interface WorkgroupText {
  /** WGSL extensions that must be enabled. */
  readonly enables: readonly string[]
  /** Built-in values that `main` is given besides. */
  readonly builtins: readonly string[]
  /** Declarations of workgroup memory. */
  readonly memory: string
  readonly invocations: number
  /** Statements of `main`, which know `workgroup`, `local` and, where the sums are shared, `slice`. */
  readonly body: string
}

/** One dispatch over the tiles of a product, for each of its layers and slices. */
export function productDispatch(
  product: Product,
  { tile, slices, halves }: ProductPlan,
  { enables, builtins, memory, invocations, body }: WorkgroupText,
): Dispatch {
  const { layout, rows, columns, factors, operands, finish, layers } = product
  const texts = [...factors, ...operands]
  const declarations = texts.flatMap((operand) => operand.declarations)
  const layerCount = layers?.count ?? 1
  const given = builtins.map((name) => `, @builtin(${name}) ${name}: u32`).join('')
  return {
    code: `${enables.map((name) => `enable ${name};\n`).join('')}${declare(declarations)}${layers?.declarations ?? ''}${slices > 1 ? 'var<private> share: u32;\n' : ''}
${texts.map(({ functions }) => functions).join('')}${finish}
${memory}
@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) local: u32${given}) {
${layers ? `  let layer = workgroup.z % ${layerCount}u;\n${layers.choose}` : ''}
${slices > 1 ? `  let slice = workgroup.z / ${layerCount}u;\n  share = workgroup.z;` : ''}
${body}
}
`,
    bindings: declarations.map(({ operand, buffer, access }): Binding => ({ operand, buffer, access })),
    label: `${rows} x ${columns} over ${product.depth}, ${layout}, tiles ${tile.rows} x ${tile.columns}${halves ? `, halves as ${halves.kind}` : ''}${slices > 1 ? `, ${slices} slices` : ''}`,
    groups: [Math.ceil(columns / tile.columns), Math.ceil(rows / tile.rows), layerCount * slices],
  }
}

/** From where to where a workgroup walks along a term's summed axis, in steps of `step`. */
export function summedRange(
  depth: Extent,
  step: number,
  slices: number,
): { readonly from: string; readonly to: string } {
  if (slices === 1) return { from: '0u', to: extent(depth) }
  const all = slices * step
  const length =
    typeof depth === 'number'
      ? `${step * Math.ceil(depth / all)}u`
      : `(${depth} + ${all - 1}u) / ${all}u * ${step}u`
  return { from: `slice * ${length}`, to: `min(${extent(depth)}, (slice + 1u) * ${length})` }
}

/** The walk of a term, which only the first of several slices takes where the term is not the first. */
export const onlyOnce = (index: number, slices: number, text: string): string =>
  slices > 1 && index > 0 ? `  if (slice == 0u) {\n${text}\n  }` : text

/** Makes a call that happens only where `row` and `column` are inside the output. */
export function guardFor({ rows, columns, layers }: Product, tile: Tile): (call: string) => string {
  const inside = [
    ...(divides(tile.rows, layers?.rows ?? rows) ? [] : [`row < ${extent(layers?.rows ?? rows)}`]),
    ...(divides(tile.columns, layers?.columns ?? columns)
      ? []
      : [`column < ${extent(layers?.columns ?? columns)}`]),
  ].join(' && ')
  return (call) => (inside ? `if (${inside}) { ${call} }` : call)
}

export const each = <Result>(count: number, make: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_, index) => make(index))

export const indented = (lines: readonly string[], spaces: number): string =>
  lines.map((line) => `${' '.repeat(spaces)}${line}\n`).join('')

export const divides = (size: number, whole: Extent): boolean =>
  typeof whole === 'number' && whole % size === 0
