/**
 * A value of a program: a name for numbers that exist when it runs, with their shape, and where they come from.
 */
export type Shape = readonly number[]
export type NumberType = 'float32' | 'int32'

/** How the numbers of a frozen matrix are kept. Everything that is computed is float32. */
export type WeightFormat = 'float32' | 'float16' | 'int8' | 'nf4'

export interface Spec {
  readonly shape: Shape
  readonly type: NumberType
}

/** Where a value's numbers come from. */
export type Source =
  /** Handed in before each run. */
  | { readonly kind: 'input'; readonly name: string }
  /** Kept from run to run: parameters, moments, a cache. Programs of one session share states by name. */
  | { readonly kind: 'state'; readonly name: string }
  /** Frozen, uploaded once, shared by all programs of a model. */
  | { readonly kind: 'weight'; readonly name: string; readonly format: WeightFormat }
  /** Computed in this run and forgotten after its last use. */
  | { readonly kind: 'computed' }
  /** A contiguous piece of another value, from `offset` numbers on. Reading and writing it is reading and writing that. */
  | { readonly kind: 'part'; readonly of: Value; readonly offset: number }

export interface Value extends Spec {
  readonly id: number
  readonly source: Source
}

export type Operands = Readonly<Record<string, Value | null | undefined>>

/** Parts begin at multiples of this many numbers: 256 bytes, what WebGPU asks of a binding's offset. */
export const partAlignment = 64

export const sizeOfShape = (shape: Shape): number => shape.reduce((product, side) => product * side, 1)

export const sizeOf = ({ shape }: Spec): number => sizeOfShape(shape)

/** The value whose memory a part lies in, and where it begins there, in numbers. */
export function rootOf(value: Value): { readonly root: Value; readonly offset: number } {
  if (value.source.kind !== 'part') return { root: value, offset: 0 }
  const { root, offset } = rootOf(value.source.of)
  return { root, offset: offset + value.source.offset }
}
