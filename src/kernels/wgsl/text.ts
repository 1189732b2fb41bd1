/**
 * Small pieces of WGSL text that our shaders share. A shader is a template string: what is known when a program is
 * compiled, shapes above all, is baked in as constants, so that compilers unroll loops and drop branches. These functions
 * write the parts that would otherwise be copied: bindings, constants, the entry point, sums over a workgroup.
 * Source: the WGSL specification, w3.org/TR/WGSL.
 */
import type { Binding } from '../kernel'

/** A binding and the type of its elements, such as `f32` or `vec4f`. */
export interface Declaration extends Binding {
  readonly type: string
}

/** `@group(0) @binding(0) var<storage, read> x: array<f32>;` for each; the scales of `weight` are called `weightScales`. */
export const declare = (declarations: readonly Declaration[]): string =>
  declarations
    .map(({ operand, buffer, access, type }, index) => {
      const variable = buffer === 'scales' ? `${operand}Scales` : operand
      return `@group(0) @binding(${index}) var<storage, ${access}> ${variable}: array<${type}>;\n`
    })
    .join('')

/** `const width = 768u;` for each. Numbers become u32; text stands as it is (see `float`). */
export const constants = (values: Readonly<Record<string, number | string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `const ${name} = ${typeof value === 'number' ? `${value}u` : value};\n`)
    .join('')

/** A number as a WGSL f32 literal. Throws on NaN and infinities, which WGSL does not have. */
export function float(value: number): string {
  const rounded = Math.fround(value)
  if (!Number.isFinite(rounded)) throw new RangeError(`${value} is no number that WGSL could write.`)
  return rounded < 0 ? `(${rounded}f)` : `${rounded}f`
}

/** How rows of a given width are read: four numbers at once where that divides the width. */
export interface Lanes {
  readonly type: 'vec4f' | 'f32'
  /** Elements of that type per row. */
  readonly count: number
  /** The sum of an element's numbers, as an expression. */
  sum(element: string): string
}

export const lanesOf = (width: number): Lanes =>
  width % 4 === 0
    ? { type: 'vec4f', count: width / 4, sum: (element) => `dot(${element}, vec4f(1.0))` }
    : { type: 'f32', count: width, sum: (element) => element }

const mostPerDimension = 65535

/** Counts of workgroups per dimension, each allowed by WebGPU, that give at least `count`, with little left over. */
export function spread(count: number): [number, number, number] {
  const rows = Math.ceil(count / mostPerDimension)
  if (rows > mostPerDimension)
    throw new RangeError(`${count} workgroups are more than one dispatch may have.`)
  return [Math.ceil(count / rows), rows, 1]
}

/**
 * The entry point for `spread(count)` workgroups. In `body`, `group` is the workgroup's index below `count`, and `local`
 * the invocation's within the workgroup. Both may decide where barriers stand: `group` is uniform.
 */
export function main(invocations: number, count: number, body: string): string {
  const [x, y] = spread(count)
  return `
@compute @workgroup_size(${invocations})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) local: u32) {
  let group = workgroup.x${y > 1 ? ` + ${x}u * workgroup.y` : ''};
  ${x * y > count ? `if (group >= ${count}u) { return; }` : ''}
${body}
}
`
}

const elementsPerGroup = 256

/** Workgroups for `elementwise`. */
export const elementGroups = (count: number): [number, number, number] =>
  spread(Math.ceil(count / elementsPerGroup))

/** The entry point where every invocation computes one element; in `body` its `index`, below `count`. */
export const elementwise = (count: number, body: string): string =>
  main(
    elementsPerGroup,
    Math.ceil(count / elementsPerGroup),
    `  let index = ${elementsPerGroup}u * group + local;
  if (index >= ${count}u) { return; }
${body}`,
  )

/**
 * A function `name(value, local)` that combines one value of each invocation of a workgroup and gives all of them the
 * result: a tree, so always in the same order. All invocations must call it. `combined` is an expression of `one` and
 * `other`; `invocations` is a power of two. Takes workgroup memory of `invocations` values.
 */
export const reduction = (name: string, type: string, invocations: number, combined: string): string => `
var<workgroup> ${name}Values: array<${type}, ${invocations}>;
fn ${name}(value: ${type}, local: u32) -> ${type} {
  ${name}Values[local] = value;
  workgroupBarrier();
  for (var half = ${invocations / 2}u; half > 0u; half /= 2u) {
    if (local < half) {
      let one = ${name}Values[local];
      let other = ${name}Values[local + half];
      ${name}Values[local] = ${combined};
    }
    workgroupBarrier();
  }
  let result = ${name}Values[0];
  workgroupBarrier(); // before the next use writes over it
  return result;
}
`

const linear = 2 * Math.sqrt(2 / Math.PI)
const cubic = linear * 0.044715

/**
 * `gelu` and `silu` with their derivatives `geluSlope` and `siluSlope`, on f32 or vec4f. GELU is the tanh form of GPT-2;
 * since 1 + tanh(z) = 2 sigmoid(2z), it is x sigmoid(x s(x)) with s(x) = 2 sqrt(2/π) (1 + 0.044715 x²).
 * Source: Hendrycks and Gimpel, arXiv 1606.08415; SiLU: Elfwing et al., arXiv 1702.03118.
 */
export const activations = (type: 'f32' | 'vec4f'): string => `
fn sigmoid(x: ${type}) -> ${type} {
  return 1.0 / (1.0 + exp(-max(x, ${type}(-80.0)))); // WGSL has no infinity to fall back on
}
fn gelu(x: ${type}) -> ${type} {
  return x * sigmoid(x * (${float(linear)} + ${float(cubic)} * x * x));
}
fn geluSlope(x: ${type}) -> ${type} {
  let gate = sigmoid(x * (${float(linear)} + ${float(cubic)} * x * x));
  return gate + gate * (1.0 - gate) * x * (${float(linear)} + ${float(3 * cubic)} * x * x);
}
fn silu(x: ${type}) -> ${type} {
  return x * sigmoid(x);
}
fn siluSlope(x: ${type}) -> ${type} {
  let gate = sigmoid(x);
  return gate + gate * (1.0 - gate) * x;
}
`
