/**
 * Held-out loss: the mean over all counted tokens, not over batches. Losses come back token by token and are summed in
 * double precision here, so that the batch size does not show in the result.
 */
import type { Adapter } from '../model/adapter'
import type { LanguageModel } from '../model/languageModel'
import type { Batch } from './batches'
import { inputsOf } from './inputs'
import { breathe } from './pace'

export interface Losses {
  /** Mean over counted tokens, nats. */
  readonly loss: number
  readonly tokens: number
  /** Every counted token's loss, in the order of the batches. */
  readonly perToken: readonly number[]
}

export async function evaluate(
  model: LanguageModel,
  adapter: Adapter | null,
  batches: readonly Batch[],
): Promise<Losses> {
  const perToken: number[] = []
  await model.with(adapter, async (workspace) => {
    for (const batch of batches) {
      const { shape, reading } = inputsOf(batch)
      const runnable = await workspace.evaluation(shape)
      const { losses } = await runnable.run(reading, ['losses'])
      for (const loss of losses.subarray(0, batch.tokens)) perToken.push(loss)
      await breathe()
    }
  })
  const sum = perToken.reduce((total, loss) => total + loss, 0)
  return { loss: sum / perToken.length, tokens: perToken.length, perToken }
}
