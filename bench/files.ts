/** A random checkpoint as the files of a Hugging Face directory, with a byte-level tokenizer without merges. */

import { encodeSafetensors, roomForTensors, type TensorMap } from '../src/model/safetensors'
import { type Bpe, byteAlphabet, endOfText, tokenizerConfig, tokenizerJson } from '../tools/pretrain/bpe'
import { DrawnTensors } from './drawnTensors'
import { contextLength, normEpsilon, qwen3Constants, type Shape } from './shapes'

export interface CheckpointFiles {
  readonly config: object
  readonly tokenizer: object
  readonly tokenizerSettings: object
  readonly weights: Uint8Array
}

export function checkpointFiles(shape: Shape, weights: TensorMap): CheckpointFiles {
  return {
    config: shape.qwen3 ? qwen3Config(shape) : gpt2Config(shape),
    tokenizer: tokenizerJson(byteTokenizer(shape.vocabulary)),
    tokenizerSettings: tokenizerConfig(contextLength(shape)),
    weights: weights instanceof DrawnTensors ? encodeBrainFloats(weights) : encodeSafetensors(weights),
  }
}

/** In bfloat16, one tensor after the other, so that never two of them lie in memory as floats. */
function encodeBrainFloats(weights: DrawnTensors): Uint8Array {
  const { bytes, places } = roomForTensors(weights.sides(), 'BF16')
  for (const [name, { data }] of weights) {
    const words = new Uint32Array(data.buffer, data.byteOffset, data.length)
    const halves = new Uint16Array(words.length)
    for (let index = 0; index < words.length; index++) halves[index] = words[index] >>> 16
    bytes.set(new Uint8Array(halves.buffer), places.get(name))
  }
  return bytes
}

function gpt2Config(shape: Shape): object {
  return {
    architectures: ['GPT2LMHeadModel'],
    model_type: 'gpt2',
    vocab_size: shape.vocabulary,
    n_positions: contextLength(shape),
    n_ctx: contextLength(shape),
    n_embd: shape.width,
    n_layer: shape.layers,
    n_head: shape.heads,
    activation_function: 'gelu_new',
    layer_norm_epsilon: normEpsilon,
    bos_token_id: 0,
    eos_token_id: 0,
    tie_word_embeddings: true,
  }
}

function qwen3Config(shape: Shape): object {
  return {
    architectures: ['Qwen3ForCausalLM'],
    model_type: 'qwen3',
    vocab_size: shape.vocabulary,
    max_position_embeddings: contextLength(shape),
    hidden_size: shape.width,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.qwen3!.keyValueHeads,
    head_dim: shape.qwen3!.headWidth,
    intermediate_size: shape.qwen3!.innerWidth,
    hidden_act: 'silu',
    rms_norm_eps: qwen3Constants.normEpsilon,
    rope_theta: qwen3Constants.ropeTheta,
    attention_bias: false,
    use_sliding_window: false,
    bos_token_id: 0,
    eos_token_id: 0,
    tie_word_embeddings: true,
  }
}

/** One token per byte; the rest of the vocabulary has names that no text is ever split into. */
export function byteTokenizer(size: number): Bpe {
  const known = [endOfText, ...byteAlphabet]
  const unused = Array.from({ length: size - known.length }, (_, index) => `<unused${index}>`)
  return { vocabulary: new Map([...known, ...unused].map((token, id) => [token, id])), merges: [], added: [] }
}
