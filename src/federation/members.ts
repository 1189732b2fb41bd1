/**
 * Who is in the federation. A device that leaves keeps its place: when its tab comes back (same key) it has the same
 * index, and so the same private share and the same position in every sum.
 */
import type { DeviceKey, FederationEvent, Member } from './types'

export function stepMembers(members: readonly Member[], event: FederationEvent): readonly Member[] {
  switch (event.type) {
    case 'device-joined': {
      const back = { present: true, paused: false, examples: 0 }
      return members.some(({ key }) => key === event.device)
        ? change(members, event.device, back)
        : [...members, { key: event.device, index: members.length, ...back }]
    }
    case 'text-held':
      return change(members, event.device, { examples: event.examples })
    case 'device-left':
      return change(members, event.device, { present: false })
    case 'device-paused':
      return change(members, event.device, { paused: true })
    case 'device-resumed':
      return change(members, event.device, { paused: false })
    case 'coordinator-resumed':
      return members.map((member) => ({ ...member, present: false }))
    default:
      return members
  }
}

/** Devices that can be asked to train: here, awake, and holding text. In index order. */
export const able = (members: readonly Member[]): DeviceKey[] =>
  members.filter(({ present, paused, examples }) => present && !paused && examples > 0).map(({ key }) => key)

export const present = (members: readonly Member[]): DeviceKey[] =>
  members.filter((member) => member.present).map(({ key }) => key)

const change = (
  members: readonly Member[],
  device: DeviceKey,
  difference: Partial<Member>,
): readonly Member[] =>
  members.map((member) => (member.key === device ? { ...member, ...difference } : member))
