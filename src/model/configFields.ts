/**
 * The fields of a `config.json`: those that this engine reads, with what it can compute, and those that change nothing in
 * what a model computes of a text (names, notes, dropout, how to generate, how to lay numbers out on a server).
 * Source: transformers 5.18, `configuration_gpt2.py`, `configuration_llama.py`, `configuration_mistral.py`,
 * `configuration_qwen2.py`, `configuration_qwen3.py` and the base class in `configuration_utils.py`, with the names that
 * older versions wrote.
 */
import { z } from 'zod'
import { supported, turnedOff } from './foreignFields'

/** What a file's `model_type` may be. */
export const modelTypes = ['gpt2', 'llama', 'mistral', 'qwen2', 'qwen3'] as const
export type ModelType = (typeof modelTypes)[number]

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
  /** What the kernels of attention hold at once. */
  headWidth: 128,
  innerWidth: 262_144,
} as const

const size = (most: number) => z.number().int().positive().max(most)
export const factor = z.number().positive().max(1e9)
const epsilon = z.number().positive().max(1)
const tokenId = z
  .number()
  .int()
  .nonnegative()
  .max(2 ** 31)

/** What ends a text: one token, or any of several. */
export const ends = z.union([tokenId, z.array(tokenId).max(1000)])

const shared = {
  model_type: z.string(),
  vocab_size: size(largest.vocabulary),
  eos_token_id: ends.optional(),
  is_encoder_decoder: supported(false).optional(),
  add_cross_attention: supported(false).optional(),
  quantization_config: turnedOff('choose the unquantised model'),
  pruned_heads: turnedOff('choose a model with all its heads'),
  per_layer_config: turnedOff('choose a model whose layers are all alike'),
}

export const gpt2Schema = z.looseObject({
  ...shared,
  n_positions: size(largest.contextLength),
  n_embd: size(largest.width),
  n_layer: size(largest.layers),
  n_head: size(largest.heads),
  n_inner: size(largest.innerWidth).optional(),
  // Three names of one formula.
  activation_function: supported('gelu_new', 'gelu_pytorch_tanh', 'gelu_fast').default('gelu_new'),
  layer_norm_epsilon: epsilon.default(1e-5),
  tie_word_embeddings: z.boolean().default(true),
  scale_attn_weights: supported(true).optional(),
  scale_attn_by_inverse_layer_idx: supported(false).optional(),
})

export const llamaSchema = z.looseObject({
  ...shared,
  max_position_embeddings: size(largest.contextLength),
  hidden_size: size(largest.width),
  num_hidden_layers: size(largest.layers),
  num_attention_heads: size(largest.heads),
  num_key_value_heads: size(largest.heads).optional(),
  head_dim: size(largest.headWidth).optional(),
  intermediate_size: size(largest.innerWidth),
  hidden_act: supported('silu', 'swish').default('silu'),
  rms_norm_eps: epsilon.default(1e-6),
  tie_word_embeddings: z.boolean().default(false),
  attention_bias: supported(false).optional(),
  mlp_bias: supported(false).optional(),
  partial_rotary_factor: supported(1).optional(),
  rope_interleaved: supported(false).optional(),
  sliding_window: z.number().int().positive().optional(),
  /** Layers that slide are cut off where they would begin to. */
  layer_types: z.array(supported('full_attention', 'sliding_attention')).max(largest.layers).optional(),
  rope_theta: factor.default(10_000),
  rope_scaling: z.record(z.string(), z.unknown()).optional(),
  /** Newer files keep `rope_theta` and the scaling together in here. */
  rope_parameters: z.record(z.string(), z.unknown()).optional(),
})

/** Qwen's files name a window that slides only where `use_sliding_window` says so, and then in the later layers alone. */
const qwenShape = {
  ...llamaSchema.shape,
  use_sliding_window: z.boolean().default(false),
  max_window_layers: z.number().int().nonnegative().max(1e9),
}
/** Its q, k and v have biases, whatever a file says. */
export const qwen2Schema = z.looseObject({ ...qwenShape, attention_bias: supported(true).optional() })
export const qwen3Schema = z.looseObject(qwenShape)

const ropeKind = supported('default', 'linear', 'llama3').optional()
const ropeShared = {
  rope_theta: factor.optional(),
  rope_type: ropeKind,
  type: ropeKind, // the name of `rope_type` in older files
  partial_rotary_factor: supported(1).optional(),
}
/** By kind: transformers, too, refuses a scaling with fields of another one. */
export const ropeSchemas = {
  kind: z.looseObject(ropeShared),
  default: z.strictObject({ ...ropeShared, factor: supported(1).optional() }),
  linear: z.strictObject({ ...ropeShared, factor }),
  llama3: z.strictObject({
    ...ropeShared,
    factor,
    low_freq_factor: factor,
    high_freq_factor: factor,
    original_max_position_embeddings: size(largest.contextLength),
  }),
}

/** What all types have in common that changes nothing here. */
const notes = [
  ...['architectures', 'dtype', 'torch_dtype', 'name_or_path', 'finetuning_task', 'task_specific_params'],
  ...['id2label', 'label2id', 'num_labels', 'problem_type', 'tokenizer_class', 'prefix', 'model_max_length'],
  ...['bos_token_id', 'pad_token_id', 'sep_token_id', 'unk_token_id', 'decoder_start_token_id'],
  ...['initializer_range', 'gradient_checkpointing', 'use_cache', 'cache_implementation', 'is_decoder'],
  ...['output_attentions', 'output_hidden_states', 'output_past', 'return_dict', 'tie_last_hidden_states'],
  ...['torchscript', 'use_bfloat16', 'tf_legacy_loss', 'cross_attention_hidden_size', 'tie_encoder_decoder'],
  ...['attn_implementation', 'experts_implementation', 'chunk_size_feed_forward', 'max_window_layers'],
  // How transformers generates by itself.
  ...[
    'max_length',
    'min_length',
    'max_new_tokens',
    'do_sample',
    'early_stopping',
    'num_beams',
    'temperature',
  ],
  ...['num_beam_groups', 'diversity_penalty', 'top_k', 'top_p', 'typical_p', 'repetition_penalty'],
  ...['length_penalty', 'no_repeat_ngram_size', 'encoder_no_repeat_ngram_size', 'bad_words_ids'],
  ...['num_return_sequences', 'output_scores', 'return_dict_in_generate', 'forced_bos_token_id'],
  ...['forced_eos_token_id', 'remove_invalid_values', 'exponential_decay_length_penalty'],
  ...['suppress_tokens', 'begin_suppress_tokens', 'epsilon_cutoff', 'eta_cutoff'],
]
/**
 * Written by libraries that pass models on (`_name_or_path`, `transformers_version`, `unsloth_fixed`), for heads that are not
 * read (`summary_type`), and every dropout: nothing is dropped here.
 */
const noted = /^(_|transformers|unsloth_|summary_)|dropout|pdrop$/

const ofLlama = [
  ...notes,
  ...Object.keys(llamaSchema.shape),
  // Slices a product that is the same in one piece.
  ...['pretraining_tp', 'is_llama_config', 'original_max_position_embeddings', 'use_sliding_window'],
  ...['max_sequence_length', 'max_seq_length', 'max_seq_len', 'seq_length'],
]
const ofQwen = new Set([...ofLlama, ...Object.keys(qwenShape)])

const harmless: Readonly<Record<ModelType, ReadonlySet<string>>> = {
  gpt2: new Set([
    ...notes,
    ...Object.keys(gpt2Schema.shape),
    // In float32 scores are the same in either order.
    ...['n_ctx', 'n_special', 'predict_special_tokens', 'reorder_and_upcast_attn'],
  ]),
  llama: new Set(ofLlama),
  mistral: new Set(ofLlama),
  qwen2: ofQwen,
  qwen3: ofQwen,
}

export const isKnownField = (type: ModelType, name: string): boolean =>
  harmless[type].has(name) || noted.test(name)
