/**
 * Who is in the federation. A device that leaves keeps its place: when its tab comes back (same key) it has the same
 * index, and so the same private share and the same position in every sum. The list is bounded all the same. Once it is
 * full a newcomer takes over the place of one that has gone and never contributed, longest gone first: nothing that was
 * learned came from it. Where there is no such place, the room is full.
 */
import type { Effect } from './effects'
import type { EdgeEvent, NeighbourEvent, PeerResumedEvent, SchemeEvent } from './events'
import type { AdapterName, DeviceKey } from './names'
import type { Capability } from './resources/allocation'

export interface Member {
  readonly key: DeviceKey
  /** Its place: the order in which updates are summed. Given anew only where its last holder has been forgotten. */
  readonly index: number
  readonly present: boolean
  /** When it was last seen; null: it is here. */
  readonly leftAtMs: number | null
  /** An update of it was taken: its text is part of what all have learned. */
  readonly contributed: boolean
  /** Hidden phone, sleeping laptop: a straggler, not dead. */
  readonly paused: boolean
  /** Its weight in the average; 0: holds no text yet. */
  readonly examples: number
  /** It wanted to be forgotten: nothing is asked of it any more. */
  readonly isForgotten: boolean
  /** The privacy budget of what it holds is spent: what it has sent before counts as before. */
  readonly isSpent: boolean
  /** Would merge for others: a wish, no more. */
  readonly volunteers: boolean
  /** Merges for others: the teacher, or an invitation that the coordinator made, appointed it. */
  readonly isEdge: boolean
  readonly capability: Capability
  /** The adapter that was last sent to it in this stay. */
  readonly holds: AdapterName | null
}

const unknown: Capability = {
  tokensPerSecond: null,
  tokensPerRow: null,
  memoryBytes: null,
  roundTripMs: null,
  edgeRoundTripsMs: {},
}

const newcomer = (key: DeviceKey, index: number): Member => ({
  key,
  index,
  present: true,
  leftAtMs: null,
  contributed: false,
  paused: false,
  examples: 0,
  isForgotten: false,
  isSpent: false,
  volunteers: false,
  isEdge: false,
  capability: unknown,
  holds: null,
})

/** @param mostKnown of these members; null: without end */
export function stepMembers(
  members: readonly Member[],
  event: SchemeEvent | EdgeEvent | NeighbourEvent | PeerResumedEvent,
  mostKnown: number | null,
): readonly Member[] {
  switch (event.type) {
    case 'device-joined':
      return memberOf(members, event.device)
        ? change(members, event.device, {
            present: true,
            leftAtMs: null,
            paused: false,
            examples: 0,
            isSpent: false,
            holds: null,
          })
        : seat(members, mostKnown, event.device)
    case 'update-arrived':
      return event.examples > 0 ? contributing(members, event.device) : members
    case 'text-held':
      return change(members, event.device, {
        examples: event.examples,
        isSpent: event.isSpent ?? false,
      })
    case 'forget-asked':
      return event.of === 'everything' ? change(members, event.device, { isForgotten: true }) : members
    case 'device-left':
      return change(
        members,
        event.device,
        memberOf(members, event.device)?.present ? { present: false, leftAtMs: event.atMs } : {},
      )
    case 'device-paused':
      return change(members, event.device, { paused: true })
    case 'device-resumed':
      return change(members, event.device, { paused: false })
    case 'edge-volunteered':
      return change(
        members,
        event.device,
        event.volunteers ? { volunteers: true } : { volunteers: false, isEdge: false },
      )
    case 'edge-appointed':
      return change(members, event.device, { isEdge: event.isEdge })
    case 'measured': {
      const known = memberOf(members, event.device)
      return known
        ? change(members, event.device, { capability: { ...known.capability, ...event.capability } })
        : members
    }
    case 'coordinator-resumed':
    case 'peer-resumed':
      return allGone(members, event.atMs)
    default:
      return members
  }
}

/** Nobody is here: whoever coordinates was away, and all links with it. */
const allGone = (members: readonly Member[], atMs: number): readonly Member[] =>
  members.map((member) => ({
    ...member,
    present: false,
    holds: null,
    leftAtMs: member.leftAtMs ?? atMs,
  }))

/** Whether this device has a place, or would be given one. */
export const hasRoomFor = (
  members: readonly Member[],
  device: DeviceKey,
  mostKnown: number | null,
): boolean =>
  memberOf(members, device) !== undefined ||
  mostKnown === null ||
  members.length < mostKnown ||
  forgettable(members) !== undefined

/** Whose place may be given away first. */
const forgettable = (members: readonly Member[]): Member | undefined =>
  members
    .filter(({ present, contributed }) => !present && !contributed)
    .toSorted((a, b) => (a.leftAtMs ?? 0) - (b.leftAtMs ?? 0) || a.index - b.index)[0]

function seat(members: readonly Member[], mostKnown: number | null, device: DeviceKey): readonly Member[] {
  if (mostKnown === null || members.length < mostKnown)
    return withPlacesOf(members, [...members, newcomer(device, members.length)])
  const gone = forgettable(members)
  return members.map((member) => (member === gone ? newcomer(device, member.index) : member))
}

/** Members as they are once these effects are done: who was sent an adapter holds it. */
export function afterEffects(members: readonly Member[], effects: readonly Effect[]): readonly Member[] {
  let next = members
  for (const effect of effects) {
    if (effect.type !== 'announce') continue
    const holds = { adapter: effect.adapter, version: effect.version }
    if (effect.to.length === 1) {
      next = withAbleOf(next, change(next, effect.to[0], { holds }))
      continue
    }
    const to = new Set(effect.to)
    const holding = next.map((member) => (to.has(member.key) ? { ...member, holds } : member))
    next = withAbleOf(next, withPlacesOf(next, holding))
  }
  return next
}

/** The same where a device's text has become part of what all have learned. */
export const contributing = (members: readonly Member[], device: DeviceKey): readonly Member[] =>
  memberOf(members, device)?.contributed ? members : change(members, device, { contributed: true })

/** Can be asked to train: here, awake, holding text that may be learned from, and willing. */
export const isAble = ({ present, paused, examples, isForgotten, isSpent }: Member): boolean =>
  present && !paused && examples > 0 && !isForgotten && !isSpent

/** Devices that can be asked to train, in index order. */
export function able(members: readonly Member[]): readonly DeviceKey[] {
  const known = ableIn.get(members)
  if (known) return known
  const found = members.filter(isAble).map(({ key }) => key)
  ableIn.set(members, found)
  return found
}

/** Found once for all lists in which the same are able: an adapter that arrives changes nobody's being so. */
const ableIn = new WeakMap<readonly Member[], readonly DeviceKey[]>()

function withAbleOf(before: readonly Member[], after: readonly Member[]): readonly Member[] {
  const known = ableIn.get(before)
  if (known) ableIn.set(after, known)
  return after
}

/** The same where nothing that is known came from this device any more: its place may be given away. */
export const notContributing = (members: readonly Member[], device: DeviceKey): readonly Member[] =>
  change(members, device, { contributed: false })

export const present = (members: readonly Member[]): DeviceKey[] =>
  members.filter((member) => member.present).map(({ key }) => key)

/** Of this key; undefined: it has no place. */
export const memberOf = (members: readonly Member[], device: DeviceKey): Member | undefined => {
  const place = placesOf(members).get(device)
  return place === undefined ? undefined : members[place]
}

function change(
  members: readonly Member[],
  device: DeviceKey,
  difference: Partial<Member>,
): readonly Member[] {
  const member = memberOf(members, device)
  if (!member) return members
  const place = members[member.index] === member ? member.index : members.indexOf(member)
  return withPlacesOf(members, members.with(place, { ...member, ...difference }))
}

/**
 * Where each key stands in a list. Every event asks for one device, and lists are made anew with every event: so a list
 * takes over the places of the one it was made from, and they are counted once and not once for each event. A list whose
 * places have gone on to a longer one finds nobody at the places beyond its end.
 */
const places = new WeakMap<readonly Member[], Map<DeviceKey, number>>()

function placesOf(members: readonly Member[]): Map<DeviceKey, number> {
  const known = places.get(members)
  if (known) return known
  const counted = new Map(members.map(({ key }, place) => [key, place]))
  places.set(members, counted)
  return counted
}

/** @param after the same keys in the same places, and perhaps one more at the end */
function withPlacesOf(before: readonly Member[], after: readonly Member[]): readonly Member[] {
  const known = placesOf(before)
  // Of two longer lists that were made from one only the first takes its places over.
  if (after.length > before.length && known.size > before.length) return after
  places.set(after, after.length > before.length ? known.set(after[before.length].key, before.length) : known)
  return after
}
