/**
 * Matrices as shaders read and write them: four neighbouring columns of a row at a time. Where everything is a multiple
 * of four these are one `vec4f`; where not, four numbers, of which those beyond the last column read as zeros and are not
 * written. Frozen weights, which may be packed, are read by weights.ts under the same function names.
 */
import { rootOf, type Value } from '../program'
import type { Declaration } from './text'

/** What a shader declares for an operand: its bindings, and functions on them. */
export interface OperandText {
  readonly declarations: readonly Declaration[]
  readonly functions: string
  /** The same for a shader that computes with float16: its functions give a `vec4h` (halves/halved.ts). */
  readonly halves?: Pick<OperandText, 'declarations' | 'functions'>
}

/** Where a matrix lies in a buffer: number (row, column) is at `base + row · stride + column`. */
export interface Layout {
  readonly base: Extent
  readonly stride: Extent
  readonly columns: Extent
  /** Whether all of these are multiples of four. Those that are expressions must tell; of numbers it is known. */
  readonly aligned?: boolean
}

/** A size that is known when the shader is written, or an expression of type u32. */
export type Extent = number | string

export const extent = (value: Extent): string => (typeof value === 'number' ? `${value}u` : value)

/** `read` and the operand's name: `readWeight`. */
export const reader = (operand: string): string => `read${capitalised(operand)}`
export const writer = (operand: string): string => `write${capitalised(operand)}`

/** A matrix [rows, columns] without gaps. The numbers of a weight are addressed from its root's first on. */
export function dense(value: Value, columns = value.shape.at(-1)!): Layout {
  const { root, offset } = rootOf(value)
  return { base: root.source.kind === 'weight' ? offset : 0, stride: columns, columns }
}

/**
 * Columns of a wider matrix. Where its rows are padded to fours, whole fours are read and written, also those that end beyond
 * the last column: whatever stands there must be a number, and may be overwritten.
 */
export function columnsFrom(base: number, stride: number, columns: number): Layout {
  const isPadded = base % 4 === 0 && stride % 4 === 0 && base + 4 * Math.ceil(columns / 4) <= stride
  return isPadded ? { base, stride, columns, aligned: true } : { base, stride, columns }
}

const isAligned = ({ base, stride, columns, aligned }: Layout): boolean =>
  aligned ?? [base, stride, columns].every((value) => typeof value === 'number' && value % 4 === 0)

/**
 * An operand of 32-bit numbers with its functions: `readX(row, column) -> vec4f`, and unless only read,
 * `writeX(row, column, four)`. Several `views` of one buffer have functions by their own names.
 */
export function matrix(
  operand: string,
  access: 'read' | 'write' | 'read_write',
  views: Readonly<Record<string, Layout>>,
): OperandText {
  const aligned = Object.values(views).every(isAligned)
  const functions = Object.entries(views).map(([name, layout]) =>
    [
      access === 'write' ? '' : readFunction(name, operand, layout, aligned),
      access === 'read' ? '' : writeFunction(name, operand, layout, aligned),
    ].join(''),
  )
  return {
    declarations: [
      { operand, access: access === 'read' ? 'read' : 'read_write', type: aligned ? 'vec4f' : 'f32' },
    ],
    functions: functions.join(''),
  }
}

const readFunction = (name: string, operand: string, layout: Layout, aligned: boolean): string => `
fn ${reader(name)}(row: u32, column: u32) -> vec4f {
  let place = ${place(layout)};
  ${
    aligned
      ? `return ${operand}[place / 4u];`
      : `let numbers = vec4f(${[0, 1, 2, 3].map((step) => `${operand}[place + ${step}u]`).join(', ')});
  return select(vec4f(), numbers, column + vec4u(0u, 1u, 2u, 3u) < vec4u(${extent(layout.columns)}));`
  }
}
`

const writeFunction = (name: string, operand: string, layout: Layout, aligned: boolean): string => `
fn ${writer(name)}(row: u32, column: u32, four: vec4f) {
  let place = ${place(layout)};
  ${
    aligned
      ? `${operand}[place / 4u] = four;`
      : [0, 1, 2, 3]
          .map(
            (step) =>
              `if (column + ${step}u < ${extent(layout.columns)}) { ${operand}[place + ${step}u] = four[${step}]; }`,
          )
          .join('\n  ')
  }
}
`

const place = ({ base, stride }: Layout): string =>
  `${base === 0 ? '' : `${extent(base)} + `}row * ${extent(stride)} + column`

const capitalised = (name: string): string => name[0].toUpperCase() + name.slice(1)
