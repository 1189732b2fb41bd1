/**
 * For tests of kernels: started backends, seeded matrices, and a numeric check of hand-written gradients by central
 * differences. Kernels compute in 32 bits, so the check is a check of formulas, not of last digits.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { random } from '../lib/rng'
import { withGradient } from './gradient'

export const testBackends = ['cpu', 'wasm'] as const

/** Starts both backends of this machine; `activate` chooses between them. */
export async function startTestBackends(): Promise<void> {
  tf.enableProdMode()
  const binaries = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  )
  setWasmPaths(join(binaries, 'dist/'))
  for (const backend of testBackends) await tf.setBackend(backend)
}

/** A matrix of standard normal numbers that depend on the seed and the shape alone. */
export function normal(seed: number, rows: number, columns: number): tf.Tensor2D {
  return tf.tensor2d(gaussians(seed, rows * columns), [rows, columns])
}

export const normalVector = (seed: number, size: number): tf.Tensor1D => tf.tensor1d(gaussians(seed, size))

const gaussians = (seed: number, size: number): Float32Array =>
  Float32Array.from({ length: size }, random(seed, size).gaussian)

/**
 * The largest difference between the gradient of Σ f(x) c and central differences, over the gradient's largest entry.
 * `c` is random, so that no entry of the gradient of f can hide behind another.
 */
export function gradientError(f: (...inputs: tf.Tensor2D[]) => tf.Tensor, ...inputs: tf.Tensor2D[]): number {
  const weights = tf.tidy(() => {
    const { size, shape } = f(...inputs)
    return tf.tensor(gaussians(99, size), shape)
  })
  // tfjs-core registers no gradients for `sum` and `mul`, so this has its own too.
  const objective = (...args: tf.Tensor[]): tf.Tensor => {
    const value = f(...(args as tf.Tensor2D[]))
    return withGradient(
      [value],
      () => ({ value: tf.sum(tf.mul(value, weights)), saved: [] }),
      (dy) => [tf.mul(weights, dy)],
    )
  }
  const value = (index: number, data: Float32Array): number =>
    tf.tidy(() => {
      const moved = inputs.map((input, place) => (place === index ? tf.tensor(data, input.shape) : input))
      return objective(...moved).dataSync()[0]
    })

  const analytic = tf
    .grads(objective)(inputs)
    .map((gradient) => gradient.dataSync<'float32'>())
  const largest = Math.max(...analytic.flatMap((gradient) => [...gradient].map(Math.abs)))
  const step = 1e-2
  let error = 0
  inputs.forEach((input, index) => {
    const data = input.dataSync<'float32'>()
    for (let place = 0; place < data.length; place++) {
      const shifted = (by: number) =>
        value(
          index,
          data.map((entry, other) => (other === place ? entry + by : entry)),
        )
      const numeric = (shifted(step) - shifted(-step)) / (2 * step)
      error = Math.max(error, Math.abs(numeric - analytic[index][place]))
    }
  })
  return error / largest
}
