/**
 * For tests: the fixtures that bench/oracle/oracle.py wrote. Small random checkpoints, and what PyTorch computed with them:
 * logits, losses, gradients, trained adapters. That page says how each number came about. Of the engine only the readers
 * of safetensors and of PEFT files are used here, and merging is done in 64 bits with plain loops.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Adapter } from './adapter'
import { parseConfig } from './config'
import questions from './fixtures/oracle/oracle.json'
import { decodePeft, type PeftFiles } from './peft/peft'
import { decodeSafetensors, type Tensor, type TensorMap } from './safetensors'

/** Training for one list of targets. */
export interface OracleCase {
  /** `c_attn+c_proj` */
  readonly name: string
  readonly start: Adapter
  /** Of the first step. */
  readonly gradient: TensorMap
  /** Before each step's update. */
  readonly losses: Float32Array
  readonly trained: Adapter
  /** After the trained adapter was merged into the weights; of the same positions as the model's. */
  readonly logits: Tensor
}

export interface OracleModel {
  readonly name: string
  /** The directory: file names and bytes. */
  readonly files: ReadonlyMap<string, Uint8Array>
  readonly config: unknown
  readonly tokenizer: unknown
  /** All tensors of all shards, under the names of the files. */
  readonly weights: TensorMap
  readonly text: string
  readonly ids: readonly number[]
  /** `logits` belongs to the last positions of the first so many tokens. */
  readonly sequence: number
  readonly logits: Tensor // [position, vocabulary]
  /** Of every token but the first, in windows of `training.time`. */
  readonly losses: Float32Array
  readonly training: {
    readonly learningRate: number
    readonly batch: number
    readonly time: number
    readonly steps: number
  }
  /** With the targets of all cases. */
  readonly start: Adapter
  readonly cases: readonly OracleCase[]
}

const directory = (name: string): string =>
  fileURLToPath(new URL(`./fixtures/oracle/${name}`, import.meta.url))

/** One of the checkpoints, with everything that is expected of it. */
export function oracleModel(name: keyof typeof questions): OracleModel {
  const files = new Map(
    readdirSync(directory(name)).map((file) => [file, readFileSync(`${directory(name)}/${file}`)]),
  )
  const json = (file: string) => JSON.parse(files.get(file)!.toString('utf8'))
  const shards = [...files].filter(([file]) => /^model.*\.safetensors$/.test(file))
  const config = json('config.json')
  const start = decodePeft(
    {
      config: files.get('adapter_config.json')!.toString('utf8'),
      weights: files.get('adapter_model.safetensors')!,
    },
    parseConfig(config),
  )
  const expected = decodeSafetensors(files.get('expected.safetensors')!).tensors
  const { cases, ...question } = questions[name]
  return {
    ...question,
    name,
    files,
    config,
    tokenizer: json('tokenizer.json'),
    weights: new Map(shards.flatMap(([, bytes]) => [...decodeSafetensors(bytes).tensors])),
    logits: expected.get('logits')!,
    losses: expected.get('losses')!.data,
    start,
    cases: cases.map((targets) => readCase(targets, start, expected)),
  }
}

export const oracleModels = (Object.keys(questions) as (keyof typeof questions)[]).map(oracleModel)

/** Training on rows of unequal length with prompts that do not count; targets and rate are those of the whole model. */
export const ragged = {
  ...questions.gpt2.ragged,
  losses: decodeSafetensors(readFileSync(directory('gpt2/expected.safetensors'))).tensors.get(
    'ragged/losses',
  )!.data,
}

function readCase(targets: readonly string[], whole: Adapter, expected: TensorMap): OracleCase {
  const name = targets.join('+')
  const config = { ...whole.config, targets }
  const layerOf = (tensor: string) => tensor.split('.').at(-3)!
  const tensors = new Map([...whole.tensors].filter(([tensor]) => targets.includes(layerOf(tensor))))
  const result = (kind: string): Tensor => expected.get(`${name}/${kind}`)!
  return {
    name,
    start: { config, tensors },
    gradient: cut(result('gradient').data, tensors),
    losses: result('losses').data,
    trained: { config, tensors: cut(result('trained').data, tensors) },
    logits: result('logits'),
  }
}

/** Cuts a flat array into tensors of the names and shapes of `like`, in the order of their names. */
export function cut(flat: Float32Array, like: TensorMap): TensorMap {
  let offset = 0
  return new Map(
    [...like.keys()].sort().map((name) => {
      const { shape, data } = like.get(name)!
      offset += data.length
      return [name, { shape, data: flat.subarray(offset - data.length, offset) }]
    }),
  )
}

/** The weights with an exported adapter inside, as PEFT's `merge_and_unload` does it. */
export function merge(weights: TensorMap, exported: PeftFiles): TensorMap {
  const { r: rank, lora_alpha: alpha, fan_in_fan_out: conv1d } = JSON.parse(exported.config)
  const factors = decodeSafetensors(exported.weights).tensors
  const merged = new Map(weights)
  for (const [name, { shape, data: a }] of factors) {
    if (!name.endsWith('.lora_A.weight')) continue
    const { shape: outShape, data: b } = factors.get(name.replace('lora_A', 'lora_B'))!
    const [inSize, outSize] = [shape[1], outShape[0]]
    const layer = name.replace('base_model.model.', '').replace('.lora_A', '')
    const key = weights.has(layer) ? layer : layer.replace('transformer.', '')
    const weight = weights.get(key)!
    const data = weight.data.slice()
    for (let output = 0; output < outSize; output++) {
      for (let input = 0; input < inSize; input++) {
        let product = 0
        for (let k = 0; k < rank; k++) product += b[output * rank + k] * a[k * inSize + input]
        data[conv1d ? input * outSize + output : output * inSize + input] += (alpha / rank) * product
      }
    }
    merged.set(key, { shape: weight.shape, data })
  }
  return merged
}
