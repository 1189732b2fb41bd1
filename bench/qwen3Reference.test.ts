import { expect, test } from 'vitest'
import { parseConfig } from '../src/model/config'
import { initialAdapter, targetsOf } from '../src/model/lora'
import { decodeSafetensors } from '../src/model/safetensors'
import { parameterCount } from '../src/model/weights'
import { makeBatch } from '../src/training/batches'
import { evaluate } from '../src/training/evaluate'
import { openOn } from '../src/training/testing'
import { checkpointFiles } from './files'
import { referenceLogits, referenceLoss } from './reference'
import { adapter, type Shape, shapes, stepOperations, targetLayers, targets } from './shapes'
import { batchOfStep, firstAdapter, randomWeights } from './weights'

const shape: Shape = {
  name: 'S3',
  layers: 2,
  width: 16,
  heads: 4,
  time: 12,
  batch: 2,
  vocabulary: 300,
  qwen3: { keyValueHeads: 2, headWidth: 8, innerWidth: 24 },
}
const weights = randomWeights(shape)
const batch = batchOfStep(shape, 0)

test('a Qwen3 that has learned nothing is about as wrong as guessing, and no position sees a later one', () => {
  expect(referenceLoss(shape, weights, batch)).toBeCloseTo(Math.log(300), 0)
  const [before, after] = [5, 9].map((last) => referenceLogits(shape, weights, [3, 1, 4, 1, last]))
  const seen = 4 * before.columns
  expect(before.data.slice(0, seen)).toEqual(after.data.slice(0, seen))
  expect(before.data.slice(seen)).not.toEqual(after.data.slice(seen))
})

test('its files hold the numbers that are drawn, in bfloat16, and the engine has the oracle’s loss', async () => {
  const { config, tokenizer, tokenizerSettings, weights: bytes } = checkpointFiles(shape, weights)
  expect(decodeSafetensors(bytes).tensors).toEqual(new Map(weights))
  expect(bytes.length).toBeLessThan(2 * parameterCount(parseConfig(config)) + 4000)
  const json = (value: object) => new TextEncoder().encode(JSON.stringify(value))
  const files = new Map([
    ['config.json', json(config)],
    ['tokenizer.json', json(tokenizer)],
    ['tokenizer_config.json', json(tokenizerSettings)],
    ['model.safetensors', bytes],
  ])
  const rows = [0, 1].map((sequence) => {
    const from = sequence * shape.time
    const ids = [...batch.ids.subarray(from, from + shape.time)]
    return { tokens: [...ids, batch.targets[from + shape.time - 1]], countFrom: 1 }
  })
  const model = await openOn('wasm', files)
  const { loss } = await evaluate(model, null, [makeBatch(rows, shape.time)])
  expect(Math.abs(loss - referenceLoss(shape, weights, batch))).toBeLessThan(1e-5)
})

test('its first adapter has the names and sides that the engine asks for', () => {
  const model = parseConfig(checkpointFiles(shape, weights).config)
  const own = initialAdapter(model, { ...adapter, targets: targetsOf('llama') }, 1).tensors
  const named = firstAdapter(shape, targets).flatMap(({ layer, a, b }) => [
    [`base_model.model.${layer}.lora_A.weight`, a.shape],
    [`base_model.model.${layer}.lora_B.weight`, b.shape],
  ])
  expect(new Map(named as [string, readonly number[]][])).toEqual(
    new Map([...own].map(([name, tensor]) => [name, tensor.shape])),
  )
})

test('S3 is Qwen3-0.6B', () => {
  const { layers, width, vocabulary } = shapes.S3
  const linears = Object.values(targetLayers(shapes.S3)).flat()
  const inBlocks = layers * linears.reduce((sum, [, inSize, outSize]) => sum + inSize * outSize, 0)
  expect(inBlocks + vocabulary * width).toBe(596_049_920 - (2 * layers + 1) * width - 2 * layers * 128)
  // Two operations forward and two back for each of them and each token, and what attention takes.
  expect(stepOperations(shapes.S3) / (256 * 4 * (inBlocks + vocabulary * width))).toBeCloseTo(1.0432, 3)
})
