/**
 * Held-out loss: the mean over all counted tokens, not over batches. Losses come back token by token and are summed in
 * double precision here, so that the batch size does not show in the result.
 */
import * as tf from '@tensorflow/tfjs-core'
import { activate } from '../kernels/activate'
import { headLosses } from '../kernels/crossEntropy'
import type { Adapter } from '../model/adapter'
import { type Gpt2, hiddenRows, type Lora } from '../model/gpt2'
import { adapterSlots, flatten, loraOf, splitFactors } from '../model/lora'
import type { Batch } from './batches'
import { breathe } from './pace'

export interface Losses {
  /** Mean over counted tokens, nats. */
  readonly loss: number
  readonly tokens: number
  /** Every counted token's loss, in the order of the batches. */
  readonly perToken: readonly number[]
}

export async function evaluate(
  model: Gpt2,
  adapter: Adapter | null,
  batches: readonly Batch[],
): Promise<Losses> {
  const perToken: number[] = []
  await withAdapter(model, adapter, async (lora) => {
    for (const batch of batches) {
      activate(model.backend)
      const losses = tf.tidy(() => {
        const hidden = hiddenRows(model, tf.tensor1d(batch.ids, 'int32'), batch, lora)
        return headLosses(hidden, model.weights.head, tf.tensor1d(batch.targets, 'int32')) // [batch time]
      })
      const values = await losses.data<'float32'>()
      losses.dispose()
      values.forEach((loss, index) => void (batch.counts[index] && perToken.push(loss)))
      await breathe()
    }
  })
  const sum = perToken.reduce((total, loss) => total + loss, 0)
  return { loss: sum / perToken.length, tokens: perToken.length, perToken }
}

/** Uploads an adapter for as long as `use` runs. Null is the frozen base. */
export async function withAdapter<Result>(
  model: Gpt2,
  adapter: Adapter | null,
  use: (lora: Lora) => Promise<Result>,
): Promise<Result> {
  if (!adapter) return use(null)
  const slots = adapterSlots(model.config, adapter.config)
  const flat = flatten(model.config, adapter)
  activate(model.backend)
  const matrices = tf.tidy(() => splitFactors(slots, tf.tensor1d(flat)))
  try {
    return await use(loraOf(slots, matrices, adapter.config))
  } finally {
    tf.dispose(matrices)
  }
}
