/**
 * A model's `config.json`, checked once: two families, GPT-2 and LLaMA (Mistral's and SmolLM2's files are LLaMA's under
 * another name). What this engine would compute differently from the file's wish, another activation or another scaling
 * of positions, is refused by the setting's name instead of being ignored.
 */
import { z } from 'zod'
import { readBy } from '../lib/schema'

/** A model that cannot be used. The message says what to do. */
export class ModelError extends Error {
  override name = 'ModelError'
}

/** Rotary positions (Su et al., RoFormer, arXiv 2104.09864), and how a file stretches them to longer contexts. */
export interface RopeSettings {
  readonly theta: number
  readonly scaling: RopeScaling
}

export type RopeScaling =
  | { readonly kind: 'none' }
  | { readonly kind: 'linear'; readonly factor: number }
  | {
      readonly kind: 'llama3'
      readonly factor: number
      readonly lowFrequencyFactor: number
      readonly highFrequencyFactor: number
      readonly originalContextLength: number
    }

export interface ModelConfig {
  readonly family: 'gpt2' | 'llama'
  readonly vocabulary: number
  readonly contextLength: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  /** Fewer than `heads` where several query heads share one head of keys and values. */
  readonly keyValueHeads: number
  readonly headWidth: number
  /** Width of the hidden layer of the network in each block. */
  readonly innerWidth: number
  readonly normEpsilon: number
  /** What the file names as the end of a text; the tokenizer decides whether it exists. */
  readonly eosId: number | null
  /** Whether the head is the token embedding again. */
  readonly tiedHead: boolean
  /** Null for learned positions. */
  readonly rope: RopeSettings | null
}

/**
 * The largest that is believed of a file: several times what models have that a browser could hold (LLaMA 3 with 405
 * billion weights has 126 layers of width 16,384). Whether a model fits this device is asked later; these keep tables and
 * lists that are made of the sizes alone from being made at all.
 */
export const largest = {
  vocabulary: 1_000_000,
  contextLength: 1_048_576,
  width: 32_768,
  layers: 512,
  heads: 1024,
  headWidth: 1024,
  innerWidth: 262_144,
} as const

const size = (most: number) => z.number().int().positive().max(most)
const factor = z.number().positive().max(1e9)
const epsilon = z.number().positive().max(1)
const tokenId = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31)
const eos = z.union([tokenId, z.array(tokenId).max(1000)]).nullish()
/** A setting that must have one value where it is given at all. */
const only = <T extends string | number | boolean>(value: T) => z.literal(value).nullish()
/** Files whose numbers are packed by another program hold no plain weights. */
const shared = { quantization_config: z.null('is not supported: choose the unquantised model').optional() }

const gpt2Schema = z.object({
  ...shared,
  vocab_size: size(largest.vocabulary),
  n_positions: size(largest.contextLength),
  n_embd: size(largest.width),
  n_layer: size(largest.layers),
  n_head: size(largest.heads),
  n_inner: size(largest.innerWidth).nullish(),
  activation_function: z.enum(['gelu_new', 'gelu_pytorch_tanh']).default('gelu_new'),
  layer_norm_epsilon: epsilon.default(1e-5),
  eos_token_id: eos,
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: only(true),
  scale_attn_by_inverse_layer_idx: only(false),
  add_cross_attention: only(false),
})

const llama3Schema = z.object({
  factor,
  low_freq_factor: factor,
  high_freq_factor: factor,
  original_max_position_embeddings: size(largest.contextLength),
})
const scalingSchema = z.looseObject({
  rope_type: z.enum(['default', 'linear', 'llama3']).optional(),
  type: z.enum(['default', 'linear', 'llama3']).optional(), // the name of `rope_type` in older files
})
const ropeParametersSchema = z.looseObject({ rope_theta: factor.optional(), partial_rotary_factor: only(1) })

const llamaSchema = z.object({
  ...shared,
  vocab_size: size(largest.vocabulary),
  max_position_embeddings: size(largest.contextLength),
  hidden_size: size(largest.width),
  num_hidden_layers: size(largest.layers),
  num_attention_heads: size(largest.heads),
  num_key_value_heads: size(largest.heads).nullish(),
  head_dim: size(largest.headWidth).nullish(),
  intermediate_size: size(largest.innerWidth),
  hidden_act: z.literal('silu').default('silu'),
  rms_norm_eps: epsilon.default(1e-6),
  eos_token_id: eos,
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: only(false),
  mlp_bias: only(false),
  partial_rotary_factor: only(1),
  rope_interleaved: only(false),
  sliding_window: z.number().int().positive().nullish(),
  rope_theta: factor.default(10_000),
  rope_scaling: scalingSchema.nullish(),
  /** Newer files keep `rope_theta` and the scaling together in here. */
  rope_parameters: ropeParametersSchema.and(scalingSchema).nullish(),
})

/** Throws a `ModelError` that names the setting which does not fit. */
export function parseConfig(json: unknown): ModelConfig {
  const { model_type: type } = check(z.looseObject({ model_type: z.string() }), json)
  switch (type) {
    case 'gpt2':
      return gpt2Config(check(gpt2Schema, json))
    case 'llama':
    case 'mistral':
      return llamaConfig(check(llamaSchema, json))
    default:
      throw new ModelError(
        `config.json: model_type: "${type.slice(0, 40)}" is unknown here. Choose a model of type gpt2, llama or mistral.`,
      )
  }
}

function gpt2Config(file: z.infer<typeof gpt2Schema>): ModelConfig {
  return {
    family: 'gpt2',
    vocabulary: file.vocab_size,
    contextLength: file.n_positions,
    width: file.n_embd,
    layers: file.n_layer,
    heads: file.n_head,
    keyValueHeads: file.n_head,
    headWidth: divide(file.n_embd, file.n_head, 'n_embd', 'n_head'),
    innerWidth: file.n_inner ?? 4 * file.n_embd,
    normEpsilon: file.layer_norm_epsilon,
    eosId: firstOf(file.eos_token_id),
    tiedHead: file.tie_word_embeddings,
    rope: null,
  }
}

function llamaConfig(file: z.infer<typeof llamaSchema>): ModelConfig {
  const heads = file.num_attention_heads
  const keyValueHeads = file.num_key_value_heads ?? heads
  divide(heads, keyValueHeads, 'num_attention_heads', 'num_key_value_heads')
  const headWidth = file.head_dim ?? divide(file.hidden_size, heads, 'hidden_size', 'num_attention_heads')
  if (headWidth % 2 !== 0)
    throw new ModelError(`config.json: head_dim: ${headWidth} is odd, so rotary positions do not fit it.`)
  return {
    family: 'llama',
    vocabulary: file.vocab_size,
    // Within the window a sliding window changes nothing, so its length is as far as this engine goes.
    contextLength: Math.min(file.max_position_embeddings, file.sliding_window ?? Number.POSITIVE_INFINITY),
    width: file.hidden_size,
    layers: file.num_hidden_layers,
    heads,
    keyValueHeads,
    headWidth,
    innerWidth: file.intermediate_size,
    normEpsilon: file.rms_norm_eps,
    eosId: firstOf(file.eos_token_id),
    tiedHead: file.tie_word_embeddings,
    rope: {
      theta: file.rope_parameters?.rope_theta ?? file.rope_theta,
      scaling: scalingOf(file.rope_parameters ?? file.rope_scaling ?? {}),
    },
  }
}

function scalingOf(scaling: z.infer<typeof scalingSchema>): RopeScaling {
  const kind = scaling.rope_type ?? scaling.type ?? 'default'
  switch (kind) {
    case 'default':
      return { kind: 'none' }
    case 'linear':
      return { kind, ...check(z.object({ factor }), scaling, 'rope_scaling.') }
    case 'llama3': {
      const file = check(llama3Schema, scaling, 'rope_scaling.')
      if (file.high_freq_factor <= file.low_freq_factor)
        throw new ModelError(
          `config.json: rope_scaling: high_freq_factor ${file.high_freq_factor} is not above low_freq_factor ${file.low_freq_factor}, so nothing lies between them.`,
        )
      return {
        kind,
        factor: file.factor,
        lowFrequencyFactor: file.low_freq_factor,
        highFrequencyFactor: file.high_freq_factor,
        originalContextLength: file.original_max_position_embeddings,
      }
    }
  }
}

const firstOf = (eos: number | readonly number[] | null | undefined): number | null =>
  (typeof eos === 'number' ? eos : eos?.[0]) ?? null

function divide(whole: number, by: number, wholeName: string, byName: string): number {
  if (whole % by !== 0)
    throw new ModelError(`config.json: ${wholeName} ${whole} is no multiple of ${byName} ${by}.`)
  return whole / by
}

function check<T>(schema: z.ZodType<T>, json: unknown, within = ''): T {
  const parsed = readBy(schema, json)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const setting = `${within}${issue.path.join('.')}` || 'the file'
  throw new ModelError(
    `config.json: ${setting.slice(0, 80)}: ${issue.message}. This engine cannot run the model as its file asks: choose a GPT-2 or LLaMA model.`,
  )
}
