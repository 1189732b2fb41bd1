/**
 * A model's `config.json`, checked once: two families, GPT-2 and LLaMA (Mistral's and SmolLM2's files are LLaMA's under
 * another name, Qwen2 adds biases to it and Qwen3 norms of its heads). What this engine would compute differently from the file's wish, another activation or another scaling
 * of positions, is refused by the setting's name instead of being ignored, and so is every setting that nobody here knows.
 */
import { z } from 'zod'
import { firstComplaint, readBy, shown } from '../lib/schema'
import {
  gpt2Schema,
  isKnownField,
  largest,
  llamaSchema,
  type ModelType,
  modelTypes,
  qwen2Schema,
  qwen3Schema,
  ropeSchemas,
} from './configFields'
import { type Fields, isOff, saidFields, unknownField } from './foreignFields'

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
  /** What the file calls it. */
  readonly type: ModelType
  /** How its blocks are made. */
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
  /** What the file names as the end of a text, each of them; the tokenizer decides whether they exist. */
  readonly eosIds: readonly number[]
  /** Whether the head is the token embedding again. */
  readonly tiedHead: boolean
  /** Whether queries, keys and values have biases; all other layers of a GPT-2 do, and no other layer of a LLaMA. */
  readonly qkvBias: boolean
  /** Whether each head's queries and keys go through an RMS norm before they turn. */
  readonly headNorms: boolean
  /** Null for learned positions. */
  readonly rope: RopeSettings | null
}

const advice = `Choose a model of type ${modelTypes.slice(0, -1).join(', ')} or ${modelTypes.at(-1)}.`

/** Throws a `ModelError` that names the setting which does not fit. */
export function parseConfig(json: unknown): ModelConfig {
  const read = readBy(z.looseObject({ model_type: z.string() }), json)
  if (!read.success) return refuse(read.error, '', advice)
  const { model_type: said } = read.data
  const type = modelTypes.find((name) => name === said)
  if (type === undefined)
    throw new ModelError(`config.json: model_type: "${said.slice(0, 40)}" is unknown here. ${advice}`)
  const known = (file: Fields = read.data) => knownFields(type, file)
  switch (type) {
    case 'gpt2':
      return gpt2Config(check(gpt2Schema, known(withUsualNames(read.data)), type))
    case 'llama':
      return llamaConfig(type, check(llamaSchema, known(), type))
    case 'mistral':
      return llamaConfig(type, check(llamaSchema, known({ ...mistralDefaults, ...read.data }), type))
    case 'qwen2':
      return qwenConfig(type, check(qwen2Schema, known({ ...qwenDefaults, ...read.data }), type))
    case 'qwen3':
      return qwenConfig(
        type,
        check(qwen3Schema, known({ ...qwenDefaults, head_dim: 128, ...read.data }), type),
      )
  }
}

type QwenFile = z.infer<typeof qwen2Schema> | z.infer<typeof qwen3Schema>
type LlamaFile = z.infer<typeof llamaSchema> | QwenFile

/** What stands where a file of these types says nothing; null means something else there. */
const mistralDefaults = { num_key_value_heads: 8, sliding_window: 4096 }
const qwenDefaults = { num_key_value_heads: 32, sliding_window: 4096, max_window_layers: 28 }

/** transformers takes these names for GPT-2's own. */
function withUsualNames(file: Fields): Fields {
  const own = {
    hidden_size: 'n_embd',
    max_position_embeddings: 'n_positions',
    num_attention_heads: 'n_head',
    num_hidden_layers: 'n_layer',
  }
  const renamed: Record<string, unknown> = { ...file }
  for (const [usual, name] of Object.entries(own)) {
    if (isOff(file[usual])) continue
    if (!isOff(file[name]) && file[name] !== file[usual])
      throw new ModelError(
        `config.json: ${usual}: ${shown(file[usual])} contradicts ${name} ${shown(file[name])}, which is the same. Download the model again.`,
      )
    delete renamed[usual]
    renamed[name] = file[usual]
  }
  return renamed
}

/** What the file says, where all of it is known. */
function knownFields(type: ModelType, file: Fields): Fields {
  const unknown = unknownField(file, (name) => isKnownField(type, name))
  if (unknown !== undefined)
    throw new ModelError(
      `config.json: ${shown(unknown)} is ${shown(file[unknown])}: this setting is not known here, and without it the model might be computed wrongly. Choose another model of type ${type}, or take it out of the file if it is a mere note.`,
    )
  return saidFields(file)
}

function gpt2Config(file: z.infer<typeof gpt2Schema>): ModelConfig {
  return {
    type: 'gpt2',
    family: 'gpt2',
    vocabulary: file.vocab_size,
    contextLength: file.n_positions,
    width: file.n_embd,
    layers: file.n_layer,
    heads: file.n_head,
    keyValueHeads: file.n_head,
    headWidth: bounded(divide(file.n_embd, file.n_head, 'n_embd', 'n_head')),
    innerWidth: file.n_inner ?? 4 * file.n_embd,
    normEpsilon: file.layer_norm_epsilon,
    eosIds: [file.eos_token_id ?? []].flat(),
    tiedHead: file.tie_word_embeddings,
    qkvBias: true,
    headNorms: false,
    rope: null,
  }
}

/** Qwen's layers before `max_window_layers` never slide, and none does unless it is switched on. */
function qwenConfig(type: 'qwen2' | 'qwen3', file: QwenFile): ModelConfig {
  const { use_sliding_window: isOn, sliding_window, layer_types: kinds } = file
  const isNamed = kinds?.includes('sliding_attention')
  if (isNamed && !isOn)
    throw new ModelError(
      `config.json: layer_types: "sliding_attention" contradicts use_sliding_window ${shown(isOn)}. Download the model again.`,
    )
  const slides = isOn && (isNamed ?? file.max_window_layers < file.num_hidden_layers)
  return llamaConfig(type, { ...file, sliding_window: slides ? sliding_window : undefined })
}

function llamaConfig(type: Exclude<ModelType, 'gpt2'>, file: LlamaFile): ModelConfig {
  const heads = file.num_attention_heads
  const keyValueHeads = file.num_key_value_heads ?? heads
  divide(heads, keyValueHeads, 'num_attention_heads', 'num_key_value_heads')
  const headWidth =
    file.head_dim ?? bounded(divide(file.hidden_size, heads, 'hidden_size', 'num_attention_heads'))
  if (headWidth % 2 !== 0)
    throw new ModelError(
      `config.json: head_dim: ${headWidth} is odd, so rotary positions do not fit it. Choose another model.`,
    )
  return {
    type,
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
    eosIds: [file.eos_token_id ?? []].flat(),
    tiedHead: file.tie_word_embeddings,
    qkvBias: type === 'qwen2',
    headNorms: type === 'qwen3',
    rope: ropeOf(file),
  }
}

function ropeOf(file: LlamaFile): RopeSettings {
  const isOlder = !isOff(file.rope_scaling) // which transformers prefers where a file has both
  const place = isOlder ? 'rope_scaling.' : 'rope_parameters.'
  const scaling = saidFields((isOlder ? file.rope_scaling : file.rope_parameters) ?? {})
  const { rope_type, type, rope_theta } = check(ropeSchemas.kind, scaling, file.model_type, place)
  const kind = rope_type ?? type ?? 'default'
  return {
    theta: rope_theta ?? file.rope_theta,
    scaling: scalingOf(kind, scaling, file.model_type, place),
  }
}

function scalingOf(
  kind: 'default' | 'linear' | 'llama3',
  scaling: Fields,
  modelType: string,
  place: string,
): RopeScaling {
  switch (kind) {
    case 'default':
      check(ropeSchemas.default, scaling, modelType, place)
      return { kind: 'none' }
    case 'linear':
      return { kind, factor: check(ropeSchemas.linear, scaling, modelType, place).factor }
    case 'llama3': {
      const file = check(ropeSchemas.llama3, scaling, modelType, place)
      if (file.high_freq_factor <= file.low_freq_factor)
        throw new ModelError(
          `config.json: ${place.slice(0, -1)}: high_freq_factor ${file.high_freq_factor} is not above low_freq_factor ${file.low_freq_factor}, so nothing lies between them. Download the model again.`,
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

function bounded(headWidth: number): number {
  if (headWidth > largest.headWidth)
    throw new ModelError(
      `config.json: its heads are ${headWidth} channels wide, and up to ${largest.headWidth} can be computed here. Choose another model.`,
    )
  return headWidth
}

function divide(whole: number, by: number, wholeName: string, byName: string): number {
  if (whole % by !== 0)
    throw new ModelError(
      `config.json: ${wholeName} ${whole} is no multiple of ${byName} ${by}. Download the model again.`,
    )
  return whole / by
}

function check<T>(schema: z.ZodType<T>, file: Fields, modelType: string, within = ''): T {
  const parsed = readBy(schema, file)
  if (parsed.success) return parsed.data
  return refuse(
    parsed.error,
    within,
    `Choose another model of type ${modelType}, or download this one again.`,
  )
}

function refuse(error: z.ZodError, within: string, advice: string): never {
  const { place, what } = firstComplaint(error)
  throw new ModelError(`config.json: ${`${within}${place}` || 'the file'}: ${what}. ${advice}`)
}
