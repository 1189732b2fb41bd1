/** What a token costs that is chosen on the machine, counted from the program. */
import { describe, expect, it } from 'vitest'
import { exactPlanner } from '../../kernels/wgsl/plans'
import { type ModelConfig, parseConfig } from '../config'
import { adapterLayout, targetsOf } from '../lora'
import { wholeStretch } from '../stretch'
import { continuingProgram, trailLength } from './continuing'
import { decodingProgram } from './decoding'

const sizes = { vocab_size: 50_257, n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024 }
const models: Record<string, ModelConfig> = {
  'GPT-2 small': parseConfig({ model_type: 'gpt2', ...sizes }),
  'a LLaMA': parseConfig({
    model_type: 'llama',
    vocab_size: 49_152,
    max_position_embeddings: 8192,
    hidden_size: 576,
    num_hidden_layers: 30,
    num_attention_heads: 9,
    num_key_value_heads: 3,
    intermediate_size: 1536,
  }),
}
const caches = { slots: 1, capacity: 1024 }
const gpu = {
  name: '',
  planFor: exactPlanner.planFor,
  maxWorkgroupStorageBytes: 16_384,
  maxInvocations: 256,
}

describe.each(Object.entries(models))('a token of %s', (_, config) => {
  const shape = { config, format: 'float16', shardRows: config.vocabulary } as const
  const layout = adapterLayout(config, { rank: 8, alpha: 16, targets: targetsOf(config.family) })
  const whole = { ...wholeStretch(config), ...caches, rows: 1, wanted: 1 }

  it.each([null, layout])('costs one call more than its logits', (adapter) => {
    const { layers } = whole
    const program = continuingProgram(shape, { layers, ...caches }, adapter)
    const plain = decodingProgram(shape, whole, adapter)
    expect(program.calls.map(({ kernel }) => kernel)).toEqual([
      ...plain.calls.map(({ kernel }) => kernel),
      'chooseToken',
    ])
    for (const call of program.calls) expect(call.shader(gpu).split).toBeUndefined()
  })

  it('takes 32 bytes with it and leaves 12 to be read, however many tokens there are', () => {
    const program = continuingProgram(shape, { layers: whole.layers, ...caches }, null)
    const numbers = [...program.inputs.values()].map(({ shape }) =>
      shape.reduce((all, side) => all * side, 1),
    )
    expect(4 * numbers.reduce((sum, size) => sum + size, 0)).toBe(4 * (1 + 2 + 1 + 4))
    expect(program.states.get('trail')!.shape).toEqual([trailLength, 3])
    expect(program.results.size).toBe(0)
  })
})

it('of GPT-2 small is 88 dispatches', () => {
  const config = models['GPT-2 small']
  const shape = { config, format: 'float16', shardRows: config.vocabulary } as const
  const { layers } = wholeStretch(config)
  expect(continuingProgram(shape, { layers, ...caches }, null).calls).toHaveLength(88)
})
