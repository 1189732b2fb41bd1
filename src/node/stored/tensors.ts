/** Tensors as they lie in storage. */
import { z } from 'zod'
import { decodeSafetensors } from '../../model/safetensors'

/** Bytes that can be read, and hold numbers that can be trained from. */
export const tensors = z
  .custom<Uint8Array>((bytes) => bytes instanceof Uint8Array)
  .refine((bytes) => {
    try {
      return [...decodeSafetensors(bytes).tensors.values()].every(({ data }) => data.every(Number.isFinite))
    } catch {
      return false
    }
  }, 'is damaged')
