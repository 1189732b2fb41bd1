/** Tensors as one vector, in the order of their sorted names, and back. Codecs work on the vector. */
import type { Tensor, TensorMap } from '../../model/safetensors'
import { CompressionError, type Shapes } from './types'

export const shapesOf = (tensors: TensorMap): Shapes =>
  new Map([...tensors].map(([name, { shape }]) => [name, shape]))

export const countOf = (shapes: Shapes): number =>
  [...shapes.values()].reduce((sum, shape) => sum + sizeOf(shape), 0)

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, side) => product * side, 1)

/** Throws a `CompressionError` where a number is not finite: it would spoil its whole block. */
export function vectorOf(tensors: TensorMap): Float32Array {
  const vector = new Float32Array(countOf(shapesOf(tensors)))
  let offset = 0
  for (const name of [...tensors.keys()].sort()) {
    const { data } = tensors.get(name)!
    if (!data.every(Number.isFinite))
      throw new CompressionError(`${name} holds numbers that are not finite. Lower the learning rate.`)
    vector.set(data, offset)
    offset += data.length
  }
  return vector
}

/** The inverse of `vectorOf`. */
export function tensorsOf(vector: Float32Array, shapes: Shapes): TensorMap {
  const tensors = new Map<string, Tensor>()
  let offset = 0
  for (const name of [...shapes.keys()].sort()) {
    const shape = shapes.get(name)!
    tensors.set(name, { shape, data: vector.slice(offset, offset + sizeOf(shape)) })
    offset += sizeOf(shape)
  }
  return tensors
}
