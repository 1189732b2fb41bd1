/** The merged adapter as a PEFT directory in a zip: what loads in Python with `PeftModel.from_pretrained`. */
import { strToU8, zipSync } from 'fflate'
import { type AdapterConfig, decodeAdapter } from '../model/adapter'
import { encodePeft } from '../model/peft'
import { isLocalModel } from '../model/source/local/local'

export function packAdapter(bytes: Uint8Array, model: string, adapter: AdapterConfig): Uint8Array {
  const { config, weights } = encodePeft(decodeAdapter(bytes, adapter), baseOf(model))
  return zipSync({ 'adapter_config.json': strToU8(config), 'adapter_model.safetensors': weights })
}

/**
 * What Python loads the base by: a hub's id, or a directory. Our own base is no public checkpoint: its name says where it
 * comes from, so that nobody looks for it on a hub.
 */
function baseOf(model: string): string {
  if (isLocalModel(model)) return `./${model.slice(model.indexOf(':') + 1)}`
  return model.includes('/') ? model : `gossamer/public/models/${model}`
}
