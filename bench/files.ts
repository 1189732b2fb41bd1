/** A random checkpoint as the files of a Hugging Face directory, with a byte-level tokenizer without merges. */

import { encodeSafetensors, type TensorMap } from '../src/model/safetensors'
import { type Bpe, byteAlphabet, endOfText, tokenizerConfig, tokenizerJson } from '../tools/pretrain/bpe'
import { contextLength, normEpsilon, type Shape } from './shapes'

export interface CheckpointFiles {
  readonly config: object
  readonly tokenizer: object
  readonly tokenizerSettings: object
  readonly weights: Uint8Array
}

export function checkpointFiles(shape: Shape, weights: TensorMap): CheckpointFiles {
  const config = {
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
  return {
    config,
    tokenizer: tokenizerJson(byteTokenizer(shape.vocabulary)),
    tokenizerSettings: tokenizerConfig(contextLength(shape)),
    weights: encodeSafetensors(weights),
  }
}

/** One token per byte; the rest of the vocabulary has names that no text is ever split into. */
function byteTokenizer(size: number): Bpe {
  const known = [endOfText, ...byteAlphabet]
  const unused = Array.from({ length: size - known.length }, (_, index) => `<unused${index}>`)
  return { vocabulary: new Map([...known, ...unused].map((token, id) => [token, id])), merges: [], added: [] }
}
