/**
 * The tied, frozen head and its loss in one kernel: logits = h Eᵀ, then cross-entropy in nats. A weight per row says how
 * much it counts, so prompts and padding count 0. Since E is frozen, the gradient of the hidden rows is finished right
 * after the logits,
 *   dh = weight (softmax(logits) E - E[target]),
 * chunk of rows by chunk of rows: there is never a [row, vocabulary] matrix of the whole batch, no one-hot and no second
 * pass. Three things keep it exact and fast: the target's logit is the dot product h · E[target]; the log of the
 * softmax's sum comes from its largest value, log Σ exp(l) = max(l) - log(max(softmax(l))), which never underflows;
 * and both products are plain ones (see linear.ts).
 * Source: Wijmans et al., Cut Your Losses, arXiv 2411.09009.
 */
import * as tf from '@tensorflow/tfjs-core'
import { withGradient } from './gradient'

export interface Head {
  readonly embedding: tf.Tensor2D // E [vocabulary, channel]
  readonly transposed: tf.Tensor2D // Eᵀ [channel, vocabulary]
}

/** So many rows that a chunk's logits are 2^22 numbers, 16 MB. */
const chunkRows = ({ embedding }: Head): number => Math.max(32, Math.floor(2 ** 22 / embedding.shape[0]))

/** Σ weight · loss over all rows, with the gradient of `hidden`. Give weights that sum to 1 for a mean. */
export function headLoss(
  hidden: tf.Tensor2D, // [row, channel]
  head: Head,
  targets: tf.Tensor1D, // [row] int32
  weights: tf.Tensor1D, // [row]
  step = chunkRows(head),
): tf.Scalar {
  const forward = () => {
    const chunks = mapChunks(hidden, head, targets, step, (chunk) => {
      const weight = tf.slice1d(weights, chunk.begin, chunk.rows.shape[0])
      const pull = tf.sub(tf.matMul(chunk.probabilities, head.embedding), chunk.target) // [row, channel]
      return {
        loss: tf.sum<tf.Scalar>(tf.mul(rowLosses(chunk), weight)),
        dRows: tf.mul<tf.Tensor2D>(pull, tf.expandDims(weight, 1)),
      }
    })
    const dHidden = joinRows(chunks.map(({ dRows }) => dRows)) // [row, channel]
    return { value: tf.addN(chunks.map(({ loss }) => loss)), saved: [dHidden] }
  }
  return withGradient([hidden], forward, (dy, [dHidden]) => [tf.mul(dHidden, dy)])
}

/** The loss of every row, without a gradient: evaluation. */
export function headLosses(
  hidden: tf.Tensor2D, // [row, channel]
  head: Head,
  targets: tf.Tensor1D, // [row] int32
  step = chunkRows(head),
): tf.Tensor1D {
  const chunks = mapChunks(hidden, head, targets, step, rowLosses)
  return chunks.length === 1 ? chunks[0] : tf.concat1d(chunks) // [row]
}

interface Chunk {
  readonly begin: number
  readonly rows: tf.Tensor2D // [row, channel]
  readonly target: tf.Tensor2D // E[target] [row, channel]
  readonly logits: tf.Tensor2D // [row, vocabulary]
  readonly probabilities: tf.Tensor2D // [row, vocabulary]
}

function mapChunks<Out extends tf.TensorContainer>(
  hidden: tf.Tensor2D,
  { embedding, transposed }: Head,
  targets: tf.Tensor1D,
  step: number,
  visit: (chunk: Chunk) => Out,
): Out[] {
  const [total, width] = hidden.shape
  const results: Out[] = []
  for (let begin = 0; begin < total; begin += step) {
    const size = Math.min(step, total - begin)
    const visitChunk = () => {
      const rows = size === total ? hidden : tf.slice2d(hidden, [begin, 0], [size, width])
      const target = tf.gather(embedding, size === total ? targets : tf.slice1d(targets, begin, size))
      const logits = tf.matMul<tf.Tensor2D>(rows, transposed)
      return visit({ begin, rows, target, logits, probabilities: tf.softmax(logits) })
    }
    results.push(tf.tidy(visitChunk))
  }
  return results
}

function rowLosses({ rows, target, logits, probabilities }: Chunk): tf.Tensor1D {
  const logSum = tf.sub(tf.max(logits, 1), tf.log(tf.max(probabilities, 1)))
  return tf.sub(logSum, tf.sum(tf.mul(rows, target), 1)) // [row]
}

const joinRows = (parts: tf.Tensor2D[]): tf.Tensor2D =>
  parts.length === 1 ? parts[0] : tf.concat2d(parts, 0)
