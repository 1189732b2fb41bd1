/**
 * A program: what a model computes, written down before anything is computed. Model code calls kernels on values that
 * hold no numbers yet, and each call adds one line to the program. Since all shapes are known then, the rest can be
 * planned once per shape: which value may take whose memory (arena.ts), how many dispatches a step costs, which pipelines
 * a GPU must compile. Machines (machines/) run programs: one on WebGPU, one on WebAssembly, one on any backend of tfjs.
 *
 * There is no automatic differentiation: a backward pass is written by hand, as lines like any other, so that what is
 * kept, recomputed or skipped stands in the text. Compare jax.jit, which obtains such a program by tracing.
 */
import type { Addresses, GpuTraits, Kernel, Shader, Simd, Tensors } from './kernel'
import {
  type NumberType,
  type Operands,
  partAlignment,
  rootOf,
  type Shape,
  type Source,
  type Spec,
  sizeOf,
  type Value,
  type WeightFormat,
} from './value'

export * from './value'

/** One line of a program: one kernel, with its attributes in its forms already. */
export interface Call {
  /** The kernel's name. */
  readonly kernel: string
  readonly inputs: Operands
  readonly outputs: Operands
  composite(inputs: Tensors<Operands>): Tensors<Operands>
  shader(gpu: GpuTraits): Shader
  simd(at: Addresses, module: Simd): void
}

export interface Program {
  readonly name: string
  /** Whether a row's bits must not depend on how many rows there are: machines then leave out what tuning would change. */
  readonly exact: boolean
  /** So many runs may be under way at once; whoever starts another waits. */
  readonly mostUnderWay: number
  readonly calls: readonly Call[]
  /** Inputs, states and weights that the calls mention, by name. */
  readonly inputs: ReadonlyMap<string, Value>
  readonly states: ReadonlyMap<string, Value>
  readonly weights: ReadonlyMap<string, Value>
  /** Computed values that may be read after a run. */
  readonly results: ReadonlyMap<string, Value>
}

/** Writes a program line by line. */
export class ProgramBuilder {
  readonly #calls: Call[] = []
  readonly #inputs = new Map<string, Value>()
  readonly #states = new Map<string, Value>()
  readonly #weights = new Map<string, Value>()
  readonly #results = new Map<string, Value>()
  #nextId = 0

  input(name: string, shape: Shape, type: NumberType = 'float32'): Value {
    return this.#named(this.#inputs, name, { shape, type }, { kind: 'input', name })
  }

  state(name: string, shape: Shape, type: NumberType = 'float32'): Value {
    return this.#named(this.#states, name, { shape, type }, { kind: 'state', name })
  }

  weight(name: string, shape: Shape, format: WeightFormat = 'float32'): Value {
    return this.#named(this.#weights, name, { shape, type: 'float32' }, { kind: 'weight', name, format })
  }

  /** Room that calls fill part by part (see `into` of `call`). */
  room(shape: Shape): Value {
    return this.#create({ shape, type: 'float32' }, { kind: 'computed' })
  }

  /** A piece of `of`. Throws where it does not lie inside, or begins where no binding may; weights are bound whole. */
  part(of: Value, offset: number, shape: Shape): Value {
    const size = sizeOf({ shape, type: of.type })
    if (offset < 0 || offset + size > sizeOf(of))
      throw new RangeError(`A part of ${size} numbers from ${offset} on does not fit into ${sizeOf(of)}.`)
    if (offset % partAlignment !== 0 && rootOf(of).root.source.kind !== 'weight')
      throw new RangeError(`A part cannot begin at number ${offset}: no multiple of ${partAlignment}.`)
    return this.#create({ shape, type: of.type }, { kind: 'part', of, offset })
  }

  /** Rows `from` up to, not including, `to` of a matrix. */
  rows(of: Value, from: number, to: number): Value {
    const columns = of.shape[1]
    return this.part(of, from * columns, [to - from, columns])
  }

  /**
   * Adds a line. `into` names values that outputs are written to instead of new ones; an output that the kernel computes
   * in place takes over the memory of that input, which must not be read afterwards under its old name.
   */
  call<Inputs extends Operands, Outputs extends Operands, Attributes>(
    kernel: Kernel<Inputs, Outputs, Attributes>,
    inputs: Inputs,
    attributes: Attributes,
    into: { readonly [Name in keyof Outputs]?: Value } = {},
  ): Outputs {
    const values: Record<string, Value | null> = {}
    for (const [name, spec] of Object.entries<Spec | null>(kernel.outputs(inputs, attributes))) {
      const replaced = kernel.inPlace?.[name] ? inputs[kernel.inPlace[name]] : null
      const source: Source = replaced ? { kind: 'part', of: replaced, offset: 0 } : { kind: 'computed' }
      values[name] = spec && (into[name] ?? this.#create(spec, source))
    }
    const outputs = values as Outputs // one for each of the kernel's specs
    const call = { inputs, outputs, attributes }
    this.#calls.push({
      kernel: kernel.name,
      inputs,
      outputs,
      composite: (tensors) => kernel.composite(tensors as Tensors<Inputs>, attributes), // one for each input
      shader: (gpu) => kernel.shader(call, gpu),
      simd: (at, module) => kernel.simd(call, at, module),
    })
    return outputs
  }

  /** Keeps a computed value to the end of the run, to be read under this name. */
  result(name: string, value: Value): void {
    this.#results.set(name, value)
  }

  build(
    name: string,
    { exact = false, mostUnderWay = 2 }: Partial<Pick<Program, 'exact' | 'mostUnderWay'>> = {},
  ): Program {
    return {
      name,
      exact,
      mostUnderWay,
      calls: this.#calls,
      inputs: this.#inputs,
      states: this.#states,
      weights: this.#weights,
      results: this.#results,
    }
  }

  #named(all: Map<string, Value>, name: string, spec: Spec, source: Source): Value {
    const known = all.get(name)
    if (known && known.shape.join() !== spec.shape.join())
      throw new RangeError(`"${name}" is [${known.shape}] already and cannot be [${spec.shape}] too.`)
    if (!known) all.set(name, this.#create(spec, source))
    return all.get(name)!
  }

  #create(spec: Spec, source: Source): Value {
    return { shape: spec.shape, type: spec.type, id: this.#nextId++, source }
  }
}
