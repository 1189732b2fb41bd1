/**
 * WGSL that attention's kernels over whole sequences share. A workgroup of 64 invocations, 8 rows of 8, keeps 32 positions
 * of one head to itself and walks over the others 32 at a time. Products of such tiles run over slices of 32 channels, so
 * that three tiles of 32 x 32 numbers are nearly all the workgroup memory there is, however wide a head.
 *
 * What an invocation holds are 4 x 4 matrices. Its lines are `row`, `row + 8`, `row + 16`, `row + 24`, and their partners
 * `column`, `column + 8`, …, so that neighbours read different banks of memory. Scores have a column for each line and in
 * it the four partners; sums over partners have a column for each line and in it four neighbouring channels.
 */
import { constants } from '../wgsl/text'
import type { AttentionShape } from './heads'

/** Positions per tile. */
export const tileSide = 32
export const tileInvocations = 64

export const tilesOf = ({ time }: AttentionShape): number => Math.ceil(time / tileSide)
const slicesOf = ({ headWidth }: AttentionShape): number => Math.ceil(headWidth / tileSide)

/** Quads per line of a tile: eight, and one more so that lines begin at different banks. */
const lineQuads = 9

/** Stands for a score that nobody may see; WGSL has no infinity. */
export const unseen = '-1e30'

const each = (text: (n: number) => string, separator: string): string =>
  [0, 1, 2, 3].map(text).join(separator)

/** A statement for each of an invocation's four lines. */
export const eachLine = (statement: (line: number) => string): string => each(statement, '\n')

/** A vec4f of one number for each of an invocation's four lines. */
export const ofLines = (value: (line: number) => string): string => `vec4f(${each(value, ', ')})`

const tile = (name: string): string => `
var<workgroup> ${name}: array<vec4f, ${tileSide * lineQuads}>;
fn ${name}At(line: u32, quad: u32) -> mat4x4f {
  let at = ${lineQuads}u * line + quad;
  return mat4x4f(${each((n) => `${name}[at + ${8 * n * lineQuads}u]`, ', ')});
}
fn ${name}Put(line: u32, quad: u32, columns: mat4x4f) {
  let at = ${lineQuads}u * line + quad;
  ${each((n) => `${name}[at + ${8 * n * lineQuads}u] = columns[${n}];`, ' ')}
}
`

const acrossRow = (name: string, combined: string): string => `
fn ${name}(value: vec4f, row: u32, local: u32) -> vec4f {
  shares[local] = value;
  workgroupBarrier();
  var one = shares[8u * row];
  for (var column = 1u; column < 8u; column++) {
    let other = shares[8u * row + column];
    one = ${combined};
  }
  workgroupBarrier(); // before the next use writes over it
  return one;
}
`

/**
 * Constants, the tiles `left`, `right` and `factors`, and `largestOfRow` and `sumOfRow`, which combine what the eight
 * invocations of a row have found for their four lines.
 */
export const tileFunctions = (shape: AttentionShape): string => `
${constants({ time: shape.time, heads: shape.heads, headQuads: Math.ceil(shape.headWidth / 4) })}
${tile('left')}${tile('right')}${tile('factors')}
var<workgroup> shares: array<vec4f, ${tileInvocations}>;
${acrossRow('largestOfRow', 'max(one, other)')}${acrossRow('sumOfRow', 'one + other')}`

/** Reads four channels of a line: an expression of a line of the tile and a quad of the head. */
export type QuadText = (line: string, quad: string) => string

const load = (tiles: Readonly<Record<string, QuadText>>): string => `
  for (var n = local; n < ${tileSide * 8}u; n += ${tileInvocations}u) {
    let line = n / 8u;
    let quad = n % 8u;
    ${Object.entries(tiles)
      .map(([name, quads]) => `${name}[${lineQuads}u * line + quad] = ${quads('line', 'firstQuad + quad')};`)
      .join('\n    ')}
  }
  workgroupBarrier();`

/** Makes the matrix `name` of the products of each line with each partner. */
export const products = (name: string, lines: QuadText, partners: QuadText): string => `
var ${name} = mat4x4f();
for (var firstQuad = 0u; firstQuad < headQuads; firstQuad += 8u) {
  ${load({ left: lines, right: partners })}
  for (var quad = 0u; quad < min(8u, headQuads - firstQuad); quad++) {
    ${name} += transpose(rightAt(column, quad)) * leftAt(row, quad);
  }
  workgroupBarrier();
}`

/** Declares the sums that `addPartners` adds to: a matrix for each slice of the head. */
export const declareSums = (name: string, shape: AttentionShape): string =>
  eachSlice(shape, (slice) => `var ${name}${slice} = mat4x4f();`)

/** Adds to each line's sums the partners' channels times the factors in tile `factors`, put there by its row and column. */
export const addPartners = (
  name: string,
  factors: string,
  partners: QuadText,
  shape: AttentionShape,
): string =>
  eachSlice(
    shape,
    (slice) => `{
  let firstQuad = ${8 * slice}u;
  ${load({ right: partners })}
  for (var quad = 0u; quad < 8u; quad++) {
    ${name}${slice} += rightAt(quad, column) * ${factors}At(row, quad);
  }
  workgroupBarrier();
}`,
  )

/** A statement for each slice of 32 channels. */
export const eachSlice = (shape: AttentionShape, statement: (slice: number) => string): string =>
  Array.from({ length: slicesOf(shape) }, (_, slice) => statement(slice)).join('\n')

/** Writes each line's sums by `writer` (units.ts); `finished` says what becomes of a line's four channels. */
export const writeSums = (
  name: string,
  writer: string,
  block: string,
  firstPosition: string,
  shape: AttentionShape,
  finished: (four: string, line: number) => string = (four) => four,
): string =>
  eachSlice(shape, (slice) =>
    eachLine(
      (line) =>
        `${writer}(sequence, ${block}, ${firstPosition} + row + ${8 * line}u, ${8 * slice}u + column, ` +
        `${finished(`${name}${slice}[${line}]`, line)});`,
    ),
  )
