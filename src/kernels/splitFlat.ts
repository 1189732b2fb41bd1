/**
 * Matrices that lie end to end in one flat tensor, as tensors of their own. `tf.split` does that on a GPU; on wasm it
 * would read the whole flat tensor once for every piece, so where the CPU computes it is read once and dealt out here.
 */
import * as tf from '@tensorflow/tfjs-core'

export type Shape = readonly [number, number]

export function splitFlat(flat: tf.Tensor1D, shapes: readonly Shape[]): tf.Tensor2D[] {
  const sizes = shapes.map(([rows, columns]) => rows * columns)
  if (tf.getBackend() === 'webgpu') {
    const pieces: tf.Tensor1D[] = tf.split(flat, sizes)
    return pieces.map((piece, index) => tf.reshape(piece, [...shapes[index]]))
  }
  const numbers = flat.dataSync<'float32'>()
  let end = 0
  return shapes.map(([rows, columns]) => {
    const begin = end
    end += rows * columns
    return tf.tensor2d(numbers.slice(begin, end), [rows, columns])
  })
}
