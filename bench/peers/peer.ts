/**
 * What a library must do to be measured. A peer is prepared once and then asked for steps; it finds the weights, the
 * adapter and the batches in the task and nowhere else. One file per library; each lives in a worker or process of its
 * own, so that none is slowed down by another.
 */
import type { TensorMap } from '../../src/model/safetensors'
import type { Shape, Target } from '../shapes'
import type { Batch, Pair } from '../weights'

export type Backend = 'wasm' | 'webgpu'

export interface Surroundings {
  readonly backend: Backend
  /** Addresses of WebAssembly binaries by file name, where the bundler knows them. */
  readonly wasm: Readonly<Record<string, string>>
}

export interface TrainingTask {
  readonly shape: Shape
  readonly targets: readonly Target[]
  readonly weights: TensorMap
  readonly adapter: readonly Pair[]
  batch(step: number): Batch
}

export interface GenerationTask {
  readonly shape: Shape
  readonly weights: TensorMap
  readonly prompt: readonly number[]
  /** How many tokens to add. */
  readonly tokens: number
}

/** Trains a LoRA adapter, one step at a time. */
export interface Peer {
  readonly name: string
  /** Resolves with what computes, in words. */
  prepare(task: TrainingTask, surroundings: Surroundings): Promise<string>
  /** Forward, backward and update; resolves with the loss before the update, once it has been read. */
  step(): Promise<number>
  dispose(): void | Promise<void>
}

/** Continues a prompt, always with the most likely token. */
export interface Generator {
  readonly name: string
  prepare(task: GenerationTask, surroundings: Surroundings): Promise<string>
  /** Calls `onToken` when an id has been read. */
  generate(onToken: (id: number) => void): Promise<void>
  dispose(): void | Promise<void>
}
