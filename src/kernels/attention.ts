/**
 * Causal multi-head attention: softmax(Q Kᵀ / sqrt(channels per head) + mask) V, position by position looking back only.
 * Two forms: over whole sequences with a gradient (training), and over new positions against a cache (generation).
 * It reads q, k and v where the fused linear layer left them, side by side in one matrix.
 *
 * On the CPU's backends whole sequences go through plain loops (attentionLoops.ts); elsewhere, and as the reference, a
 * composite of tf operations stands, which stores the probabilities [batch head, time, time].
 * Source: Vaswani et al., arXiv 1706.03762; the backward pass as in FlashAttention, arXiv 2205.14135, appendix B.
 */
import * as tf from '@tensorflow/tfjs-core'
import { attendBackward, attendForward } from './attentionLoops'
import { withGradient } from './gradient'

export interface AttentionShape {
  readonly batch: number
  readonly time: number
  readonly heads: number
}

/** What is added to scores [query, key]: 0 where the query may look, a huge negative number where it may not. */
export function causalMask(queries: number, keys: number): tf.Tensor2D {
  const mask = new Float32Array(queries * keys)
  const past = keys - queries
  for (let query = 0; query < queries; query++)
    mask.fill(-1e9, query * keys + past + query + 1, (query + 1) * keys)
  return tf.tensor2d(mask, [queries, keys])
}

/** Whole sequences. `mask` is `causalMask(time, time)`. */
export function causalAttention(
  qkv: tf.Tensor2D, // [batch time, 3 channel]
  mask: tf.Tensor2D, // [time, time]
  shape: AttentionShape,
): tf.Tensor2D {
  return tf.getBackend() === 'webgpu' ? compositeAttention(qkv, mask, shape) : loopAttention(qkv, shape)
}

function loopAttention(qkv: tf.Tensor2D, { batch, time, heads }: AttentionShape): tf.Tensor2D {
  const shape = { batch, time, heads, width: qkv.shape[1] / 3 }
  const numbers = qkv.dataSync<'float32'>()
  const attended = attendForward(numbers, shape)
  return withGradient(
    [qkv],
    () => ({ value: tf.tensor2d(attended.out, [batch * time, shape.width]), saved: [] }),
    (dy) => [tf.tensor2d(attendBackward(dy.dataSync<'float32'>(), numbers, attended, shape), qkv.shape)],
  )
}

export function compositeAttention(
  qkv: tf.Tensor2D, // [batch time, 3 channel]
  mask: tf.Tensor2D, // [time, time]
  shape: AttentionShape,
): tf.Tensor2D {
  const scale = 1 / Math.sqrt(qkv.shape[1] / 3 / shape.heads)
  const forward = () => {
    const [q, k, v] = splitHeads(qkv, shape) // each [batch head, time, head channel]
    const scaled = tf.mul<tf.Tensor3D>(q, scale)
    const scores = tf.add<tf.Tensor3D>(tf.matMul(scaled, k, false, true), mask) // [batch head, time, time]
    const seen = tf.softmax<tf.Tensor3D>(scores)
    const out = tf.matMul<tf.Tensor3D>(seen, v) // [batch head, time, head channel]
    return { value: joinHeads(out, shape), saved: [scaled, k, v, seen, out] }
  }
  return withGradient([qkv], forward, (dy, [scaled, k, v, seen, out]) => {
    const dOut = splitColumn(dy, shape) // [batch head, time, head channel]
    const dV = tf.matMul<tf.Tensor3D>(seen, dOut, true, false)
    const dSeen = tf.matMul(dOut, v, false, true) // [batch head, time, time]
    const rowSum = tf.sum(tf.mul(dOut, out), 2, true) // Σ dSeen seen, from fewer numbers [batch head, time, 1]
    const dScores = tf.mul<tf.Tensor3D>(seen, tf.sub(dSeen, rowSum))
    const dQ = tf.mul<tf.Tensor3D>(tf.matMul(dScores, k), scale)
    const dK = tf.matMul<tf.Tensor3D>(dScores, scaled, true, false)
    return [joinThree([dQ, dK, dV], shape)] // [batch time, 3 channel]
  })
}

/** New positions of one sequence against everything so far, themselves included. No gradient. */
export function cachedAttention(
  q: tf.Tensor2D, // [new, channel]
  keys: tf.Tensor2D, // [all, channel]
  values: tf.Tensor2D, // [all, channel]
  mask: tf.Tensor2D | null, // [new, all]; null where every position may be seen
  heads: number,
): tf.Tensor2D {
  const split = (x: tf.Tensor2D) => splitColumn(x, { batch: 1, time: x.shape[0], heads })
  const scaled = tf.mul<tf.Tensor3D>(split(q), 1 / Math.sqrt(q.shape[1] / heads))
  const scores = tf.matMul<tf.Tensor3D>(scaled, split(keys), false, true) // [head, new, all]
  const seen = tf.softmax<tf.Tensor3D>(mask ? tf.add<tf.Tensor3D>(scores, mask) : scores)
  return joinHeads(tf.matMul<tf.Tensor3D>(seen, split(values)), { batch: 1, time: q.shape[0], heads })
}

/** [batch time, 3 channel] to q, k, v of [batch head, time, head channel]: one transpose, three slices of whole runs. */
function splitHeads(qkv: tf.Tensor2D, { batch, time, heads }: AttentionShape): tf.Tensor3D[] {
  const width = qkv.shape[1] / 3
  const split = tf.transpose(tf.reshape(qkv, [batch, time, 3 * heads, width / heads]), [0, 2, 1, 3])
  const runs = tf.reshape(split, [batch, 3 * time * width]) // q, k and v of a sequence follow one another
  return [0, 1, 2].map((part) =>
    tf.reshape(tf.slice(runs, [0, part * time * width], [batch, time * width]), [
      batch * heads,
      time,
      width / heads,
    ]),
  )
}

/** [batch time, channel] to [batch head, time, head channel]. */
function splitColumn(x: tf.Tensor2D, { batch, time, heads }: AttentionShape): tf.Tensor3D {
  const width = x.shape[1] / heads
  const split = tf.transpose(tf.reshape(x, [batch, time, heads, width]), [0, 2, 1, 3])
  return tf.reshape(split, [batch * heads, time, width])
}

/** [batch head, time, head channel] to [batch time, channel]. */
function joinHeads(x: tf.Tensor3D, { batch, time, heads }: AttentionShape): tf.Tensor2D {
  const joined = tf.transpose(tf.reshape(x, [batch, heads, time, x.shape[2]]), [0, 2, 1, 3])
  return tf.reshape(joined, [batch * time, heads * x.shape[2]])
}

/** The inverse of `splitHeads`. */
function joinThree(parts: tf.Tensor3D[], { batch, time, heads }: AttentionShape): tf.Tensor2D {
  const width = parts[0].shape[2]
  const runs = tf.concat2d(
    parts.map((part) => tf.reshape(part, [batch, heads * time * width])),
    1,
  )
  const joined = tf.transpose(tf.reshape(runs, [batch, 3 * heads, time, width]), [0, 2, 1, 3])
  return tf.reshape(joined, [batch * time, 3 * heads * width])
}
