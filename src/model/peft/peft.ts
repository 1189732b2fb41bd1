/**
 * Adapters as PEFT keeps them, both ways: `adapter_config.json` and `adapter_model.safetensors`. Bytes in, bytes out, so
 * that a page can put them into a zip and the command line into a directory. The files load in Python with
 * `PeftModel.from_pretrained`. What comes from elsewhere may adapt some layers only, or each at another rank and scale: here
 * all layers of a target have the same, so missing ranks and layers become zeros, which training leaves at zero, and a scale
 * that differs goes into B.
 * Source: https://huggingface.co/docs/peft (LoraConfig, checkpoint format).
 */
import type { Adapter } from '../adapter'
import type { ModelConfig } from '../config'
import { AdapterError } from '../lora'
import { decodeSafetensors, encodeSafetensors, type Tensor, type TensorMap } from '../safetensors'
import { type PeftSettings, parsePeftSettings } from './settings'
import { type AdaptedLayer, adaptedLayers, linearLayers, peftPrefix } from './targets'

export interface PeftFiles {
  /** `adapter_config.json`, as text. */
  readonly config: string
  /** `adapter_model.safetensors`. */
  readonly weights: Uint8Array
}

/**
 * `baseModel` is the name that Python loads the base by.
 * @param depth of a model that was opened with its first layers alone: PEFT is told to leave the others as they are
 */
export function encodePeft(
  { config, tensors }: Adapter,
  baseModel: string,
  depth: number | null = null,
): PeftFiles {
  const settings = {
    peft_type: 'LORA',
    task_type: 'CAUSAL_LM',
    base_model_name_or_path: baseModel,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: 0,
    target_modules: [...config.targets],
    ...(depth === null ? {} : { layers_to_transform: Array.from({ length: depth }, (_, layer) => layer) }),
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
const isInsideGpt2 = (tensor: string): boolean => tensor.startsWith(`${peftPrefix}transformer.h.`)

/** An adapter of this model. Throws an `AdapterError` or a `SafetensorsError` that says what to do. */
export function decodePeft(files: PeftFiles, model: ModelConfig): Adapter {
  const settings = parsePeftSettings(files.config)
  const layers = adaptedLayers(settings, model)
  const { tensors } = decodeSafetensors(files.weights)
  const claimed = new Set(layers.flatMap(({ a, b }) => [a.name, b.name]))
  const foreign = [...tensors.keys()].find((name) => !claimed.has(name))
  if (foreign !== undefined)
    throw new AdapterError(
      `The adapter holds "${foreign.slice(0, 120)}", which its target_modules do not name or which belongs to another model. Export it again.`,
    )
  for (const layer of layers) checkFactors(layer, tensors)
  return uniform(settings, layers, tensors, model)
}

function checkFactors({ path, rank, a, b }: AdaptedLayer, tensors: TensorMap): void {
  const expected = [
    [a.name, [rank, a.shape[1]]],
    [b.name, [b.shape[0], rank]],
  ] as const
  for (const [name, shape] of expected) {
    const tensor = tensors.get(name)
    if (!tensor)
      throw new AdapterError(
        `The adapter lacks "${name}", though its target_modules name ${path}: it was made for another model, or is damaged. Export it again.`,
      )
    if (tensor.shape.join() !== shape.join())
      throw new AdapterError(
        `"${name}" is [${tensor.shape}] instead of [${shape}]: another rank than adapter_config.json says, or another model. Export it again.`,
      )
  }
}

/** The same adapter with one rank and one scale for all layers of all its targets. */
function uniform(
  { alpha, targets: said }: PeftSettings,
  adapted: readonly AdaptedLayer[],
  tensors: TensorMap,
  model: ModelConfig,
): Adapter {
  const rank = adapted.reduce((most, layer) => Math.max(most, layer.rank), 0)
  const { scale } = adapted[0]
  // As the file has them, where it has them so.
  const placeOf = (target: string) =>
    Array.isArray(said) && said.includes(target) ? said.indexOf(target) : 1000
  const targets = [...new Set(adapted.map(({ target }) => target))].sort((x, y) => placeOf(x) - placeOf(y))
  const byPath = new Map(adapted.map((layer) => [layer.path, layer]))
  const filled = new Map<string, Tensor>()
  for (const { path, a, b } of linearLayers(model, rank, targets)) {
    const layer = byPath.get(path)
    const factorA = new Float32Array(a.shape[0] * a.shape[1])
    const factorB = new Float32Array(b.shape[0] * b.shape[1])
    if (layer) {
      factorA.set(tensors.get(a.name)!.data)
      const { data } = tensors.get(b.name)!
      for (let row = 0; row < b.shape[0]; row++)
        for (let column = 0; column < layer.rank; column++)
          factorB[row * rank + column] = data[row * layer.rank + column] * (layer.scale / scale)
    }
    filled.set(a.name, { shape: a.shape, data: factorA }).set(b.name, { shape: b.shape, data: factorB })
  }
  // Not by way of the scale where it need not be, so that a plain adapter comes back as it was.
  const same = scale === alpha / rank ? alpha : scale * rank
  return { config: { rank, alpha: same, targets }, tensors: filled }
}
