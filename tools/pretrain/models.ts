/** The base models that ship: their shape and how long they train. What they read: src/corpora/pretraining.ts. */
import type { BaseName } from '../../src/corpora/pretraining'

export interface ModelPlan {
  readonly purpose: string
  readonly family: 'gpt2' | 'llama'
  readonly vocabularySize: number
  readonly width: number
  readonly layers: number
  readonly heads: number
  readonly contextLength: number
  readonly batch: number
  readonly steps: number
  readonly warmup: number
  readonly learningRate: number
  /** Muon's, for the matrices inside the blocks; null: all is AdamW's. */
  readonly muonRate: number | null
  readonly weightDecay: number
  /** Whether documents of one row see nothing of each other: two pictures in sight would be mistaken for one. */
  readonly apart: boolean
  /** Layers after which the model is taught to speak as it does after the last, so that they can draft for it. */
  readonly exits: readonly number[]
  /** Of an exit's distance from the whole model, beside its own loss. */
  readonly exitWeight: number
}

export const plans = {
  toy: {
    purpose: 'The smallest model that still learns something: for tests, the Lab and a first look.',
    family: 'gpt2',
    vocabularySize: 1280,
    width: 64,
    layers: 2,
    heads: 4,
    contextLength: 128,
    batch: 16,
    steps: 4000,
    warmup: 100,
    learningRate: 3e-3,
    muonRate: null,
    weightDecay: 0.01,
    apart: false,
    exits: [],
    exitWeight: 0,
  },
  seedling: {
    purpose: 'The default base: small enough for a phone, fluent in the story world before any fine-tuning.',
    family: 'gpt2',
    vocabularySize: 2048,
    width: 160,
    layers: 6,
    heads: 5,
    contextLength: 256,
    batch: 8,
    steps: 3000,
    warmup: 100,
    learningRate: 2e-3,
    muonRate: null,
    weightDecay: 0.05,
    apart: false,
    exits: [2, 3, 4],
    exitWeight: 0.3,
  },
  lens: {
    purpose: 'The base that sees: small pictures and text in one vocabulary of tokens.',
    family: 'llama',
    vocabularySize: 2048,
    width: 160,
    layers: 6,
    heads: 5,
    contextLength: 256,
    batch: 8,
    steps: 6500,
    warmup: 100,
    learningRate: 2e-3,
    muonRate: 0.02,
    weightDecay: 0.05,
    apart: true,
    exits: [],
    exitWeight: 0,
  },
} as const satisfies Record<BaseName, ModelPlan>

/** A plan's `config.json`, as Hugging Face has it. */
export function configOf(plan: ModelPlan, endOfTextId: number): object {
  const shared = {
    bos_token_id: endOfTextId,
    eos_token_id: endOfTextId,
    initializer_range: 0.02,
    tie_word_embeddings: true,
    torch_dtype: 'float16',
    vocab_size: plan.vocabularySize,
  }
  switch (plan.family) {
    case 'gpt2':
      return {
        architectures: ['GPT2LMHeadModel'],
        model_type: 'gpt2',
        activation_function: 'gelu_new',
        attn_pdrop: 0,
        embd_pdrop: 0,
        layer_norm_epsilon: 1e-5,
        n_ctx: plan.contextLength,
        n_embd: plan.width,
        n_head: plan.heads,
        n_inner: null,
        n_layer: plan.layers,
        n_positions: plan.contextLength,
        resid_pdrop: 0,
        scale_attn_weights: true,
        ...shared,
      }
    case 'llama':
      return {
        architectures: ['LlamaForCausalLM'],
        model_type: 'llama',
        attention_bias: false,
        attention_dropout: 0,
        hidden_act: 'silu',
        hidden_size: plan.width,
        intermediate_size: innerWidthOf(plan),
        max_position_embeddings: plan.contextLength,
        mlp_bias: false,
        num_attention_heads: plan.heads,
        num_hidden_layers: plan.layers,
        num_key_value_heads: plan.heads,
        rms_norm_eps: 1e-5,
        rope_theta: 10_000,
        ...shared,
      }
  }
}

/** Three matrices where GPT-2 has two of four times the width: about as many weights, in whole sixteens. */
const innerWidthOf = ({ width }: ModelPlan): number => Math.ceil((width * 8) / 3 / 16) * 16
