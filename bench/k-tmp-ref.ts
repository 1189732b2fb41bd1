import { argMax } from '../src/model/sampling'
import { gpt2, nanogpt, referenceLogits, referenceLoss } from './reference'
import { generation, shapes } from './shapes'
import { batchOfStep, promptOf, randomWeights } from './weights'
for (const name of ['S0','C1','S1','S2'] as const) {
  const shape = shapes[name]; const weights = randomWeights(shape)
  const { data, columns } = referenceLogits(shape, weights, promptOf(shape, generation.prompt), gpt2)
  console.log(name, 'firstId', argMax(data.subarray(data.length - columns)))
  console.log(name, 'gpt2', referenceLoss(shape, weights, batchOfStep(shape, 0), gpt2))
  if (name !== 'S2') console.log(name, 'nanogpt', referenceLoss(shape, weights, batchOfStep(shape, 0), nanogpt))
}
