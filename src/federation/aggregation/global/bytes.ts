/**
 * A global adapter as canonical bytes: safetensors, names sorted, F32, no metadata; folded factors stand under `folded.`
 * and their PEFT name. With nothing folded the bytes, and so the hash, are those of the adapter alone.
 */
import { sha256Hex } from '../../../lib/hash'
import { type AdapterConfig, foldedPrefix as prefix } from '../../../model/adapter'
import { decodeSafetensors, encodeSafetensors } from '../../../model/safetensors'
import type { GlobalAdapter } from '../types'

export const encodeGlobal = ({ adapter, folded }: GlobalAdapter): Uint8Array =>
  encodeSafetensors(
    new Map([...adapter.tensors, ...[...folded].map(([name, tensor]) => [prefix + name, tensor] as const)]),
  )

/** The inverse. Throws a `SafetensorsError` on damaged bytes. The count of folds travels beside the bytes. */
export function decodeGlobal(bytes: Uint8Array, config: AdapterConfig, folds: number): GlobalAdapter {
  const all = [...decodeSafetensors(bytes).tensors]
  const tensors = new Map(all.filter(([name]) => !name.startsWith(prefix)))
  const folded = new Map(
    all
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, tensor]) => [name.slice(prefix.length), tensor]),
  )
  return { adapter: { config, tensors }, folded, folds }
}

/** Equal hashes mean bit-identical models on the same base. */
export const globalHash = (global: GlobalAdapter): string => sha256Hex(encodeGlobal(global))
