/**
 * Who has enrolled at an edge, and waiting for them: an order names devices that may still be on their way here. Those
 * who do not come in time are left to the next edge round.
 */
import type { DeviceKey } from '../../federation/types'
import type { Clock } from '../../network/time/clock'

const patienceMs = 8_000

export interface Enrolment {
  here(device: DeviceKey): void
  gone(device: DeviceKey): void
  /** Looks again whether what is awaited is there. */
  look(): void
  /** Goes on once these devices are here and all else is ready; without the missing ones after a while. A later call replaces it. */
  await(devices: readonly DeviceKey[], isReady: () => boolean, begin: () => void): void
  stop(): void
}

export function enrolmentOf(clock: Clock): Enrolment {
  const enrolled = new Set<DeviceKey>()
  let look = () => {}
  return {
    here(device) {
      enrolled.add(device)
      look()
    },
    gone: (device) => void enrolled.delete(device),
    look: () => look(),
    await(devices, isReady, begin) {
      let isPatient = true
      const attempt = () => {
        const isComplete = !isPatient || devices.every((device) => enrolled.has(device))
        if (look !== attempt || !isComplete || !isReady()) return
        cancel()
        look = () => {}
        begin()
      }
      const cancel = clock.after(patienceMs, () => {
        isPatient = false
        attempt()
      })
      look = attempt
      attempt()
    },
    stop() {
      look = () => {}
    },
  }
}
