/**
 * A matrix product by subgroup matrices: the invocations of a subgroup hold small matrices together, and one instruction
 * multiplies two of them (tensor cores, simdgroup matrices). Factors are float16 (halved.ts), sums float32. A workgroup has a tile of
 * the output, and each of its subgroups a block of the tile. All invocations copy a slice of both operands into workgroup memory, as it lies
 * in memory; which way round it is then read the load of a matrix says. At the end each subgroup lays one of its sums after the
 * other out in a patch of memory, from where its invocations finish four neighbours each: bias, activation and residual are
 * the plain product's own (tileProduct.ts).
 *
 * Sums run along the summed axis in ascending order, from unit to unit; inside a unit the device chooses, always in the same
 * way. Nothing of this is used before it was tried on the device and found right (trial.ts).
 * Source: the draft "Subgroup Matrix" of the WebGPU specification, github.com/gpuweb/gpuweb/blob/main/proposals/subgroup-matrix.md;
 * before it VK_KHR_cooperative_matrix.
 */
import type { Dispatch, MatrixUnit, ProductLayout, Tile } from '../../kernel'
import { type Extent, extent } from '../matrix'
import type { Product, Term } from '../product'
import { divides, each, guardFor, indented, onlyOnce, productDispatch, summedRange } from '../productText'
import { halfReader } from './halved'

/** How a workgroup of this tile is made up. */
export interface MatrixWorkgroup {
  readonly invocations: number
  /** Of workgroup memory. */
  readonly bytes: number
}

/** Subgroups beside each other in a tile. */
const acrossOf = ({ columns, columnsEach }: Tile): number => columns / columnsEach

const subgroupsOf = (tile: Tile): number => (tile.rows / tile.rowsEach) * acrossOf(tile)

export function matrixWorkgroup(tile: Tile, layout: ProductLayout, unit: MatrixUnit): MatrixWorkgroup {
  const { left, right, patches } = memoryOf(tile, layout, unit)
  return { invocations: subgroupsOf(tile) * unit.subgroup, bytes: 2 * (left.size + right.size) + 4 * patches }
}

/** Whether blocks are made of whole units, of whole fours of columns, and a tile of whole blocks. */
export const isWhole = ({ rows, columns, depth, rowsEach, columnsEach }: Tile, unit: MatrixUnit): boolean =>
  unit.columns % 4 === 0 &&
  rowsEach % unit.rows === 0 &&
  columnsEach % unit.columns === 0 &&
  depth % unit.depth === 0 &&
  rows % rowsEach === 0 &&
  columns % columnsEach === 0

/** A slice of an operand in workgroup memory: lines of contiguous halves. */
interface Held {
  /** Whether a line runs along the summed axis. */
  readonly isAlong: boolean
  readonly lines: number
  readonly width: number
  readonly stride: number
  /** Halves in all. */
  readonly size: number
}

/** Eight halves more than a line needs, against bank conflicts: 16 bytes, of which a stride must be a multiple. */
const padding = 8

function held(side: number, depth: number, isAlong: boolean): Held {
  const [lines, width] = isAlong ? [side, depth] : [depth, side]
  const stride = width + padding
  return { isAlong, lines, width, stride, size: lines * stride }
}

const memoryOf = (tile: Tile, layout: ProductLayout, unit: MatrixUnit) => ({
  left: held(tile.rows, tile.depth, layout !== 'TN'),
  right: held(tile.columns, tile.depth, layout === 'NT'),
  /** Numbers: one unit of the output for each subgroup. */
  patches: subgroupsOf(tile) * unit.rows * unit.columns,
})

/** `product` has functions that give halves (halved.ts); of `tile` the block of a subgroup is `rowsEach` x `columnsEach`. */
export function matrixProduct(product: Product, tile: Tile, slices: number, unit: MatrixUnit): Dispatch {
  const { left, right, patches } = memoryOf(tile, product.layout, unit)
  return productDispatch(
    product,
    { tile, slices, halves: { kind: 'matrices', unit } },
    {
      enables: ['f16', 'subgroups', 'chromium_experimental_subgroup_matrix'],
      builtins: ['subgroup_id', 'subgroup_invocation_id'],
      memory: `var<workgroup> lefts: array<f16, ${left.size}>;
var<workgroup> rights: array<f16, ${right.size}>;
var<workgroup> patches: array<f32, ${patches}>;
`,
      invocations: subgroupsOf(tile) * unit.subgroup,
      body: body(product, tile, slices, unit),
    },
  )
}

function body(product: Product, tile: Tile, slices: number, unit: MatrixUnit): string {
  const across = acrossOf(tile)
  const sums = sumsOf(tile, unit)
  const walks = product.terms.map((term, index) =>
    onlyOnce(index, slices, walk(term, product, tile, index === 0 ? slices : 1, unit)),
  )
  return `  let firstRow = workgroup.y * ${tile.rows}u;
  let firstColumn = workgroup.x * ${tile.columns}u;
  let blockRow = subgroup_id / ${across}u * ${tile.rowsEach}u;
  let blockColumn = subgroup_id % ${across}u * ${tile.columnsEach}u;
${indented(
  sums.map(({ name }) => `var ${name} = subgroup_matrix_result<f32, ${unit.columns}, ${unit.rows}>();`),
  2,
)}${walks.join('\n')}
${sums.map((sum) => finishing(sum, guardFor(product, tile), unit)).join('\n')}`
}

/** One unit of a subgroup's sums, and where it begins in the block. */
interface Sum {
  readonly name: string
  readonly row: number
  readonly column: number
}

const sumsOf = ({ rowsEach, columnsEach }: Tile, { rows, columns }: MatrixUnit): Sum[] =>
  each(rowsEach / rows, (down) =>
    each(columnsEach / columns, (over) => ({
      name: `sum${down}_${over}`,
      row: down * rows,
      column: over * columns,
    })),
  ).flat()

/** Walks along a term's summed axis, or along the workgroup's slice of it. */
function walk(
  { left, right, depth }: Term,
  { layout, rows, columns, layers }: Product,
  tile: Tile,
  slices: number,
  unit: MatrixUnit,
): string {
  const { from, to } = summedRange(depth, tile.depth, slices)
  const memory = memoryOf(tile, layout, unit)
  const invocations = subgroupsOf(tile) * unit.subgroup
  const lefts = each(
    tile.rowsEach / unit.rows,
    (down) =>
      `let left${down} = ${load('left', 'lefts', [unit.depth, unit.rows], `blockRow + ${down * unit.rows}u`, memory.left)};`,
  )
  const rights = each(
    tile.columnsEach / unit.columns,
    (over) =>
      `let right${over} = ${load('right', 'rights', [unit.columns, unit.depth], `blockColumn + ${over * unit.columns}u`, memory.right)};`,
  )
  const additions = sumsOf(tile, unit).map(
    ({ name, row, column }) =>
      `${name} = subgroupMatrixMultiplyAccumulate(left${row / unit.rows}, right${column / unit.columns}, ${name});`,
  )
  const leftLimit = layers?.rows ?? rows
  const rightLimit = layers?.columns ?? columns
  return `  for (var k = ${from}; k < ${to}; k += ${tile.depth}u) {
${copy('lefts', left, 'firstRow', leftLimit, memory.left, { depth, invocations })}
${copy('rights', right, 'firstColumn', rightLimit, memory.right, { depth, invocations })}
    workgroupBarrier();
    for (var d = 0u; d < ${tile.depth}u; d += ${unit.depth}u) {
${indented([...lefts, ...rights, ...additions], 6)}    }
    workgroupBarrier();
  }`
}

/** A unit of an operand, from `side` on beside the summed axis and from `d` on along it. */
function load(
  kind: 'left' | 'right',
  memory: string,
  [columns, rows]: readonly [number, number],
  side: string,
  { isAlong, stride }: Held,
): string {
  const begin = isAlong ? `(${side}) * ${stride}u + d` : `d * ${stride}u + ${side}`
  const order = isAlong === (kind === 'left') ? 'row_major' : 'col_major'
  return `subgroupMatrixLoad<subgroup_matrix_${kind}<f16, ${columns}, ${rows}>, ${order}>(&${memory}, ${begin}, ${stride}u)`
}

/**
 * Copies a slice of an operand as it lies. Beyond the last of the summed axis stand zeros; lines beyond the last row or column
 * of the output are read as the last, and nobody writes what becomes of them.
 */
function copy(
  memory: string,
  operand: string,
  start: string,
  limit: Extent,
  { isAlong, lines, width, stride }: Held,
  { depth, invocations }: { readonly depth: Extent; readonly invocations: number },
): string {
  const beside = isAlong ? `${start} + line` : `${start} + place`
  const along = isAlong ? 'k + place' : 'k + line'
  const inside = !isAlong || divides(lines, limit) ? beside : `min(${beside}, ${extent(limit)} - 1u)`
  const read = `${halfReader(operand)}(${isAlong ? `${inside}, ${along}` : `${along}, ${inside}`})`
  const four = divides(isAlong ? width : lines, depth)
    ? `let four = ${read};`
    : `var four = vec4h(); if (${along} < ${extent(depth)}) { four = ${read}; }`
  return `    for (var index = local; index < ${(lines * width) / 4}u; index += ${invocations}u) {
      let line = index / ${width / 4}u;
      let place = 4u * (index % ${width / 4}u);
      ${four}
${indented(
  each(4, (index) => `${memory}[line * ${stride}u + place + ${index}u] = four[${index}];`),
  6,
)}    }`
}

/** A subgroup's sum goes through its patch to whoever finishes it. */
function finishing({ name, row, column }: Sum, guard: (call: string) => string, unit: MatrixUnit): string {
  const size = unit.rows * unit.columns
  const quads = unit.columns / 4
  return `  {
    let begin = subgroup_id * ${size}u;
    subgroupMatrixStore<row_major>(&patches, begin, ${name}, ${unit.columns}u);
    workgroupBarrier();
    for (var index = subgroup_invocation_id; index < ${size / 4}u; index += ${unit.subgroup}u) {
      let place = begin + 4u * index;
      let row = firstRow + blockRow + ${row}u + index / ${quads}u;
      let column = firstColumn + blockColumn + ${column}u + 4u * (index % ${quads}u);
      let four = vec4f(${each(4, (index) => `patches[place + ${index}u]`).join(', ')});
      ${guard('finish(row, column, four);')}
    }
    workgroupBarrier();
  }`
}
