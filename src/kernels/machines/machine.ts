/**
 * What runs programs. There are three machines: `webgpu.ts` replays a program as one submission of dispatches, `wasm.ts`
 * calls our SIMD functions over one memory, and `tfjs.ts` evaluates the kernels' composites on any backend of tfjs; that
 * one is the reference of the other two, and runs where neither can. A caller sees no difference but speed.
 *
 * A machine holds frozen weights, shared by everything that uses a model, and sessions, which hold what changes: states,
 * and the room for computed values. Programs of one session share states by name and must not run at the same time.
 */
import type { Backend } from '../activate'
import { packRows, type Rows } from '../packing'
import type { Program, Shape, WeightFormat } from '../program'

export interface Machine {
  readonly backend: Backend
  /** How it runs, for people: "NVIDIA …", "WebAssembly SIMD". */
  readonly device: string
  readonly room: MachineRoom
  /** Bytes that weights, states and arenas take now. */
  bytesHeld(): number
  openWeights(): Weights
  openSession(weights: Weights): Session
}

/** What limits the size of models. A browser does not tell how much memory a GPU has. */
export type MachineRoom =
  | { readonly kind: 'webgpu'; readonly maxBufferBytes: number; readonly maxBindingBytes: number }
  | { readonly kind: 'wasm' | 'cpu'; readonly maxBytes: number }

/** A weight as a machine is to keep it: [rows, columns] or [rows]. */
export interface WeightRoom {
  readonly name: string
  readonly shape: Shape
  /** What is not packed into less than 32 bits is kept so, or as the numbers that packing leaves. */
  readonly format: WeightFormat
}

/** The frozen weights of one model. All room is made before the first number comes; numbers come by rows, in any order. */
export interface Weights {
  /** Bytes held by the machine. */
  readonly bytes: number
  /** Each name once. Throws an `OutOfMemory` where there is no room for all of them; then none is made. */
  reserve(rooms: readonly WeightRoom[]): Promise<void>
  /** Writes whole rows from `firstRow` on. May wait until the machine has taken them. Throws an `OutOfMemory`. */
  write(name: string, firstRow: number, rows: Rows): Promise<void>
  dispose(): void
}

/** Makes room for one weight and fills it. The numbers are packed into `format` on the way. */
export async function upload(
  weights: Weights,
  name: string,
  shape: Shape,
  data: Float32Array,
  format: WeightFormat,
): Promise<void> {
  await weights.reserve([{ name, shape, format }])
  await weights.write(name, 0, packRows(data, shape[1] ?? 1, format, name))
}

/** Numbers for a program's inputs, by name. */
export type Inputs = Readonly<Record<string, Float32Array | Int32Array>>

export interface Session {
  /**
   * Prepares a program: memory, pipelines. Calls `onProgress` where that takes long. States begin as zeros. Throws an
   * `OutOfMemory` where there is no room for what the program computes.
   */
  compile(program: Program, onProgress?: (done: number, total: number) => void): Promise<Runnable>
  /** Writes a state, also one that no program has named yet. */
  write(state: string, data: Float32Array | Int32Array): void
  /** Reads a state as it is after all runs so far. */
  read(state: string): Promise<Float32Array>
  dispose(): void
}

export interface Runnable {
  /**
   * Starts a run; all inputs must be given. Without `wanted` it resolves when another run may start, not too many being
   * under way (the program says how many may be); otherwise when those results are there. They are this run's, whatever runs after it.
   */
  run(inputs: Inputs, wanted?: readonly string[]): Promise<Readonly<Record<string, Float32Array>>>
}

/** A machine that can no longer be used, such as a GPU that the system took away. What it held is gone. */
export class MachineLost extends Error {
  override name = 'MachineLost'
}
