/**
 * Adapters on their way to devices: whole, or as the change from what a device was last sent in this stay. A device that
 * lacks the beginning of a change is sent the whole, of what it was sent last and no oftener than makes sense: a short
 * question must not draw megabytes again and again.
 */
import type { AdapterName, DeviceKey } from '../../federation/types'
import type { Clock } from '../../network/time/clock'
import type { ToDevice } from '../wire/messages'
import type { Versions } from './versions'

/** Within it a whole version has arrived, or its link is lost, which begins another stay. */
const wholeEveryMs = 10_000

export interface Deliveries {
  deliver(device: DeviceKey, name: AdapterName): void
  /** It says that it cannot read this version. Nothing is sent where it was not sent that, or had it whole just now. */
  lacking(device: DeviceKey, name: AdapterName): void
  /** It is another stay: the next adapter goes whole. */
  forget(device: DeviceKey): void
}

interface Holding {
  readonly name: AdapterName
  /** When it was sent whole because it was lacking; null: it was not. */
  readonly repeatedAtMs: number | null
}

export function deliveriesOf(
  versions: Pick<Versions, 'parcelFor'>,
  send: (to: DeviceKey, message: ToDevice & { type: 'adapter' }, bytes: Uint8Array) => void,
  clock: Clock,
): Deliveries {
  const holdings = new Map<DeviceKey, Holding>()
  let number = 0

  function deliver(
    device: DeviceKey,
    { adapter, version }: AdapterName,
    held: AdapterName | null,
    repeatedAtMs: number | null,
  ): void {
    const name = { adapter, version }
    const { message, bytes } = versions.parcelFor(name, held)
    holdings.set(device, { name, repeatedAtMs })
    // By the clock: somebody may be an edge again in the same tab, and goes on counting.
    number = Math.max(number + 1, Math.floor(clock.now()))
    send(device, { ...message, number }, bytes)
  }

  return {
    deliver: (device, name) => deliver(device, name, holdings.get(device)?.name ?? null, null),
    lacking(device, { adapter, version }) {
      const holding = holdings.get(device)
      if (holding?.name.adapter !== adapter || holding.name.version !== version) return
      const { repeatedAtMs } = holding
      if (repeatedAtMs !== null && clock.now() - repeatedAtMs < wholeEveryMs) return
      deliver(device, holding.name, null, clock.now())
    },
    forget: (device) => void holdings.delete(device),
  }
}
