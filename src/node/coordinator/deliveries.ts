/** Adapters on their way to devices: whole, or as the change from what a device was last sent in this stay. */
import type { AdapterName, DeviceKey } from '../../federation/types'
import type { Adapters } from './adapters'
import type { Post } from './post'

export interface Deliveries {
  deliver(device: DeviceKey, name: AdapterName): void
  /** It is another stay, or the device has lost what it was sent: the next adapter goes whole. */
  forget(device: DeviceKey): void
}

export function deliveriesOf(adapters: Adapters, send: Post['send']): Deliveries {
  const holdings = new Map<DeviceKey, AdapterName>()
  return {
    deliver(device, { adapter, version }) {
      const name = { adapter, version }
      const { message, bytes } = adapters.parcelFor(name, holdings.get(device) ?? null)
      holdings.set(device, name)
      send(device, message, bytes)
    },
    forget: (device) => void holdings.delete(device),
  }
}
