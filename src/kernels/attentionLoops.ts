/**
 * Causal attention and its gradient in plain loops over typed arrays, for backends whose memory the CPU can read. tfjs
 * multiplies batches of small matrices slowly there, and it multiplies the upper triangle too; these loops do neither.
 * No tensors: attention.ts brings the numbers in and out.
 */
export interface LoopShape {
  readonly batch: number
  readonly time: number
  readonly heads: number
  /** Channels of all heads together. */
  readonly width: number
}

export interface Attended {
  readonly out: Float32Array // [batch time, channel]
  readonly seen: Float32Array // softmax of the scores [batch head, time, time]; 0 above the diagonal
}

/** `qkv` is [batch time, 3 channel]. */
export function attendForward(qkv: Float32Array, { batch, time, heads, width }: LoopShape): Attended {
  const headWidth = width / heads
  const scale = 1 / Math.sqrt(headWidth)
  const stride = 3 * width
  const out = new Float32Array(batch * time * width)
  const seen = new Float32Array(batch * heads * time * time)
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let head = 0; head < heads; head++) {
      const first = sequence * time * stride + head * headWidth // q of position 0; k and v lie `width` further each
      for (let query = 0; query < time; query++) {
        const row = ((sequence * heads + head) * time + query) * time
        let largest = Number.NEGATIVE_INFINITY
        for (let key = 0; key <= query; key++) {
          const score = scale * dot(qkv, first + query * stride, qkv, first + key * stride + width, headWidth)
          seen[row + key] = score
          if (score > largest) largest = score
        }
        let sum = 0
        for (let key = 0; key <= query; key++) sum += seen[row + key] = Math.exp(seen[row + key] - largest)
        const place = (sequence * time + query) * width + head * headWidth
        for (let key = 0; key <= query; key++) {
          seen[row + key] /= sum
          addScaled(seen[row + key], qkv, first + key * stride + 2 * width, out, place, headWidth)
        }
      }
    }
  }
  return { out, seen }
}

/** The gradient of `qkv` [batch time, 3 channel] from that of `out` [batch time, channel]. */
export function attendBackward(
  dOut: Float32Array,
  qkv: Float32Array,
  { out, seen }: Attended,
  { batch, time, heads, width }: LoopShape,
): Float32Array {
  const headWidth = width / heads
  const scale = 1 / Math.sqrt(headWidth)
  const stride = 3 * width
  const dQkv = new Float32Array(qkv.length)
  for (let sequence = 0; sequence < batch; sequence++) {
    for (let head = 0; head < heads; head++) {
      const first = sequence * time * stride + head * headWidth
      for (let query = 0; query < time; query++) {
        const row = ((sequence * heads + head) * time + query) * time
        const q = first + query * stride
        const place = (sequence * time + query) * width + head * headWidth
        const mean = dot(dOut, place, out, place, headWidth) // Σ over keys of seen · dSeen
        for (let key = 0; key <= query; key++) {
          const k = first + key * stride + width
          const v = k + width
          const probability = seen[row + key]
          const dScore = scale * probability * (dot(dOut, place, qkv, v, headWidth) - mean)
          addScaled(probability, dOut, place, dQkv, v, headWidth)
          addScaled(dScore, qkv, k, dQkv, q, headWidth)
          addScaled(dScore, qkv, q, dQkv, k, headWidth)
        }
      }
    }
  }
  return dQkv
}

/** Σ x[i..] y[j..] over `size` numbers, in four sums at once: additions then need not wait for each other. */
function dot(x: Float32Array, i: number, y: Float32Array, j: number, size: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let n = 0
  for (; n + 3 < size; n += 4) {
    a += x[i + n] * y[j + n]
    b += x[i + n + 1] * y[j + n + 1]
    c += x[i + n + 2] * y[j + n + 2]
    d += x[i + n + 3] * y[j + n + 3]
  }
  for (; n < size; n++) a += x[i + n] * y[j + n]
  return a + b + (c + d)
}

/** y[j..] += factor · x[i..] */
function addScaled(
  factor: number,
  x: Float32Array,
  i: number,
  y: Float32Array,
  j: number,
  size: number,
): void {
  for (let n = 0; n < size; n++) y[j + n] += factor * x[i + n]
}
