/**
 * Every update is foreign: it is looked at before anything is summed. The answer is a sentence for the teacher.
 */
import type { TensorMap } from '../../model/safetensors'

/** More examples than any tab can hold: beyond it a device would own the average. */
export const mostExamples = 1_000_000

/** Why this update cannot be merged into `current`, or null where it can. */
export function updateComplaint(current: TensorMap, delta: TensorMap, examples: number): string | null {
  if (!Number.isInteger(examples) || examples < 1 || examples > mostExamples)
    return `it claims to come from ${examples} examples`
  for (const name of delta.keys())
    if (!current.has(name)) return `it holds ${name}, which this adapter does not have`
  for (const [name, { shape }] of current) {
    const tensor = delta.get(name)
    if (!tensor) return `${name} is missing`
    if (tensor.shape.join() !== shape.join())
      return `${name} has the shape [${tensor.shape}] instead of [${shape}]: it was trained with other settings`
    const bad = tensor.data.findIndex((value) => !Number.isFinite(value))
    if (bad >= 0)
      return `${name} holds ${tensor.data[bad]}: training diverged on that device (try a smaller learning rate)`
  }
  return null
}

/** end - start, tensor by tensor. Both must have the same names and shapes. */
export function difference(end: TensorMap, start: TensorMap): TensorMap {
  return new Map(
    [...end].map(([name, { shape, data }]) => {
      const from = start.get(name)!.data
      return [name, { shape, data: data.map((value, index) => value - from[index]) }]
    }),
  )
}
