/**
 * The merged adapter as a PEFT directory in a zip: what loads in Python with `PeftModel.from_pretrained`. What exact
 * aggregations folded into the base becomes part of it, at the rank that loses nothing.
 */
import { strToU8, zipSync } from 'fflate'
import { exportWhole } from '../../federation/aggregation/exportAdapter'
import type { AdapterConfig } from '../../model/adapter'
import { encodePeft } from '../../model/peft/peft'
import { isLocalModel } from '../../model/source/local/local'
import type { Settings } from '../../settings/table'

/** What an adapter was trained on: a model, or its first layers alone. */
export type PackedBase = Pick<Settings, 'model' | 'depth'>

export function packAdapter(
  bytes: Uint8Array,
  { model, depth }: PackedBase,
  config: AdapterConfig,
): Uint8Array {
  const peft = encodePeft(exportWhole(bytes, config), baseOf(model), depth)
  return zipSync({ 'adapter_config.json': strToU8(peft.config), 'adapter_model.safetensors': peft.weights })
}

/**
 * What Python loads the base by: a hub's id, or a directory. Our own base is no public checkpoint: its name says where it
 * comes from, so that nobody looks for it on a hub.
 */
function baseOf(model: string): string {
  if (isLocalModel(model)) return `./${model.slice(model.indexOf(':') + 1)}`
  return model.includes('/') ? model : `gossamer/public/models/${model}`
}
