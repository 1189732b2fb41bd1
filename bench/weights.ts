/**
 * Random numbers for a shape: the frozen weights under Hugging Face's names, the adapter's first factors under PEFT's,
 * and the token stream. All come from a seed through sums and products alone, no logarithm and no cosine, so that every
 * browser and Node make the same bits and nothing has to be carried. Biases and gains are random too: with zeros and ones
 * a peer could forget them unnoticed.
 */
import { random } from '../src/lib/rng'
import type { Tensor, TensorMap } from '../src/model/safetensors'
import { adapter, contextLength, type Shape, type Target, targetLayers } from './shapes'

export const seed = 1

/** Uniform with a standard deviation of `deviation`. */
function uniform(name: string, shape: readonly number[], deviation: number, mean = 0): Tensor {
  const { next } = random(seed, name)
  const bound = deviation * Math.sqrt(3)
  const data = new Float32Array(shape.reduce((product, side) => product * side, 1))
  for (let index = 0; index < data.length; index++) data[index] = mean + bound * (2 * next() - 1)
  return { shape, data }
}

/** Every tensor of `model.safetensors`. */
export function randomWeights(shape: Shape): TensorMap {
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

/** The factors of one adapted layer. */
export interface Pair {
  /** `h.0.attn.c_attn` */
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
      for (const [suffix, inSize, outSize] of targetLayers[target](shape)) {
        const layer = `h.${block}.${suffix}`
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
