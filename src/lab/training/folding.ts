/** A model's files with what a federation has folded into the base added to the weights: W0 + B A, at scale 1. */
import { layersOf, nameOfA, nameOfB } from '../../federation/aggregation/algebra/models'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from '../../model/safetensors'
import { fileAtHand, type ModelSource } from '../../model/source/source'

const weightsFile = 'model.safetensors'

export function foldedSource(source: ModelSource, folded: TensorMap, family: 'gpt2' | 'llama'): ModelSource {
  return {
    ...source,
    async open(name) {
      const file = await source.open(name)
      if (name !== weightsFile) return file
      const { tensors } = decodeSafetensors(await file.read(0, file.size))
      const bytes = encodeSafetensors(withFolded(tensors, folded, family === 'gpt2'))
      return fileAtHand(name, { size: bytes.length, read: async (begin, end) => bytes.slice(begin, end) })
    },
  }
}

/** GPT-2 keeps its matrices as [in, out], everybody else as [out, in]. */
function withFolded(weights: TensorMap, folded: TensorMap, isTransposed: boolean): TensorMap {
  const sums = new Map(weights)
  for (const layer of layersOf(folded)) {
    const a = folded.get(nameOfA(layer))!
    const b = folded.get(nameOfB(layer))!
    const [rank, inputs] = a.shape
    const [outputs] = b.shape
    const full = `${layer.replace('base_model.model.', '')}.weight`
    const name = weights.has(full) ? full : full.replace('transformer.', '')
    const { shape, data } = weights.get(name)!
    const sum = Float64Array.from(data)
    for (let output = 0; output < outputs; output++)
      for (let input = 0; input < inputs; input++) {
        const at = isTransposed ? input * outputs + output : output * inputs + input
        for (let k = 0; k < rank; k++) sum[at] += b.data[output * rank + k] * a.data[k * inputs + input]
      }
    sums.set(name, { shape, data: Float32Array.from(sum) })
  }
  return sums
}
