/**
 * Who is an edge, and which edge a device speaks with. Edges are appointed, by the teacher or by an invitation; where there
 * are fewer than wanted, the coordinator takes volunteers, then the most capable devices. A device goes to the edge with the least round trip that
 * has room; where round trips are alike or unknown, to the one with the least load. It stays where it is as long as its
 * edge is there: moving costs an adapter.
 */
import { isAble, type Member } from '../../members'
import type { DeviceKey } from '../../names'

export type Attachments = Readonly<Record<DeviceKey, DeviceKey | null>>

/**
 * The edges of a round, in index order: those appointed, then up to `wanted` those that were edges `before`, volunteers, and
 * the fastest and nearest devices. Who is an edge stays one, however the speeds change: another edge costs everybody behind it an
 * adapter.
 */
export function chooseEdges(members: readonly Member[], wanted: number, before: Attachments): DeviceKey[] {
  // Who has left for good merges for nobody, whatever its link says when it comes back.
  const here = members.filter(({ present, paused, isForgotten }) => present && !paused && !isForgotten)
  const appointed = here.filter(({ isEdge }) => isEdge)
  const was = new Set(Object.values(before))
  const wasEdge = ({ key }: Member) => Number(was.has(key))
  const chosen = here
    .filter((member) => !member.isEdge && (isAble(member) || member.volunteers))
    .toSorted(
      (a, b) =>
        wasEdge(b) - wasEdge(a) ||
        Number(b.volunteers) - Number(a.volunteers) ||
        speedOf(b) - speedOf(a) ||
        farOf(a) - farOf(b) ||
        a.index - b.index,
    )
    .slice(0, Math.max(0, wanted - appointed.length))
  return [...appointed, ...chosen].toSorted((a, b) => a.index - b.index).map(({ key }) => key)
}

/** Each able device's edge, null where none has room: then it speaks with the coordinator. */
export function attach(
  members: readonly Member[],
  edges: readonly DeviceKey[],
  before: Attachments,
  devicesPerEdge: number,
): Attachments {
  const load = new Map(edges.map((edge) => [edge, 0]))
  const chosen: Record<DeviceKey, DeviceKey | null> = {}
  const join = (device: DeviceKey, edge: DeviceKey | null) => {
    chosen[device] = edge
    if (edge !== null) load.set(edge, load.get(edge)! + 1)
  }
  const hasRoom = (edge: DeviceKey) => load.get(edge)! < devicesPerEdge
  const devices = members.filter(isAble)
  // An edge that holds text trains for itself; those who stay are seated before those who look for a place.
  for (const { key } of devices) if (load.has(key)) join(key, key)
  for (const { key } of devices) {
    const edge = before[key]
    if (!(key in chosen) && edge != null && load.has(edge) && hasRoom(edge)) join(key, edge)
  }
  for (const { key, capability } of devices) {
    if (key in chosen) continue
    const far = (edge: DeviceKey) => capability.edgeRoundTripsMs[edge] ?? Number.MAX_VALUE
    const free = edges.filter(hasRoom)
    const [nearest] = free.toSorted((a, b) => far(a) - far(b) || load.get(a)! - load.get(b)!)
    join(key, nearest ?? null)
  }
  return chosen
}

const speedOf = ({ capability }: Member): number => capability.tokensPerSecond ?? 0

const farOf = ({ capability }: Member): number => capability.roundTripMs ?? Number.MAX_VALUE
