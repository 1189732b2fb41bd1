/**
 * The dispatch of a matrix product (product.ts): each workgroup computes one tile of the output. It walks along the summed axis in slices: all invocations copy a slice of both
 * operands into workgroup memory, then each adds to the block of sums that it keeps in registers. Whatever the layout, a
 * slice lies there with its rows or columns side by side; an operand whose summed axis is contiguous is read four by four
 * and turned on the way. So all layouts share one inner loop, and all memory is read along its contiguous axis.
 *
 * Sums run along the summed axis in ascending order, within each team (tiles.ts), and teams are added in order: results
 * repeat bit for bit. Where too few tiles would keep a GPU busy, several workgroups share one, each with a slice of the
 * first term's summed axis (split.ts). Source: the classic of Volkov and Demmel, "Benchmarking GPUs to tune dense linear algebra", SC 2008.
 */
import type { Dispatch, ProductLayout, ProductPlan, Tile } from '../kernel'
import { halfReader } from './halves/halved'
import { type Extent, extent, reader } from './matrix'
import type { Product, Term } from './product'
import { divides, each, guardFor, indented, onlyOnce, productDispatch, summedRange } from './productText'
import { stridesOf, type Workgroup, workgroupOf } from './tiles'

/** What factors are in workgroup memory, and how they are read there and back. */
interface Factors {
  readonly four: string
  readonly block: string
  readonly read: (operand: string) => string
  /** Four of them as 32-bit numbers. */
  readonly widened: (four: string) => string
}

const singles: Factors = { four: 'vec4f', block: 'mat4x4f', read: reader, widened: (four) => four }
const halves: Factors = {
  four: 'vec4h',
  block: 'mat4x4h',
  read: halfReader,
  widened: (four) => `vec4f(${four})`,
}

/** With `slices` the workgroups of one tile each take a slice of the first term; WGSL knows theirs as `share`. */
export function tileProduct(product: Product, plan: ProductPlan): Dispatch {
  const isHalved = plan.halves !== undefined
  const workgroup = workgroupOf(plan.tile, product.layout, isHalved)
  const factors = isHalved ? halves : singles
  return productDispatch(product, plan, {
    enables: isHalved ? ['f16'] : [],
    builtins: [],
    memory: `var<workgroup> tiles: array<${factors.four}, ${workgroup.elements}>;\n`,
    invocations: workgroup.invocations,
    body: body(product, plan, workgroup, factors),
  })
}

function body(
  product: Product,
  { tile, slices }: ProductPlan,
  workgroup: Workgroup,
  factors: Factors,
): string {
  const { layout, terms, layers } = product
  const { members, teams } = workgroup
  const rows = layers?.rows ?? product.rows
  const columns = layers?.columns ?? product.columns
  const guard = guardFor(product, tile)
  const across = tile.columns / tile.columnsEach
  const walk = (term: Term, slices: number): string =>
    termText(term, layout, tile, { rows, columns, slices, workgroup, factors })
  const sums = each(tile.rowsEach, (row) => each(tile.columnsEach / 4, (four) => `sum${row}_${four}`)).flat()
  return `  let firstRow = workgroup.y * ${tile.rows}u;
  let firstColumn = workgroup.x * ${tile.columns}u;
  let member = local % ${members}u;
  let team = local / ${members}u;
  let down = member / ${across}u;
  let across = member % ${across}u;
${sums.map((sum) => `  var ${sum} = vec4f();\n`).join('')}
${terms.map((term, index) => onlyOnce(index, slices, walk(term, index === 0 ? slices : 1))).join('\n')}
${(teams === 1 ? finishEach : finishTogether)(sums, tile, workgroup, guard)}`
}

/** Of the output, how many workgroups share the term's sums, and who they are. */
interface Bounds {
  readonly rows: Extent
  readonly columns: Extent
  readonly slices: number
  readonly workgroup: Workgroup
  readonly factors: Factors
}

/** Walks along a term's summed axis, or along the workgroup's slice of it. */
function termText(
  { left, right, depth }: Term,
  layout: ProductLayout,
  tile: Tile,
  { rows, columns, slices, workgroup: { teams, invocations }, factors }: Bounds,
): string {
  const strides = stridesOf(tile, layout)
  const apart = { left: tile.rows / tile.rowsEach, right: tile.columns / tile.columnsEach }
  const copying = { depth, slice: tile.depth, invocations, factors }
  const leftSide: Side = {
    operand: left,
    start: 'firstRow',
    size: tile.rows,
    limit: rows,
    begin: 0,
    stride: strides.left,
  }
  const rightSide: Side = {
    operand: right,
    start: 'firstColumn',
    size: tile.columns,
    limit: columns,
    begin: tile.depth * strides.left,
    stride: strides.right,
  }
  const lefts = each(
    tile.rowsEach / 4,
    (four) =>
      `let left${four} = ${factors.widened(`tiles[d * ${strides.left}u + down + ${four * apart.left}u]`)};`,
  )
  const rights = each(
    tile.columnsEach / 4,
    (four) =>
      `let right${four} = ${factors.widened(`tiles[${rightSide.begin}u + d * ${strides.right}u + across + ${four * apart.right}u]`)};`,
  )
  const additions = each(tile.rowsEach, (row) =>
    each(
      tile.columnsEach / 4,
      (four) => `sum${row}_${four} += left${Math.floor(row / 4)}[${row % 4}] * right${four};`,
    ),
  ).flat()
  const { from, to } = summedRange(depth, tile.depth, slices)
  return `  for (var k = ${from}; k < ${to}; k += ${tile.depth}u) {
${(layout === 'TN' ? copyRows : copyTurned)(leftSide, copying)}
${(layout === 'NT' ? copyTurned : copyRows)(rightSide, copying)}
    workgroupBarrier();
    for (var step = 0u; step < ${tile.depth}u; step += ${teams}u) {
      let d = step + team;
${indented([...lefts, ...rights, ...additions], 6)}    }
    workgroupBarrier();
  }`
}

/** One operand of a tile: where its slice begins, in memory and in workgroup memory. */
interface Side {
  readonly operand: string
  readonly start: string
  readonly size: number
  readonly limit: Extent
  readonly begin: number
  readonly stride: number
}

interface Copying {
  readonly depth: Extent
  readonly slice: number
  readonly invocations: number
  readonly factors: Factors
}

/** Copies a slice of an operand whose rows or columns are contiguous: [summed, side by side]. */
const copyRows = (
  { operand, start, size, begin, stride }: Side,
  { depth, slice, invocations, factors }: Copying,
): string => {
  const read = `${factors.read(operand)}(k + d, ${start} + 4u * place)`
  const four = divides(slice, depth)
    ? `let four = ${read};`
    : `var four = ${factors.four}(); if (k + d < ${extent(depth)}) { four = ${read}; }`
  return `    for (var index = local; index < ${(slice * size) / 4}u; index += ${invocations}u) {
      let d = index / ${size / 4}u;
      let place = index % ${size / 4}u;
      ${four}
      tiles[${begin}u + d * ${stride}u + place] = four;
    }`
}

/**
 * Copies a slice of an operand whose summed axis is contiguous, in blocks of four by four. Rows beyond the last are read as
 * the last; nobody writes what becomes of them.
 */
const copyTurned = (
  { operand, start, size, limit, begin, stride }: Side,
  { depth, slice, invocations, factors }: Copying,
): string => {
  const line = (index: number): string => {
    const beyond = `${start} + 4u * place + ${index}u`
    const inside = divides(size, limit) ? beyond : `min(${beyond}, ${extent(limit)} - 1u)`
    return `${factors.read(operand)}(${inside}, k + d)`
  }
  const turned = `transpose(${factors.block}(${each(4, line).join(', ')}))`
  const block = divides(slice, depth)
    ? `let block = ${turned};`
    : `var block = ${factors.block}(); if (k + d < ${extent(depth)}) { block = ${turned}; }`
  return `    for (var index = local; index < ${(slice * size) / 16}u; index += ${invocations}u) {
      let d = 4u * (index % ${slice / 4}u);
      let place = index / ${slice / 4}u;
      ${block}
${indented(
  each(4, (index) => `tiles[${begin}u + (d + ${index}u) * ${stride}u + place] = block[${index}];`),
  6,
)}    }`
}

type Finishing = (
  sums: readonly string[],
  tile: Tile,
  workgroup: Workgroup,
  guard: (call: string) => string,
) => string

/** Every invocation finishes its own sums. Its rows stand in fours, and these as far apart as there are invocations. */
const finishEach: Finishing = (sums, { rows, rowsEach, columns, columnsEach }, _, guard) =>
  sums
    .map((sum, index) => {
      const row = Math.floor(index / (columnsEach / 4))
      const four = index % (columnsEach / 4)
      return `  {
    let row = firstRow + 4u * down + ${4 * (rows / rowsEach) * Math.floor(row / 4) + (row % 4)}u;
    let column = firstColumn + 4u * across + ${4 * (columns / columnsEach) * four}u;
    ${guard(`finish(row, column, ${sum});`)}
  }`
    })
    .join('\n')

/** The teams' sums are laid side by side, then all invocations add and finish some of them, team after team. */
const finishTogether: Finishing = (sums, tile, { members, invocations }, guard) => {
  const { rows, rowsEach, columns, columnsEach } = tile
  const across = columns / columnsEach
  return `${indented(
    sums.map((sum, index) => `tiles[${index * invocations}u + local] = ${sum};`),
    2,
  )}  workgroupBarrier();
  for (var place = local; place < ${sums.length * members}u; place += ${invocations}u) {
    let member = place % ${members}u;
    let begin = place / ${members}u * ${invocations}u + member;
    var sum = vec4f();
    for (var other = 0u; other < ${invocations}u; other += ${members}u) { sum += tiles[begin + other]; }
    let rowEach = place / ${(members * columnsEach) / 4}u;
    let fourEach = place / ${members}u % ${columnsEach / 4}u;
    let row = firstRow + 4u * (member / ${across}u) + rowEach / 4u * ${(4 * rows) / rowsEach}u + rowEach % 4u;
    let column = firstColumn + 4u * (member % ${across}u) + fourEach * ${4 * across}u;
    ${guard('finish(row, column, sum);')}
  }`
}
