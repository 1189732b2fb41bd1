/**
 * What the Lab needs of training: local steps from an adapter, and the loss of adapters on held-out text. The real engine
 * (`real.ts`) and a quadratic model of it (`quadratic.ts`, for questions about speed and scale) both give it.
 */
import type { GlobalAdapter } from '../../federation/aggregation/types'
import type { TensorMap } from '../../model/safetensors'

export interface Job {
  /** The device's index. */
  readonly device: number
  /** At the rank that the device was given. */
  readonly start: GlobalAdapter
  readonly steps: number
  /** Orders the batches. */
  readonly seed: number
  /** mu of FedProx. */
  readonly proximal: number
  /** Rows; null: as many as usual. */
  readonly batch: number | null
  /** The factors that the rule lets devices train. */
  readonly learns: { readonly a: boolean; readonly b: boolean }
}

export interface Trained {
  readonly end: TensorMap
  /** Mean over the steps. */
  readonly loss: number
}

/** Who holds which adapter; null: the frozen base. */
export interface Holding {
  readonly adapter: GlobalAdapter | null
  readonly devices: readonly number[]
}

export interface Trainer {
  /** What everybody begins with. */
  readonly initial: GlobalAdapter
  examplesOf(device: number): number
  train(job: Job): Promise<Trained>
  /** On the text that a device trains on: which cluster's adapter fits it best. */
  fit(device: number, adapter: GlobalAdapter): Promise<number>
  /** Mean over the devices of the held-out loss that each has with its adapter. */
  evaluate(holdings: readonly Holding[]): Promise<number>
  /** Yardsticks: each device by itself, and all text together; both see as many tokens as the federation. */
  alone(steps: number): Promise<number>
  centralised(steps: number): Promise<number>
  close(): Promise<void>
}
