/** The merged adapter as a PEFT directory in a zip: what loads in Python with `PeftModel.from_pretrained`. */
import { strToU8, zipSync } from 'fflate'
import { type AdapterConfig, decodeAdapter } from '../model/adapter'
import { encodePeft } from '../model/peft'

export function packAdapter(bytes: Uint8Array, model: string, adapter: AdapterConfig): Uint8Array {
  // Our own base is no public checkpoint: the name says where it comes from, so that nobody looks for it on a hub.
  const base = model.includes('/') ? model : `gossamer/public/models/${model}`
  const { config, weights } = encodePeft(decodeAdapter(bytes, adapter), base)
  return zipSync({ 'adapter_config.json': strToU8(config), 'adapter_model.safetensors': weights })
}
