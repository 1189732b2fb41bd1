/**
 * Who gets a place in the room. Every place costs the room an adapter on the way down and a line in what everybody is told,
 * so there are so many at a time, and nobody takes one again and again.
 */
import { hasRoomFor } from '../../../federation/members'
import type { DeviceKey, FederationState } from '../../../federation/types'
import { type Bucket, bucket, type Rate } from '../../../lib/bucket'
import type { Dismissal, Network, Peer } from '../../../network/network'
import type { Clock } from '../../../network/time/clock'

/** A device that comes back: a broken Wi-Fi takes seconds to be noticed, a reload as long as loading the model. */
const returnRate: Rate = { burst: 10, perSecond: 0.2 }
/** Those who come for the first time: a class may come at once, or as many as there are places. */
const arrivalRate = (mostPresent: number): Rate => ({ burst: Math.max(100, mostPresent), perSecond: 1 })

export interface Seats {
  /** Why this peer cannot stay; null: it has a place. */
  refusal(peer: Peer): Dismissal | null
}

export function seatsOf(
  { peers }: Pick<Network, 'peers'>,
  selfKey: DeviceKey,
  state: () => FederationState,
  clock: Clock,
  mostPresent: number,
): Seats {
  const arrivals = bucket(arrivalRate(mostPresent), clock.now())
  const returns = new Map<DeviceKey, Bucket>()
  return {
    refusal({ deviceKey }) {
      const { members, config } = state()
      if (deviceKey === selfKey) return 'key-taken'
      if (peers.size > mostPresent || !hasRoomFor(members, deviceKey, config.mostKnown)) return 'room-full'
      for (const key of returns.keys()) if (!members.some((member) => member.key === key)) returns.delete(key)
      if (!members.some(({ key }) => key === deviceKey))
        return arrivals.take(1, clock.now()) ? null : 'room-full'
      const own = returns.get(deviceKey) ?? bucket(returnRate, clock.now())
      returns.set(deviceKey, own)
      return own.take(1, clock.now()) ? null : 'too-much'
    },
  }
}
