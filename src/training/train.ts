/**
 * The training loop: batch, forward, loss, gradient, update, progress. It knows nothing of federations or files; it gets
 * an adapter as data and gives one back. Adapter and optimizer leave the device at the end, so a lost GPU costs a run
 * and no more.
 */
import * as tf from '@tensorflow/tfjs-core'
import { activate } from '../kernels/activate'
import { adamw } from '../kernels/adamw'
import { headLoss } from '../kernels/crossEntropy'
import { sleep } from '../lib/async'
import type { Adapter, AdapterConfig } from '../model/adapter'
import { type Gpt2, hiddenRows } from '../model/gpt2'
import { adapterSlots, flatten, loraOf, splitFactors, unflatten } from '../model/lora'
import type { Batch } from './batches'
import { breathe } from './pace'

/** What AdamW remembers between runs. */
export interface OptimizerState {
  /** Updates so far. */
  readonly steps: number
  readonly first: Float32Array
  readonly second: Float32Array
}

export interface StepReport {
  /** Counts from 0. */
  readonly step: number
  /** Nats per predicted token, before the step's update. */
  readonly loss: number
  readonly tokensPerSecond: number
}

export interface Training {
  readonly model: Gpt2
  readonly adapter: Adapter
  readonly batches: Iterator<Batch, never>
  readonly steps: number
  readonly learningRate: number
  /** Null: a fresh optimizer. */
  readonly optimizer?: OptimizerState | null
  /** 10 makes every step ten times as long. */
  readonly slow?: number
  readonly stopped?: () => boolean
  readonly onStep?: (report: StepReport) => void
}

export interface Trained {
  readonly adapter: Adapter
  readonly optimizer: OptimizerState
  readonly rows: number
  readonly tokens: number
  readonly seconds: number
  /** Mean over the steps. */
  readonly loss: number
}

/** The run was ended by `stop()`. */
export class Stopped extends Error {
  override name = 'Stopped'
  constructor() {
    super('Training was stopped.')
  }
}

/** The loss became infinite or no number. */
export class Diverged extends Error {
  override name = 'Diverged'
  constructor(step: number) {
    super(`The loss is no longer a number after ${step} steps. Lower the learning rate.`)
  }
}

export async function train(training: Training): Promise<Trained> {
  const { model, batches, steps, learningRate, slow = 1 } = training
  const { config } = training.adapter
  const slots = adapterSlots(model.config, config)
  activate(model.backend)
  let state = uploadState(flatten(model.config, training.adapter), training.optimizer ?? null)

  const began = performance.now()
  const losses: number[] = []
  let [rows, tokens] = [0, 0]
  const report = async (step: number, lossTensor: tf.Scalar): Promise<void> => {
    const [loss] = await lossTensor.data()
    lossTensor.dispose()
    if (!Number.isFinite(loss)) throw new Diverged(step)
    losses.push(loss)
    training.onStep?.({ step, loss, tokensPerSecond: (1000 * tokens) / (performance.now() - began) })
  }

  try {
    let lastReport = Promise.resolve()
    for (let step = 0; step < steps; step++) {
      if (training.stopped?.()) throw new Stopped()
      const stepBegan = performance.now()
      const batch = batches.next().value

      activate(model.backend)
      const { loss, ...next } = tf.tidy(() => {
        const { loss, gradient } = lossAndGradient(model, batch, slots, state.parameters, config)
        return { loss, ...adamw(state.parameters, gradient, state, state.steps + 1, learningRate) }
      })
      tf.dispose([state.parameters, state.first, state.second])
      state = { ...next, steps: state.steps + 1 }
      rows += batch.batch
      tokens += batch.tokens

      await lastReport // the step before: reading its loss does not stall this one
      lastReport = report(step, loss)
      lastReport.catch(() => {}) // it is awaited above or below; until then a failure is no unhandled one
      await breathe()
      if (slow > 1) {
        await lastReport
        await sleep((slow - 1) * (performance.now() - stepBegan))
      }
    }
    await lastReport
    const [flat, first, second] = await Promise.all([
      state.parameters.data<'float32'>(),
      state.first.data<'float32'>(),
      state.second.data<'float32'>(),
    ])
    return {
      adapter: unflatten(model.config, config, flat),
      optimizer: { steps: state.steps, first, second },
      rows,
      tokens,
      seconds: (performance.now() - began) / 1000,
      loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
    }
  } finally {
    tf.dispose([state.parameters, state.first, state.second])
  }
}

/** Mean loss over the batch's counted tokens and its gradient, for all factors end to end. */
export function lossAndGradient(
  model: Gpt2,
  batch: Batch,
  slots: ReturnType<typeof adapterSlots>,
  parameters: tf.Tensor1D, // [parameter]
  config: AdapterConfig,
): { loss: tf.Scalar; gradient: tf.Tensor1D } {
  const ids = tf.tensor1d(batch.ids, 'int32') // [batch time]
  const targets = tf.tensor1d(batch.targets, 'int32') // [batch time]
  const weights = tf.tensor1d(Float32Array.from(batch.counts, (count) => count / batch.tokens)) // [batch time]

  const forward = (...matrices: tf.Tensor[]): tf.Scalar => {
    const lora = loraOf(slots, matrices as tf.Tensor2D[], config)
    return headLoss(hiddenRows(model, ids, batch, lora), model.weights.head, targets, weights)
  }
  const { value, grads } = tf.valueAndGrads(forward)(splitFactors(slots, parameters))
  return {
    loss: value,
    gradient: tf.concat1d(grads.map((gradient) => tf.reshape(gradient, [-1]) as tf.Tensor1D)),
  }
}

function uploadState(flat: Float32Array, optimizer: OptimizerState | null) {
  const moments = optimizer ?? {
    steps: 0,
    first: new Float32Array(flat.length),
    second: new Float32Array(flat.length),
  }
  return {
    steps: moments.steps,
    parameters: tf.tensor1d(flat),
    first: tf.tensor1d(moments.first),
    second: tf.tensor1d(moments.second),
  }
}
