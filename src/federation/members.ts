/**
 * Who is in the federation. A device that leaves keeps its place: when its tab comes back (same key) it has the same
 * index, and so the same private share and the same position in every sum. The list is bounded all the same. Once it is
 * full a newcomer takes over the place of one that has gone and never contributed, longest gone first: nothing that was
 * learned came from it. Where there is no such place, the room is full.
 */
import type { Capability, DeviceKey, Effect, FederationEvent, Member } from './types'

const unknown: Capability = {
  tokensPerSecond: null,
  tokensPerRow: null,
  memoryBytes: null,
  roundTripMs: null,
  edgeRoundTripsMs: {},
}

/** @param mostKnown of these members; null: without end */
export function stepMembers(
  members: readonly Member[],
  event: FederationEvent,
  mostKnown: number | null,
): readonly Member[] {
  switch (event.type) {
    case 'device-joined': {
      const back = { present: true, leftAtMs: null, paused: false, examples: 0, holds: null }
      return isKnown(members, event.device)
        ? change(members, event.device, () => back)
        : seat(members, mostKnown, (index) => ({
            ...{ key: event.device, index, ...back },
            ...{ volunteers: false, isEdge: false, contributed: false, capability: unknown },
          }))
    }
    case 'update-arrived':
      return isKnown(members, event.device) && event.examples > 0
        ? change(members, event.device, () => ({ contributed: true }))
        : members
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
    case 'recovered':
      return members.map(({ leftAtMs, ...member }) => ({
        ...{ ...member, present: false, holds: null },
        leftAtMs: leftAtMs ?? event.atMs,
      }))
    default:
      return members
  }
}

const isKnown = (members: readonly Member[], device: DeviceKey): boolean =>
  members.some(({ key }) => key === device)

/** Whether this device has a place, or would be given one. */
export const hasRoomFor = (
  members: readonly Member[],
  device: DeviceKey,
  mostKnown: number | null,
): boolean =>
  isKnown(members, device) ||
  mostKnown === null ||
  members.length < mostKnown ||
  forgettable(members) !== undefined

/** Whose place may be given away first. */
const forgettable = (members: readonly Member[]): Member | undefined =>
  members
    .filter(({ present, contributed }) => !present && !contributed)
    .toSorted((a, b) => (a.leftAtMs ?? 0) - (b.leftAtMs ?? 0) || a.index - b.index)[0]

function seat(
  members: readonly Member[],
  mostKnown: number | null,
  newcomer: (index: number) => Member,
): readonly Member[] {
  if (mostKnown === null || members.length < mostKnown) return [...members, newcomer(members.length)]
  const forgotten = forgettable(members)
  return members.map((member) => (member === forgotten ? newcomer(member.index) : member))
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
