/**
 * The first layers of a model as a model of their own: embedding, so many layers, the last norm and the head. It is what a weak
 * tab guesses with in speculative decoding (reasoning/modes/speculative/drafter.ts), and a room can train an adapter for it by the
 * same rounds as any other: whoever opens a model at a depth holds a shorter model, and nothing else need know. What was
 * learned there is an adapter of the whole model, too, which leaves its later layers as they are.
 */
import type { Adapter } from './adapter'
import { type ModelConfig, ModelError } from './config'
import { AdapterError, adapterLayout, targetsOf } from './lora'
import type { TensorMap } from './safetensors'

/**
 * @param depth so many layers, from 1; null: all of them
 * @throws ModelError where the model has fewer
 */
export function atDepth(config: ModelConfig, depth: number | null): ModelConfig {
  if (depth === null) return config
  if (!Number.isInteger(depth) || depth < 1 || depth > config.layers)
    throw new ModelError(
      `The model has ${config.layers} layers, so its first ${depth} cannot be trained by themselves. Choose a depth from 1 to ${config.layers}, or none for the whole model.`,
    )
  return { ...config, layers: depth }
}

/** So many first layers an adapter reaches to. Throws an `AdapterError` where it adapts none. */
export function depthOf(tensors: TensorMap): number {
  const depth = 1 + Math.max(-1, ...[...tensors.keys()].map(layerOf))
  if (depth === 0) throw new AdapterError('The adapter names no layer of a model. Export it again.')
  return depth
}

/** An adapter of the first layers, at any rank and of any targets, as one of the whole model: the others stay as they are. */
export function onAllLayers({ config, tensors }: Adapter, model: ModelConfig): Adapter {
  const depth = depthOf(tensors)
  const named = new Set([...tensors.keys()].map(targetOf))
  const targets = targetsOf(model.family).filter((target) => named.has(target))
  const own = targets.length > 0 ? { ...config, targets } : config
  const zeros = adapterLayout(model, own)
    .slots.filter(({ name }) => layerOf(name) >= depth)
    .map(({ name, shape }) => [name, { shape, data: new Float32Array(shape[0] * shape[1]) }] as const)
  return { config: own, tensors: new Map([...tensors, ...zeros]) }
}

/** -1 where none is named. */
const layerOf = (name: string): number => Number(/\.(?:h|layers)\.(\d+)\./.exec(name)?.[1] ?? -1)
/** `c_attn`, of the name of one of its factors. */
const targetOf = (name: string): string => name.split('.').at(-3) ?? ''
