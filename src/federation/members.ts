/**
 * Who is in the federation. A device that leaves keeps its place: when its tab comes back (same key) it has the same
 * index, and so the same private share and the same position in every sum.
 */
import type { Capability, DeviceKey, Effect, FederationEvent, Member } from './types'

const unknown: Capability = {
  tokensPerSecond: null,
  tokensPerRow: null,
  memoryBytes: null,
  roundTripMs: null,
  edgeRoundTripsMs: {},
}

export function stepMembers(members: readonly Member[], event: FederationEvent): readonly Member[] {
  switch (event.type) {
    case 'device-joined': {
      const back = { present: true, leftAtMs: null, paused: false, examples: 0, holds: null }
      return members.some(({ key }) => key === event.device)
        ? change(members, event.device, () => back)
        : [
            ...members,
            {
              ...{ key: event.device, index: members.length, ...back },
              ...{ volunteers: false, isEdge: false, capability: unknown },
            },
          ]
    }
    case 'text-held':
      return change(members, event.device, () => ({ examples: event.examples }))
    case 'device-left':
      return change(members, event.device, ({ present, leftAtMs }) => ({
        present: false,
        leftAtMs: present ? event.atMs : leftAtMs,
      }))
    case 'device-paused':
      return change(members, event.device, () => ({ paused: true }))
    case 'device-resumed':
      return change(members, event.device, () => ({ paused: false }))
    case 'edge-volunteered': {
      const { volunteers } = event
      return change(members, event.device, ({ isEdge }) => ({ volunteers, isEdge: isEdge && volunteers }))
    }
    case 'edge-appointed':
      return change(members, event.device, () => ({ isEdge: event.isEdge }))
    case 'measured':
      return change(members, event.device, ({ capability }) => ({
        capability: { ...capability, ...event.capability },
      }))
    case 'coordinator-resumed':
      return members.map(({ leftAtMs, ...member }) => ({
        ...{ ...member, present: false, holds: null },
        leftAtMs: leftAtMs ?? event.atMs,
      }))
    default:
      return members
  }
}

/** Members as they are once these effects are done: who was sent an adapter holds it. */
export function afterEffects(members: readonly Member[], effects: readonly Effect[]): readonly Member[] {
  let next = members
  for (const effect of effects) {
    if (effect.type !== 'announce') continue
    const { adapter, version } = effect
    const to = new Set(effect.to)
    next = next.map((member) => (to.has(member.key) ? { ...member, holds: { adapter, version } } : member))
  }
  return next
}

/** Can be asked to train: here, awake, and holding text. */
export const isAble = ({ present, paused, examples }: Member): boolean => present && !paused && examples > 0

/** Devices that can be asked to train, in index order. */
export const able = (members: readonly Member[]): DeviceKey[] => members.filter(isAble).map(({ key }) => key)

export const present = (members: readonly Member[]): DeviceKey[] =>
  members.filter((member) => member.present).map(({ key }) => key)

const change = (
  members: readonly Member[],
  device: DeviceKey,
  difference: (member: Member) => Partial<Member>,
): readonly Member[] =>
  members.map((member) => (member.key === device ? { ...member, ...difference(member) } : member))
