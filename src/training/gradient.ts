/**
 * The gradient of the loss of some rows of text by the factors of an adapter, as one flat vector, without a step: what private training
 * shortens row by row, and what the Lab's attacks look into. The workspace holds the adapter.
 */
import type { Workspace } from '../model/workspace'
import { bucketFor, makeBatch } from './batches'
import { inputsOf } from './inputs'
import type { Row } from './rows'
import type { Training } from './train'

export interface Gradient {
  /** [layout.size]; nought where a factor is frozen. */
  readonly gradient: Float32Array
  /** Nats per predicted token. */
  readonly loss: number
}

/** @param rows one batch of them, at least one */
export async function gradientOf(
  workspace: Workspace,
  { model, learns = { a: true, b: true }, checkpointing = false, onCompile }: GradientParts,
  rows: readonly Row[],
): Promise<Gradient> {
  const { shape, reading, learning } = inputsOf(makeBatch(rows, bucketFor(rows, model.config.contextLength)))
  const options = { learns, checkpointing, proximal: false, clips: false, updates: false }
  const runnable = await workspace.training(shape, options, onCompile)
  const { gradient } = await runnable.run({ ...reading, ...learning, step: Int32Array.of(0) }, ['gradient'])
  const [loss] = await workspace.session.read('losses')
  return { gradient, loss }
}

type GradientParts = Pick<Training, 'model' | 'learns' | 'checkpointing' | 'onCompile'>
