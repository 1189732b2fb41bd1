/**
 * Updates on their way into a round. Looking at one takes a while, so it is asked twice whether it is awaited: before that,
 * and when it could count. The same one, come twice, counts once.
 */
import type { RoundHappening } from '../../federation/events'
import type { DeviceKey } from '../../federation/types'
import type { Forward, Update } from '../wire/messages'
import type { Updates } from './updates'

export interface ReceivingParts {
  readonly updates: Updates
  /** Whether this device's update would count. */
  readonly isAwaited: (device: DeviceKey, round: number) => boolean
  readonly happen: (event: RoundHappening) => void
  /** Tells teacher and device why an update does not count. */
  readonly refuse: (device: DeviceKey, round: number, complaint: string) => void
}

/** Nobody is to blame for it, and the device has said so on its own page. */
export const spent = 'The privacy budget of its text is spent.'

export type ReceiveUpdate = (
  device: DeviceKey,
  message: Update | Forward,
  bytes: Uint8Array | null,
) => Promise<void>

export function receivingUpdates({ updates, isAwaited, happen, refuse }: ReceivingParts): ReceiveUpdate {
  const underWay = new Set<string>()
  return async (device, message, bytes) => {
    const { type, round, version, examples } = message
    const place = `${round} ${device}`
    if (!isAwaited(device, round) || underWay.has(place)) return
    const word = message.type === 'update' ? (message.within ?? null) : null
    const within = word === null ? {} : { within: word }
    const arrived: RoundHappening = { type: 'update-arrived', device, round, version, examples, ...within }
    // Nothing came to that edge, and nothing is attached.
    if (type === 'forward' && examples === 0) return happen(arrived)
    // What that device holds may not be learned from any more.
    if (examples === 0 && !bytes) return happen({ type: 'update-refused', device, round, reason: spent })
    underWay.add(place)
    const complaint = await updates.take(device, message, bytes)
    underWay.delete(place)
    if (!isAwaited(device, round)) return updates.forget(device, round)
    if (complaint === null) return happen(arrived)
    refuse(device, round, complaint)
    happen({ type: 'update-refused', device, round, reason: complaint })
  }
}
