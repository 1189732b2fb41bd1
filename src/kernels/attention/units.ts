/**
 * WGSL that reads and writes heads where they lie among others in the rows of a matrix: `block` counts heads from the left.
 * A head is read in units, of four numbers where its width allows, else of one; rotation pairs units of its two halves.
 */
import { type Declaration, float, lanesOf } from '../wgsl/text'
import { blocksOf, type HeadShape } from './heads'

export interface Units {
  readonly type: 'vec4f' | 'f32'
  /** Units per head. */
  readonly count: number
  /** Whether each half of a head is rotated against the other. */
  readonly isRotated: boolean
  sum(unit: string): string
}

export function unitsOf({ headWidth }: HeadShape, isRotated: boolean): Units {
  const { type, sum } = lanesOf(isRotated ? headWidth / 2 : headWidth)
  return { type, count: type === 'vec4f' ? headWidth / 4 : headWidth, isRotated, sum }
}

/** The declaration of an operand made of heads, or of the rotation table. */
export const headOperand = (
  operand: string,
  { type }: Units,
  access: Declaration['access'] = 'read',
): Declaration => ({ operand, access, type })

export const ropeOperand = (units: Units): Declaration[] =>
  units.isRotated ? [headOperand('rope', units)] : []

/** `rotatedQkv(row, block, unit, position)` reads a unit of a query or key as it stands after rotation. */
export function rotatedQkv(shape: HeadShape, { type, count, isRotated }: Units): string {
  const half = count / 2
  return `
fn rotatedQkv(row: u32, block: u32, unit: u32, position: u32) -> ${type} {
  let head = row * ${blocksOf(shape) * count}u + block * ${count}u;
  ${
    isRotated
      ? `let angle = unit % ${half}u;
  let one = qkv[head + angle];
  let other = qkv[head + angle + ${half}u];
  let cosine = rope[position * ${count}u + angle];
  let sine = rope[position * ${count}u + angle + ${half}u];
  if (unit < ${half}u) { return one * cosine - other * sine; }
  return other * cosine + one * sine;`
      : 'return qkv[head + unit];'
  }
}
`
}

/** `name(sequence, block, position, quad)` reads four channels; zeros beyond the sequence and beyond the head. */
export function quadReader(name: string, { type, count }: Units, unit: string): string {
  return `
fn ${name}(sequence: u32, block: u32, position: u32, quad: u32) -> vec4f {
  if (position >= time || quad >= headQuads) { return vec4f(); }
  let row = sequence * time + position;
  ${
    type === 'vec4f'
      ? `let unit = quad;
  return ${unit};`
      : `var four = vec4f();
  for (var n = 0u; n < min(4u, ${count}u - 4u * quad); n++) {
    let unit = 4u * quad + n;
    four[n] = ${unit};
  }
  return four;`
  }
}
`
}

/** The unit of `quadReader`'s place in a matrix of `blocks` heads per row. */
export const unitOf = (operand: string, blocks: number, { count }: Units): string =>
  `${operand}[row * ${blocks * count}u + block * ${count}u + unit]`

/** `name(sequence, block, position, quad, four)`; writes nothing beyond the sequence and beyond the head. */
export function quadWriter(name: string, operand: string, blocks: number, units: Units): string {
  return `
fn ${name}(sequence: u32, block: u32, position: u32, quad: u32, four: vec4f) {
  if (position >= time || quad >= headQuads) { return; }
  let row = sequence * time + position;
  ${
    units.type === 'vec4f'
      ? `let unit = quad;
  ${unitOf(operand, blocks, units)} = four;`
      : `for (var n = 0u; n < min(4u, ${units.count}u - 4u * quad); n++) {
    let unit = 4u * quad + n;
    ${unitOf(operand, blocks, units)} = four[n];
  }`
  }
}
`
}

/**
 * Turns the gradients of a workgroup's rotated queries or keys, which it has just written to dQkv, back into gradients of
 * what was rotated. Both halves of a head are needed for that, and different invocations wrote them.
 */
export function rotateBack(
  block: string,
  firstPosition: string,
  positions: number,
  invocations: number,
  shape: HeadShape,
  { count, isRotated }: Units,
): string {
  if (!isRotated) return ''
  const half = count / 2
  return `
  storageBarrier();
  for (var n = local; n < ${positions * half}u; n += ${invocations}u) {
    let position = ${firstPosition} + n / ${half}u;
    if (position < time) {
      let angle = n % ${half}u;
      let head = (sequence * time + position) * ${blocksOf(shape) * count}u + ${block} * ${count}u;
      let one = dQkv[head + angle];
      let other = dQkv[head + angle + ${half}u];
      let cosine = rope[position * ${count}u + angle];
      let sine = rope[position * ${count}u + angle + ${half}u];
      dQkv[head + angle] = one * cosine + other * sine;
      dQkv[head + angle + ${half}u] = other * cosine - one * sine;
    }
  }`
}

/** 1 / sqrt(channels per head), as a literal. */
export const scaleText = ({ headWidth }: HeadShape): string => float(1 / Math.sqrt(headWidth))
