/**
 * Programs on any backend of tfjs, by the kernels' composites. Every value is a tensor, created by its call and disposed
 * of after its last use. Parts of a value that are written one by one stay tensors of their own until somebody reads the
 * whole; parts that are read are slices. Weights are kept unpacked, but with the numbers that packing would leave, so that
 * results are those of a GPU that keeps them packed.
 */
import * as tf from '@tensorflow/tfjs-core'
import { activate, type Backend } from '../activate'
import { planArena } from '../arena'
import type { Tensors } from '../kernel'
import { type Rows, unpackRows } from '../packing'
import { type Call, type Operands, type Program, rootOf, sizeOf, sizeOfShape, type Value } from '../program'
import type { Inputs, Machine, Runnable, Session, WeightRoom, Weights } from './machine'

/** What a 32-bit memory holds; plain JavaScript gets no further either. */
const mostBytes = 2 ** 32

/** The backend must have been started. */
export function openTfjsMachine(backend: Backend, device: string): Machine {
  const kind = backend === 'cpu' ? 'cpu' : 'wasm'
  return {
    backend,
    device,
    room: { kind, maxBytes: mostBytes },
    bytesHeld() {
      activate(backend)
      return tf.memory().numBytes
    },
    openWeights: () => new TensorWeights(backend),
    openSession: (weights) => new TensorSession(backend, weights as TensorWeights),
  }
}

/** A weight that is being written. */
interface Arriving extends WeightRoom {
  readonly numbers: Float32Array
  missingRows: number
}

class TensorWeights implements Weights {
  readonly tensors = new Map<string, tf.Tensor>()
  readonly #arriving = new Map<string, Arriving>()
  readonly #backend: Backend

  constructor(backend: Backend) {
    this.#backend = backend
  }

  get bytes(): number {
    return [...this.tensors.values()].reduce((sum, { size }) => sum + 4 * size, 0)
  }

  async reserve(rooms: readonly WeightRoom[]): Promise<void> {
    for (const room of rooms) {
      const numbers = new Float32Array(sizeOfShape(room.shape))
      this.#arriving.set(room.name, { ...room, numbers, missingRows: room.shape[0] })
    }
  }

  /** A tensor is made when the last row is there. */
  async write(name: string, firstRow: number, rows: Rows): Promise<void> {
    const weight = this.#arriving.get(name)!
    const columns = weight.shape[1] ?? 1
    const numbers = unpackRows(rows, columns, weight.format)
    weight.numbers.set(numbers, firstRow * columns)
    weight.missingRows -= numbers.length / columns
    if (weight.missingRows > 0) return
    this.#arriving.delete(name)
    activate(this.#backend)
    this.tensors.get(name)?.dispose()
    this.tensors.set(name, tf.tensor(weight.numbers, [...weight.shape]))
  }

  dispose(): void {
    tf.dispose([...this.tensors.values()])
    this.tensors.clear()
    this.#arriving.clear()
  }
}

class TensorSession implements Session {
  readonly states = new Map<string, tf.Tensor>()
  readonly #runnables: TensorRunnable[] = []
  readonly #backend: Backend
  readonly #weights: TensorWeights

  constructor(backend: Backend, weights: TensorWeights) {
    this.#backend = backend
    this.#weights = weights
  }

  async compile(program: Program): Promise<Runnable> {
    activate(this.#backend)
    for (const [name, { shape, type }] of program.states)
      if (!this.states.has(name)) this.states.set(name, tf.zeros([...shape], type))
    const runnable = new TensorRunnable(this.#backend, program, this.#weights.tensors, this.states)
    this.#runnables.push(runnable)
    return runnable
  }

  write(state: string, data: Float32Array | Int32Array): void {
    activate(this.#backend)
    const old = this.states.get(state)
    this.states.set(state, tf.tensor(data, old?.shape ?? [data.length]))
    old?.dispose()
  }

  async read(state: string): Promise<Float32Array> {
    return (await this.states.get(state)!.data()).slice() as Float32Array
  }

  dispose(): void {
    for (const runnable of this.#runnables) runnable.forget()
    tf.dispose([...this.states.values()])
    this.states.clear()
  }
}

/** A piece of a value that was written before the whole. */
interface Piece {
  readonly offset: number
  readonly tensor: tf.Tensor
}

class TensorRunnable implements Runnable {
  readonly #backend: Backend
  readonly #program: Program
  readonly #lastUses: readonly (readonly number[])[]
  readonly #weights: ReadonlyMap<string, tf.Tensor>
  readonly #states: Map<string, tf.Tensor>
  /** Inputs and computed values, by the ids of root values. */
  readonly #whole = new Map<number, tf.Tensor>()
  readonly #pieces = new Map<number, Piece[]>()

  constructor(
    backend: Backend,
    program: Program,
    weights: ReadonlyMap<string, tf.Tensor>,
    states: Map<string, tf.Tensor>,
  ) {
    this.#backend = backend
    this.#program = program
    this.#weights = weights
    this.#states = states
    this.#lastUses = planArena(program).lastUses
  }

  async run(inputs: Inputs, wanted: readonly string[] = []): Promise<Record<string, Float32Array>> {
    activate(this.#backend)
    this.forget()
    for (const [name, { id, shape, type }] of this.#program.inputs)
      this.#whole.set(id, tf.tensor(inputs[name], [...shape], type))
    this.#program.calls.forEach((call, index) => {
      this.#evaluate(call)
      for (const id of this.#lastUses[index]) this.#release(id)
    })
    const tensors = wanted.map((name) => tf.tidy(() => this.#find(this.#program.results.get(name)!).clone()))
    const read: Record<string, Float32Array> = {}
    for (const [index, name] of wanted.entries()) {
      read[name] = (await tensors[index].data()).slice() as Float32Array
      tensors[index].dispose()
    }
    return read
  }

  /** Disposes of everything that the last run left. */
  forget(): void {
    for (const id of [...this.#whole.keys(), ...this.#pieces.keys()]) this.#release(id)
  }

  #evaluate({ composite, inputs, outputs }: Call): void {
    const computed: [Value, tf.Tensor][] = []
    tf.tidy(() => {
      const made = composite(this.#tensorsOf(inputs))
      for (const [name, value] of Object.entries(outputs))
        if (value) computed.push([value, tf.keep(tf.reshape(made[name]!, [...value.shape]))])
    })
    for (const [value, tensor] of computed) this.#put(value, tensor)
  }

  #tensorsOf(operands: Operands): Tensors<Operands> {
    return Object.fromEntries(
      Object.entries(operands).map(([name, value]) => [name, value ? this.#find(value) : null]),
    )
  }

  #find(value: Value): tf.Tensor {
    const { root, offset } = rootOf(value)
    const size = sizeOf(value)
    const exact = this.#pieces
      .get(root.id)
      ?.find((piece) => piece.offset === offset && piece.tensor.size === size)
    if (exact) return tf.reshape(exact.tensor, [...value.shape])
    const whole = this.#findRoot(root)
    if (size === sizeOf(root)) return tf.reshape(whole, [...value.shape])
    return tf.reshape(tf.slice1d(tf.reshape(whole, [-1]), offset, size), [...value.shape])
  }

  #findRoot(root: Value): tf.Tensor {
    const pieces = this.#pieces.get(root.id)
    if (pieces) return tf.reshape(joinPieces(pieces, sizeOf(root)), [...root.shape])
    const { source } = root
    if (source.kind === 'weight') return this.#weights.get(source.name)!
    if (source.kind === 'state') return this.#states.get(source.name)!
    return this.#whole.get(root.id) ?? tf.zeros([...root.shape]) // room that nobody has written yet
  }

  #put(value: Value, tensor: tf.Tensor): void {
    const { root, offset } = rootOf(value)
    if (tensor.size < sizeOf(root)) {
      const pieces = this.#pieces.get(root.id) ?? []
      pieces.find((piece) => piece.offset === offset)?.tensor.dispose()
      this.#pieces.set(root.id, [...pieces.filter((piece) => piece.offset !== offset), { offset, tensor }])
      return
    }
    const whole = tf.tidy(() => tf.reshape(tensor, [...root.shape]))
    tensor.dispose()
    this.#release(root.id) // its pieces are overwritten
    const holder: Map<unknown, tf.Tensor> = root.source.kind === 'state' ? this.#states : this.#whole
    const key = root.source.kind === 'state' ? root.source.name : root.id
    holder.get(key)?.dispose()
    holder.set(key, whole)
  }

  #release(id: number): void {
    this.#whole.get(id)?.dispose()
    for (const { tensor } of this.#pieces.get(id) ?? []) tensor.dispose()
    this.#whole.delete(id)
    this.#pieces.delete(id)
  }
}

/** Pieces end to end, zeros between them [size]. */
function joinPieces(pieces: readonly Piece[], size: number): tf.Tensor1D {
  const parts: tf.Tensor1D[] = []
  let end = 0
  const fill = (to: number) => to > end && parts.push(tf.zeros([to - end]))
  for (const { offset, tensor } of [...pieces].sort((one, other) => one.offset - other.offset)) {
    fill(offset)
    parts.push(tf.reshape(tensor, [-1]))
    end = offset + tensor.size
  }
  fill(size)
  return parts.length === 1 ? parts[0] : tf.concat1d(parts)
}
