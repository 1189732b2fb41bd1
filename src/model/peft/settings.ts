/**
 * `adapter_config.json`: what PEFT would do with an adapter, checked field by field. What PEFT would compute and this engine
 * would not (DoRA, aLoRA, initial weights that are taken out of the base, modules beside the factors, and whatever nobody
 * here has heard of) is refused by its name with what to do; null, false and empty turn off, as in PEFT.
 * Source: peft 0.21, `LoraConfig` (tuners/lora/config.py) and `LoraLayer.update_layer` (tuners/lora/layer.py).
 */
import { z } from 'zod'
import { firstComplaint, readBy, shown } from '../../lib/schema'
import { type Fields, saidFields, supported, turnedOff, unknownField } from '../foreignFields'
import { AdapterError } from '../lora'

/** What of it decides about layers, ranks and scales. */
export interface PeftSettings {
  readonly rank: number
  readonly alpha: number
  /** A pattern, or ends of names; null: those that PEFT takes for the model's type. */
  readonly targets: string | readonly string[] | null
  readonly excluded: string | readonly string[]
  /** Null: all. */
  readonly blocks: readonly number[] | null
  /** Patterns of what stands before a block's number. */
  readonly blockNames: readonly string[]
  /** By patterns of names. */
  readonly ranks: Readonly<Record<string, number>>
  readonly alphas: Readonly<Record<string, number>>
  /** Scaled by alpha / √rank (Kalajdzievski, arXiv 2312.03732) instead of alpha / rank. */
  readonly isRankStabilised: boolean
}

/** `adapter_config.json` of any adapter that exists takes a few thousand. */
export const maxConfigCharacters = 100_000
export const mostRank = 4096

const rank = z.number().int().positive().max(mostRank)
const alpha = z.number().positive().max(1e6)
const name = z.string().min(1).max(200)
const names = z.array(name).max(1000)
const pattern = z.string().min(1).max(4000)
const block = z.number().int().nonnegative().max(100_000)

const train = (what: string) => turnedOff(`train the adapter again without ${what}`)
const convert = 'convert it in PEFT: load it there and call merge_and_unload, then fine-tune the merged model'

/** Initial weights that leave the base as it is. */
const harmlessStarts = ['gaussian', 'eva', 'orthogonal', 'mica']
const isHarmlessStart = (value: unknown): boolean =>
  typeof value === 'boolean' ||
  (typeof value === 'string' &&
    // Of these names PEFT knows this one in capitals, too.
    (harmlessStarts.includes(value) || value.toLowerCase() === 'gaussian'))
const start = z.custom(isHarmlessStart, { error: ({ input }) => startComplaint(input) }).optional()

/** Those of PiSSA, OLoRA, CorDA, LoRA-GA and LoftQ come out of the base, which PEFT changes when it loads them. */
function startComplaint(value: unknown): string {
  const small = String(value).toLowerCase()
  return harmlessStarts.includes(small)
    ? `${shown(value)} is not known to PEFT in capitals. Write "${small}"`
    : `${shown(value)} is not supported here: PEFT takes what this adapter began with out of the base. Convert it to plain ` +
        'LoRA with peft_model.save_pretrained(…, path_initial_model_for_weight_conversion=…) and read the result'
}

const schema = z.looseObject({
  peft_type: supported('LORA'),
  task_type: supported('CAUSAL_LM').optional(),
  r: rank.default(8),
  lora_alpha: alpha.default(8),
  target_modules: z.union([names.min(1), pattern]).optional(),
  exclude_modules: z.union([names, z.string().max(4000)]).optional(),
  layers_to_transform: z.union([block, z.array(block).max(1000)]).optional(),
  layers_pattern: z.union([z.array(pattern).max(100), z.string().max(4000)]).optional(),
  rank_pattern: z.record(pattern, rank).optional(),
  alpha_pattern: z.record(pattern, alpha).optional(),
  use_rslora: z.boolean().optional(),
  init_lora_weights: start,
  bias: supported('none').optional(),
  lora_bias: train('lora_bias'),
  modules_to_save: train('modules_to_save'),
  trainable_token_indices: train('trainable_token_indices'),
  target_parameters: train('target_parameters'),
  layer_replication: turnedOff('choose an adapter for the base as it is'),
  use_dora: turnedOff(convert),
  use_qalora: turnedOff(convert),
  use_bdlora: turnedOff(convert),
  kasa_config: turnedOff(convert),
  alora_invocation_tokens: train('alora_invocation_tokens'),
  arrow_config: train('arrow_config'),
  monteclora_config: train('monteclora_config'),
  velora_config: train('velora_config'),
  megatron_config: train('megatron_config'),
})

/** What says nothing about what is computed, and what belongs to ways of starting that are refused by themselves. */
const harmless = new Set([
  ...['base_model_name_or_path', 'revision', 'inference_mode', 'auto_mapping', 'peft_version'],
  ...['lora_dropout', 'fan_in_fan_out', 'ensure_weight_tying', 'runtime_config', 'megatron_core'],
  ...['loftq_config', 'eva_config', 'corda_config', 'lora_ga_config', 'qalora_group_size'],
])

/** Throws an `AdapterError` that names the field which does not fit. */
export function parsePeftSettings(text: string): PeftSettings {
  if (text.length > maxConfigCharacters)
    throw new AdapterError(
      `adapter_config.json has ${text.length} characters, more than ${maxConfigCharacters}: it is no adapter's configuration. Give the directory of a PEFT adapter.`,
    )
  const file = readBy(z.record(z.string(), z.unknown()), parseJson(text))
  if (!file.success)
    throw new AdapterError('adapter_config.json holds no settings. Export the adapter again.')
  const parsed = readBy(schema, saidFields(file.data))
  if (!parsed.success) {
    const { place, what } = firstComplaint(parsed.error)
    throw new AdapterError(`adapter_config.json: ${place}: ${what}. Plain LoRA adapters of PEFT can be read.`)
  }
  refuseUnknown(file.data)
  const { data } = parsed
  const isPattern = typeof data.target_modules === 'string'
  for (const field of ['layers_to_transform', 'layers_pattern'] as const)
    if (isPattern && data[field] !== undefined)
      throw new AdapterError(
        `adapter_config.json: ${field}: it means nothing beside a target_modules that is a pattern. Export the adapter again.`,
      )
  return {
    rank: data.r,
    alpha: data.lora_alpha,
    targets: data.target_modules ?? null,
    excluded: data.exclude_modules ?? [],
    blocks: listed(data.layers_to_transform).length > 0 ? listed(data.layers_to_transform) : null,
    blockNames: listed(data.layers_pattern).filter((each) => each !== ''),
    ranks: data.rank_pattern ?? {},
    alphas: data.alpha_pattern ?? {},
    isRankStabilised: data.use_rslora ?? false,
  }
}

function refuseUnknown(file: Fields): void {
  const unknown = unknownField(file, (field) => field in schema.shape || harmless.has(field))
  if (unknown === undefined) return
  throw new AdapterError(
    `adapter_config.json: ${shown(unknown)} is ${shown(file[unknown])}: this setting is not known here, and without it the adapter might do something else. Train the adapter without it, or take it out of the file if it is a mere note.`,
  )
}

const listed = <Value>(value: Value | readonly Value[] | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Value]

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Its own message would quote the file.
    throw new AdapterError('adapter_config.json is no valid JSON. Export the adapter again.')
  }
}
