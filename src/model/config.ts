/**
 * A model's `config.json`, checked once. GPT-2 architectures only; what this engine would compute differently from the
 * file's wish (another activation, untied head) is refused instead of being ignored.
 */
import { z } from 'zod'

/** A model that cannot be used. The message says what to do. */
export class ModelError extends Error {
  override name = 'ModelError'
}

export interface Gpt2Config {
  readonly vocabulary: number
  readonly contextLength: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  /** Width of the hidden layer of the two-layer network in each block. */
  readonly innerWidth: number
  readonly normEpsilon: number
  /** What the file names as the end of a text; the tokenizer decides whether it exists. */
  readonly eosId: number | null
}

const positive = z.number().int().positive()
const schema = z.object({
  model_type: z.literal('gpt2'),
  vocab_size: positive,
  n_positions: positive,
  n_embd: positive,
  n_layer: positive,
  n_head: positive,
  n_inner: positive.nullish(),
  activation_function: z.enum(['gelu_new', 'gelu_pytorch_tanh']).default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  eos_token_id: z.number().int().nonnegative().nullish(),
  tie_word_embeddings: z.literal(true).default(true),
  scale_attn_weights: z.literal(true).default(true),
  scale_attn_by_inverse_layer_idx: z.literal(false).default(false),
})

/** Throws a `ModelError` that names the setting which does not fit. */
export function parseConfig(json: unknown): Gpt2Config {
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new ModelError(
      `config.json: ${issue.path.join('.') || 'the file'}: ${issue.message}. Choose a model of the GPT-2 architecture.`,
    )
  }
  const file = parsed.data
  if (file.n_embd % file.n_head !== 0)
    throw new ModelError(`config.json: n_embd ${file.n_embd} is no multiple of n_head ${file.n_head}.`)
  return {
    vocabulary: file.vocab_size,
    contextLength: file.n_positions,
    width: file.n_embd,
    layers: file.n_layer,
    heads: file.n_head,
    innerWidth: file.n_inner ?? 4 * file.n_embd,
    normEpsilon: file.layer_norm_epsilon,
    eosId: file.eos_token_id ?? null,
  }
}
