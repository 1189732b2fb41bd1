/**
 * Random numbers for a shape: the frozen weights under Hugging Face's names, the adapter's first factors under PEFT's,
 * and the token stream. All come from a seed through sums and products alone, no logarithm and no cosine, so that every
 * browser and Node make the same bits and nothing has to be carried. Biases and gains are random too: with zeros and ones
 * a peer could forget them unnoticed.
 */
import { random } from '../src/lib/rng'
import type { Tensor, TensorMap } from '../src/model/safetensors'
import { DrawnTensors } from './drawnTensors'
import { adapter, blockName, contextLength, type Shape, type Target, targetLayers } from './shapes'

export const seed = 1

/** Uniform with a standard deviation of `deviation`; the same for the same name. */
export function uniform(name: string, shape: readonly number[], deviation: number, mean = 0): Tensor {
  const { next } = random(seed, name)
  const bound = deviation * Math.sqrt(3)
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1))
  for (let index = 0; index < data.length; index++) data[index] = mean + bound * (2 * next() - 1)
  return { shape, data }
}

/** Every tensor of `model.safetensors`. Those of a Qwen3, of which not all fit into memory, are drawn when they are asked for. */
export const randomWeights = (shape: Shape): TensorMap =>
  shape.qwen3 ? qwen3Weights(shape) : gpt2Weights(shape)

function gpt2Weights(shape: Shape): TensorMap {
  const { layers, width, vocabulary } = shape
  const tensors = new Map<string, Tensor>()
  const add = (name: string, sides: readonly number[], deviation = 0.02, mean = 0) =>
    void tensors.set(name, uniform(name, sides, deviation, mean))
  const norm = (name: string) => {
    add(`${name}.weight`, [width], 0.02, 1)
    add(`${name}.bias`, [width])
  }
  const linear = (name: string, inSize: number, outSize: number) => {
    add(`${name}.weight`, [inSize, outSize], 1 / Math.sqrt(inSize))
    add(`${name}.bias`, [outSize])
  }
  add('wte.weight', [vocabulary, width], 0.05)
  add('wpe.weight', [contextLength(shape), width], 0.05)
  for (let block = 0; block < layers; block++) {
    norm(`h.${block}.ln_1`)
    linear(`h.${block}.attn.c_attn`, width, 3 * width)
    linear(`h.${block}.attn.c_proj`, width, width)
    norm(`h.${block}.ln_2`)
    linear(`h.${block}.mlp.c_fc`, width, 4 * width)
    linear(`h.${block}.mlp.c_proj`, 4 * width, width)
  }
  norm('ln_f')
  return tensors
}

function qwen3Weights(shape: Shape): TensorMap {
  const { layers, width, vocabulary, qwen3 } = shape
  const tensors = new DrawnTensors(uniform)
  const gain = (name: string, size: number) => tensors.add(`${name}.weight`, [size], 0.02, 1)
  tensors.add('model.embed_tokens.weight', [vocabulary, width], 0.05)
  for (let block = 0; block < layers; block++) {
    const own = blockName(shape, block)
    gain(`${own}.input_layernorm`, width)
    for (const [suffix, inSize, outSize] of Object.values(targetLayers(shape)).flat())
      tensors.add(`${own}.${suffix}.weight`, [outSize, inSize], 1 / Math.sqrt(inSize))
    for (const part of ['q', 'k']) gain(`${own}.self_attn.${part}_norm`, qwen3!.headWidth)
    gain(`${own}.post_attention_layernorm`, width)
  }
  gain('model.norm', width)
  return tensors
}

/** The factors of one adapted layer. */
export interface Pair {
  /** `h.0.attn.c_attn`, `model.layers.0.self_attn.q_proj` */
  readonly layer: string
  readonly a: Tensor // [rank, in]
  readonly b: Tensor // [out, rank]
}

/** A random, B zero: the adapter that every peer starts from. */
export function firstAdapter(shape: Shape, targets: readonly Target[]): Pair[] {
  const { rank } = adapter
  const pairs: Pair[] = []
  for (let block = 0; block < shape.layers; block++)
    for (const target of targets)
      for (const [suffix, inSize, outSize] of targetLayers(shape)[target]) {
        const layer = `${blockName(shape, block)}.${suffix}`
        pairs.push({
          layer,
          a: uniform(`${layer}.lora_A`, [rank, inSize], 1 / Math.sqrt(3 * inSize)),
          b: { shape: [outSize, rank], data: new Float32Array(outSize * rank) },
        })
      }
  return pairs
}

export interface Batch {
  readonly ids: Int32Array<ArrayBuffer> // [batch, time]
  /** The ids one position later. */
  readonly targets: Int32Array<ArrayBuffer> // [batch, time]
}

/** How many batches the token stream holds before it starts again: the same one is seen to get better. */
export const streamLength = 2

/** The batch of a step: random tokens, the same for every peer. */
export function batchOfStep({ batch, time, vocabulary }: Shape, step: number): Batch {
  const { int } = random(seed, 'tokens', step % streamLength)
  const ids = new Int32Array(batch * time)
  const targets = new Int32Array(batch * time)
  for (let row = 0; row < batch; row++) {
    const tokens = Array.from({ length: time + 1 }, () => int(vocabulary))
    ids.set(tokens.slice(0, -1), row * time)
    targets.set(tokens.slice(1), row * time)
  }
  return { ids, targets }
}

/** The text that generation continues. */
export function promptOf({ vocabulary }: Shape, length: number): number[] {
  const { int } = random(seed, 'prompt')
  return Array.from({ length }, () => int(vocabulary))
}
