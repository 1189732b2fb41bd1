/**
 * What a kernel is: one operation in three forms that agree. `composite` says in tfjs operations what is meant; it is the
 * reference in tests and runs wherever nothing faster does. `shader` is the same as one WebGPU dispatch. `simd` calls the
 * same as a function of our WebAssembly module (simd/). A kernel's gradient is another kernel, or several.
 *
 * Each kernel file exports the kernel and a function that adds its line to a program: `linear(program, …)`. Types name what
 * it reads, what it leaves and what is fixed when the program is written.
 */
import type * as tf from '@tensorflow/tfjs-core'
import type { Simd } from './simd/functions'
import type { Operands, Spec, Value } from './value'

export type { Simd } from './simd/functions'

export interface Kernel<Inputs extends Operands, Outputs extends Operands, Attributes = null> {
  readonly name: string
  /** The outputs' shapes; null where the attributes ask for none. Throws a `RangeError` on shapes that do not fit. */
  outputs(inputs: Inputs, attributes: Attributes): Specs<Outputs>
  /** Output name to input name: the output is written over the input. */
  readonly inPlace?: { readonly [Name in keyof Outputs]?: keyof Inputs }
  /** Pure: new tensors, inputs untouched, also where the other forms write in place. Called inside `tf.tidy`. */
  composite(inputs: Tensors<Inputs>, attributes: Attributes): Tensors<Outputs>
  shader(call: KernelCall<Inputs, Outputs, Attributes>, gpu: GpuTraits): Shader
  simd(call: KernelCall<Inputs, Outputs, Attributes>, at: Addresses, module: Simd): void
}

/** What a value of each name will be: null where there may be none. */
export type Specs<Outputs extends Operands> = {
  readonly [Name in keyof Outputs]: Spec | Extract<Outputs[Name], null>
}

/** The numbers behind operands of the same names. */
export type Tensors<Named extends Operands> = {
  readonly [Name in keyof Named]: tf.Tensor | Extract<Named[Name], null | undefined>
}

/** A line of a program as its kernel sees it. */
export interface KernelCall<Inputs extends Operands, Outputs extends Operands, Attributes> {
  readonly inputs: Inputs
  readonly outputs: Outputs
  readonly attributes: Attributes
}

/** One dispatch: WGSL with everything baked in that is known, so that equal text means an equal pipeline. */
export interface Dispatch {
  /** What the line's kernel does here in numbers, for whoever profiles it. */
  readonly label?: string
  /** Complete module; entry point `main`; operands at `@group(0) @binding(index)` in the order of `bindings`. */
  readonly code: string
  readonly bindings: readonly Binding[]
  /** Workgroups, each count at most 65535 (see `spread` in wgsl/text.ts). */
  readonly groups: readonly [number, number, number]
}

/** What a line of a program is on a GPU: one dispatch, or two where a long sum is split among workgroups. */
export interface Shader extends Dispatch {
  readonly split?: {
    /** Room for what the workgroups leave, the binding `partials` of both dispatches. Nobody else needs it. */
    readonly partialBytes: number
    /** Adds up what they have left, always in the same order. */
    readonly combination: Dispatch
  }
}

/**
 * The operand behind a binding. A weight kept as int8 or nf4 has two buffers: its packed words and, as `scales`, its
 * scales. An input that is overwritten is bound once, under the name of the output. `partials` belong to no operand.
 */
export interface Binding {
  readonly operand: string
  readonly buffer?: 'words' | 'scales' | 'partials'
  readonly access: 'read' | 'read_write'
}

/** What of a GPU decides how shaders are written. */
export interface GpuTraits {
  /** The device's name, for caches. */
  readonly name: string
  /** How a matrix product is cut on this device: what was found to be fastest, or what a rule says. */
  planFor(product: ProductSize): ProductPlan
  readonly maxWorkgroupStorageBytes: number
  readonly maxInvocations: number
}

/** Which sides of a product have their summed axis contiguous: `NT` is X Wᵀ, `NN` X W, `TN` Xᵀ W. */
export type ProductLayout = 'NN' | 'NT' | 'TN'

/** What decides how a product is cut; of several products in one dispatch the largest of each side. */
export interface ProductSize {
  readonly layout: ProductLayout
  /** Of the output. */
  readonly rows: number
  readonly columns: number
  /** How many products each sum has. */
  readonly depth: number
  /** Products in one dispatch. */
  readonly layers: number
  /** Whether its factors may be rounded to float16 (wgsl/halves/). */
  readonly mayRound?: boolean
}

export interface ProductPlan {
  readonly tile: Tile
  /** Workgroups that share the sums of one tile, each over a range of the summed axis. */
  readonly slices: number
  /** How factors are multiplied that are rounded to float16 first. None where they are not. */
  readonly halves?: Halves
}

/** Sums have 32 bits always. */
export type Halves =
  /** One by one, as others are. */
  | { readonly kind: 'numbers' }
  /** Small matrices of them, by all invocations of a subgroup together. */
  | { readonly kind: 'matrices'; readonly unit: MatrixUnit }

/** What a subgroup multiplies at once: [rows, depth] times [depth, columns]. */
export interface MatrixUnit {
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Invocations of a subgroup. */
  readonly subgroup: number
}

export interface Tile {
  /** Rows and columns of the output per workgroup, and the length of a slice of the summed axis. */
  readonly rows: number
  readonly columns: number
  readonly depth: number
  /** Rows and columns per invocation; per subgroup where that multiplies matrices. */
  readonly rowsEach: number
  readonly columnsEach: number
}

/** Byte addresses in the module's memory; 0 for an operand that is not there. */
export interface Addresses {
  (operand: Value | null | undefined): number
  /**
   * Room for a function's own use while it runs, as its last argument. Where threads share a call each has room of its own, so this
   * address means nothing to anybody else.
   */
  scratch(bytes: number): number
  /** Room for numbers that one function of this line leaves for the next. Asking again may give the same room. */
  between(bytes: number): number
}
