/**
 * Adapters as PEFT keeps them, both ways: `adapter_config.json` and `adapter_model.safetensors`. Bytes in, bytes out, so
 * that a page can put them into a zip and the command line into a directory. The files load in Python with
 * `PeftModel.from_pretrained`.
 * Source: https://huggingface.co/docs/peft (LoraConfig, checkpoint format).
 */
import { z } from 'zod'
import { readBy } from '../lib/schema'
import type { Adapter, AdapterConfig } from './adapter'
import { AdapterError } from './lora'
import { decodeSafetensors, encodeSafetensors } from './safetensors'

export interface PeftFiles {
  /** `adapter_config.json`, as text. */
  readonly config: string
  /** `adapter_model.safetensors`. */
  readonly weights: Uint8Array
}

/** `adapter_config.json` of any adapter that exists takes a few thousand. */
export const maxConfigCharacters = 100_000
export const mostRank = 4096

const configSchema = z.object({
  peft_type: z.literal('LORA'),
  r: z.number().int().positive().max(mostRank),
  lora_alpha: z.number().positive().max(1e6),
  target_modules: z.array(z.string().min(1).max(200)).min(1).max(1000),
  bias: z.literal('none').default('none'),
  use_rslora: z.literal(false).nullish(),
  use_dora: z.literal(false).nullish(),
  rank_pattern: z.record(z.string(), z.never()).nullish(),
  alpha_pattern: z.record(z.string(), z.never()).nullish(),
  modules_to_save: z.null().optional(),
})

/** `baseModel` is the name that Python loads the base by. */
export function encodePeft({ config, tensors }: Adapter, baseModel: string): PeftFiles {
  const settings = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: 0,
    target_modules: [...config.targets],
    bias: 'none',
    fan_in_fan_out: [...tensors.keys()].some(isInsideGpt2),
    inference_mode: true,
  }
  return {
    config: `${JSON.stringify(settings, null, 2)}\n`,
    weights: encodeSafetensors(tensors, { metadata: { format: 'pt' } }),
  }
}

/** GPT-2 keeps its linear layers as Conv1D, [in, out]; LLaMA as [out, in]. PEFT must be told when it merges. */
const isInsideGpt2 = (tensor: string): boolean => tensor.startsWith('base_model.model.transformer.h.')

/** Throws an `AdapterError` or a `SafetensorsError`. Whether it fits a model is checked where it is used. */
export function decodePeft(files: PeftFiles): Adapter {
  const config = parseConfig(files.config)
  return { config, tensors: decodeSafetensors(files.weights).tensors }
}

function parseConfig(text: string): AdapterConfig {
  if (text.length > maxConfigCharacters)
    throw new AdapterError(
      `adapter_config.json has ${text.length} characters, more than ${maxConfigCharacters}: it is no adapter's configuration.`,
    )
  const parsed = readBy(configSchema, parseJson(text))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new AdapterError(
      `adapter_config.json: ${issue.path.join('.').slice(0, 80) || 'the file'}: ${issue.message}. Only plain LoRA adapters can be read.`,
    )
  }
  const { r, lora_alpha: alpha, target_modules: targets } = parsed.data
  return { rank: r, alpha, targets }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Its own message would quote the file.
    throw new AdapterError('adapter_config.json is no valid JSON. Export the adapter again.')
  }
}
