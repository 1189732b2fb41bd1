/** The updates of the round under way: checked as they arrive, kept until they are merged. */
import { updateComplaint } from '../../federation/aggregation/check'
import type { DeviceKey } from '../../federation/types'
import { sha256Hex } from '../../lib/hash'
import { decodeSafetensors, type TensorMap } from '../../model/safetensors'
import type { FromDevice } from '../messages'

export interface KeptUpdate {
  readonly delta: TensorMap
  readonly loss: number
  readonly examples: number
}

export interface Updates {
  /** Keeps it, or says why not, in words for the teacher. */
  take(device: DeviceKey, message: FromDevice & { type: 'update' }, bytes: Uint8Array | null): string | null
  get(device: DeviceKey): KeptUpdate | undefined
  /** Those of these devices that are kept. */
  of(devices: readonly DeviceKey[]): ReadonlyMap<DeviceKey, KeptUpdate>
  clear(): void
}

export function keepUpdates(adapter: () => Uint8Array): Updates {
  const kept = new Map<DeviceKey, KeptUpdate>()
  return {
    take(device, { hash, examples, loss }, bytes) {
      if (!bytes) return 'it holds no tensors'
      if (sha256Hex(bytes) !== hash) return 'its bytes do not match their hash'
      try {
        const delta = decodeSafetensors(bytes).tensors
        const complaint = updateComplaint(decodeSafetensors(adapter()).tensors, delta, examples)
        if (complaint) return complaint
        if (loss === null)
          return 'its training loss is not a number: training diverged (try a smaller learning rate)'
        kept.set(device, { delta, loss, examples })
        return null
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    },
    get: (device) => kept.get(device),
    of: (devices) => new Map([...kept].filter(([device]) => devices.includes(device))),
    clear: () => kept.clear(),
  }
}
