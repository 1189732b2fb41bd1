/**
 * A LoRA adapter as data: the factors A [rank, in] and B [out, rank] of every adapted linear layer, under the names that
 * PEFT gives them (`base_model.model.transformer.h.0.attn.c_attn.lora_A.weight`). No tfjs here: the same value travels
 * between threads and tabs, is averaged by federation/, stored and exported. The adapted layer is
 * y = x W + (alpha / rank) (x Aᵀ) Bᵀ (Hu et al., LoRA, arXiv 2106.09685).
 */
import { sha256Hex } from '../lib/hash'
import { decodeSafetensors, encodeSafetensors, type TensorMap } from './safetensors'

export interface AdapterConfig {
  readonly rank: number
  readonly alpha: number
  /** PEFT suffixes: `c_attn`, `c_proj` (both layers of that name), `c_fc`. */
  readonly targets: readonly string[]
}

export interface Adapter {
  readonly config: AdapterConfig
  readonly tensors: TensorMap
}

/** The same layers at another rank; alpha / rank, the scale of what is learned, stays. */
export const atRank = (config: AdapterConfig, rank: number): AdapterConfig =>
  rank === config.rank ? config : { ...config, rank, alpha: (config.alpha / config.rank) * rank }

/** The same at another scale, alpha / rank, so that one engine can run what was learned under another. */
export function atScale({ config, tensors }: Adapter, scale: number): Adapter {
  const factor = config.alpha / config.rank / scale
  const rescaled = [...tensors].map(([name, { shape, data }]) => {
    const isB = name.endsWith('.lora_B.weight') && !name.startsWith(foldedPrefix)
    return [name, { shape, data: isB ? data.map((value) => value * factor) : data }] as const
  })
  return { config: { ...config, alpha: scale * config.rank }, tensors: new Map(rescaled) }
}

/** Stands before the names of factors that were folded into the base, where a whole model travels as one file. */
export const foldedPrefix = 'folded.'

/** Canonical bytes: safetensors, names sorted, F32, no metadata. The one form on the wire and in storage. */
export const encodeAdapter = (adapter: Adapter): Uint8Array => encodeSafetensors(adapter.tensors)

/** The inverse of `encodeAdapter`. Throws a `SafetensorsError` on damaged bytes. */
export const decodeAdapter = (bytes: Uint8Array, config: AdapterConfig): Adapter => ({
  config,
  tensors: decodeSafetensors(bytes).tensors,
})

/** SHA-256 over the canonical bytes: equal hashes mean bit-identical adapters. */
export const adapterHash = (adapter: Adapter): string => sha256Hex(encodeAdapter(adapter))
