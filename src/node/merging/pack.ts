/**
 * The merged adapter as a PEFT directory in a zip: what loads in Python with `PeftModel.from_pretrained`. What exact
 * aggregations folded into the base becomes part of it, at the rank that loses nothing.
 */
import { strToU8, zipSync } from 'fflate'
import { exportAdapter, fullRank } from '../../federation/aggregation/exportAdapter'
import { decodeGlobal } from '../../federation/aggregation/global/bytes'
import type { AdapterConfig } from '../../model/adapter'
import { encodePeft } from '../../model/peft/peft'
import { isLocalModel } from '../../model/source/local/local'

export function packAdapter(bytes: Uint8Array, model: string, config: AdapterConfig): Uint8Array {
  const global = decodeGlobal(bytes, config, 0)
  const { adapter } = exportAdapter(global, global.folded.size > 0 ? fullRank(global) : config.rank)
  const peft = encodePeft(adapter, baseOf(model))
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
