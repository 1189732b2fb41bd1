/** The merged adapter as a PEFT directory in a zip: what loads in Python with `PeftModel.from_pretrained`. */
import { strToU8, zipSync } from 'fflate'
import { decodeAdapter } from '../model/adapter'
import { encodePeft } from '../model/peft'
import type { Settings } from './settings'
import { adapterConfigOf } from './tab'

export function packAdapter(bytes: Uint8Array, settings: Settings): Uint8Array {
  // Our own base is no public checkpoint: the name says where it comes from, so that nobody looks for it on a hub.
  const base = `gossamer/public/models/${settings.model}`
  const { config, weights } = encodePeft(decodeAdapter(bytes, adapterConfigOf(settings)), base)
  return zipSync({ 'adapter_config.json': strToU8(config), 'adapter_model.safetensors': weights })
}
