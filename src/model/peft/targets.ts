/**
 * Which layers of a model PEFT would adapt by the settings of an adapter, at which rank and by how much. A list names ends of
 * names, a text is a regular expression that matches a whole name, `all-linear` are all linear layers but the head.
 * Source: peft 0.21, `check_target_module_exists` and `_maybe_include_all_linear_layers` (tuners/tuners_utils.py),
 * `get_pattern_key` (utils/other.py).
 */
import { sentence } from '../../lib/sentence'
import type { ModelConfig } from '../config'
import { AdapterError, adapterLayout, type Slot, targetsOf } from '../lora'
import { patternComplaint } from '../tokenizing/patterns'
import type { PeftSettings } from './settings'

/** A linear layer of a model, by its name there: `transformer.h.0.attn.c_attn`. */
export interface LinearLayer {
  readonly path: string
  /** `c_attn` */
  readonly target: string
  readonly a: Slot
  readonly b: Slot
}

export interface AdaptedLayer extends LinearLayer {
  readonly rank: number
  /** What B A is multiplied by. */
  readonly scale: number
}

const usualTargets = { gpt2: ['c_attn'], llama: ['q_proj', 'v_proj'] }
/** PEFT would adapt these too, this engine does not. */
const beside = {
  gpt2: ['lm_head', 'transformer.wte', 'transformer.wpe'],
  llama: ['lm_head', 'model.embed_tokens'],
}

export const peftPrefix = 'base_model.model.'

/** All layers of some targets, in the order of the forward pass. Shapes are those of `rank`. */
export function linearLayers(model: ModelConfig, rank: number, targets: readonly string[]): LinearLayer[] {
  const { slots } = adapterLayout(model, { rank, alpha: 1, targets })
  const named = new Map(slots.map((slot) => [slot.name, slot]))
  return slots.flatMap((a) => {
    if (a.factor === 'lora_B') return []
    const path = a.name.slice(peftPrefix.length, -'.lora_A.weight'.length)
    const b = named.get(a.name.replace('.lora_A.', '.lora_B.'))!
    return [{ path, target: path.slice(path.lastIndexOf('.') + 1), a, b }]
  })
}

/** Throws an `AdapterError` where that is none, or one that cannot be adapted here. */
export function adaptedLayers(settings: PeftSettings, model: ModelConfig): AdaptedLayer[] {
  const isTarget = targeting(settings, model)
  const other = beside[model.family].find(isTarget)
  if (other !== undefined)
    throw new AdapterError(
      `adapter_config.json: target_modules: this adapter changes ${other}, and here only ${targetsOf(model.family).join(', ')} can be adapted. Train one without it.`,
    )
  const rankOf = byPattern(settings.ranks, 'rank_pattern')
  const alphaOf = byPattern(settings.alphas, 'alpha_pattern')
  const layers = linearLayers(model, 1, targetsOf(model.family)).filter(({ path }) => isTarget(path))
  if (layers.length === 0)
    throw new AdapterError(
      `adapter_config.json: target_modules: none of the model's layers is meant. They are called ${targetsOf(model.family).join(', ')}: choose an adapter of this model.`,
    )
  return layers.map((layer) => {
    const rank = rankOf(layer.path) ?? settings.rank
    const alpha = alphaOf(layer.path) ?? settings.alpha
    return { ...layer, rank, scale: alpha / (settings.isRankStabilised ? Math.sqrt(rank) : rank) }
  })
}

function targeting(settings: PeftSettings, model: ModelConfig): (path: string) => boolean {
  const { excluded, blocks } = settings
  const targets = settings.targets ?? usualTargets[model.family]
  const isExcluded = excluded.length === 0 ? () => false : named(excluded, 'exclude_modules')
  if (typeof targets === 'string') {
    if (targets.toLowerCase() === 'all-linear')
      return (path) => !beside[model.family].includes(path) && !isExcluded(path)
    const isNamed = named(targets, 'target_modules')
    return (path) => isNamed(path) && !isExcluded(path)
  }
  const isNamed = named(targets, 'target_modules')
  const blockOf = blockNumber(settings)
  return (path) => {
    if (isExcluded(path) || !isNamed(path)) return false
    return targets.includes(path) || blocks === null || blocks.includes(blockOf(path) ?? -1)
  }
}

function named(said: string | readonly string[], field: string): (path: string) => boolean {
  if (typeof said !== 'string') return (path) => said.some((end) => path === end || path.endsWith(`.${end}`))
  const whole = compiled(said, field, (pattern) => `^(?:${pattern})$`)
  return (path) => whole.test(path)
}

/** The first number in a name that one of the patterns stands before; without patterns, whatever stands there. */
function blockNumber({ blockNames }: PeftSettings): (path: string) => number | null {
  const patterns =
    blockNames.length === 0
      ? [/^.*?\.[^.]*\.(?<block>\d+)\./u]
      : blockNames.map((name) =>
          compiled(name, 'layers_pattern', (pattern) => `^(?:|.*?\\.)${pattern}\\.(?<block>\\d+)\\.`),
        )
  return (path) => {
    const found = patterns.map((pattern) => pattern.exec(path)).find((match) => match !== null)
    return found?.groups ? Number(found.groups.block) : null
  }
}

/** The value of the first pattern that matches the end of a name. */
function byPattern(
  values: Readonly<Record<string, number>>,
  field: string,
): (path: string) => number | undefined {
  const patterns = Object.entries(values).map(
    ([key, value]) => [compiled(key, field, (pattern) => `^(?:.*\\.)?(?:${pattern})$`), value] as const,
  )
  return (path) => patterns.find(([pattern]) => pattern.test(path))?.[1]
}

/**
 * A regular expression of Python's as one of JavaScript's. In Unicode mode whatever JavaScript does not know is an error, so
 * that nothing is silently read otherwise.
 */
function compiled(pattern: string, field: string, around: (pattern: string) => string): RegExp {
  const refuse = (why: string): never => {
    throw new AdapterError(
      `${sentence(`adapter_config.json: ${field}: ${why}`)} Name the layers one by one in it, as a list of ends of names.`,
    )
  }
  const complaint = patternComplaint(pattern)
  if (complaint !== null) return refuse(`${complaint}, cannot be run`)
  try {
    return new RegExp(around(pattern.replaceAll('(?P<', '(?<')), 'u')
  } catch {
    return refuse(`the pattern "${pattern.slice(0, 60)}" is not understood here`)
  }
}
