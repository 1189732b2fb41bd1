/**
 * From what was measured to who belongs where: the two ways in which a clustered federation is divided anew. Both give
 * clusters by name, and both keep the names of clusters that go on.
 */
import { random } from '../../lib/rng'
import type { ClusteringEvent } from '../events'
import type { Member } from '../members'
import { type AdapterId, type DeviceKey, globalAdapter } from '../names'
import { distancesOf, withCapabilities } from './distances'
import { type DivisionConfig, divide } from './divide'
import { namesByOverlap } from './matching'

export type Assignment = Readonly<Record<DeviceKey, AdapterId>>

export interface Regrouped {
  readonly assignment: Assignment
  readonly silhouette: number | null
  /** Numbers given to clusters so far. */
  readonly named: number
}

/** Few enough that comparing everybody with them costs little, enough to show every cluster. */
const mostLandmarks = 64

/** Those with whom everybody is compared: all where there are few devices. */
export function landmarksOf(
  devices: readonly DeviceKey[],
  seed: number,
  round: number,
): readonly DeviceKey[] {
  if (devices.length <= mostLandmarks) return devices
  const drawn = new Set(random(seed, 'landmarks', round).shuffle(devices).slice(0, mostLandmarks))
  return devices.filter((device) => drawn.has(device))
}

/** By likeness of updates. A division into one group leaves everybody in one cluster. */
export function regroupBySimilarity(
  event: ClusteringEvent & { type: 'compared' },
  members: readonly Member[],
  before: Assignment,
  named: number,
  config: DivisionConfig & { readonly resourceWeight: number },
  seed: number,
): Regrouped {
  const { devices, landmarks, gram, norms, round } = event
  const place = new Map(devices.map((device, at) => [device, at]))
  const at = landmarks.map((device) => place.get(device)!)
  const capabilityOf = new Map(members.map(({ key, capability }) => [key, capability]))
  const alike = distancesOf(gram, norms, at)
  const distances =
    config.resourceWeight > 0
      ? withCapabilities(
          alike,
          devices.map((device) => capabilityOf.get(device)!),
          at,
          config.resourceWeight,
        )
      : alike
  const { labels, silhouette } = divide(distances, at, config, random(seed, 'clusters', round))
  const olds = devices.map((device) => before[device] ?? null)
  const staysAsItIs = labels.every((label) => label === 0) && new Set(olds).size === 1
  if (staysAsItIs) return { assignment: before, silhouette, named }
  let given = named
  const names = namesByOverlap(
    olds.map((name) => (name === globalAdapter ? null : name)),
    labels,
    () => `cluster-${++given}`,
  )
  const moved = Object.fromEntries(devices.map((device, place) => [device, names[labels[place]]]))
  return { assignment: { ...before, ...moved }, silhouette, named: given }
}

/** IFCA: everybody goes where its own loss is least; who would be alone goes where it is second least. */
export function regroupByLoss(
  losses: Readonly<Record<DeviceKey, Readonly<Record<AdapterId, number>>>>,
  before: Assignment,
): Assignment {
  const ranked = (device: DeviceKey): readonly AdapterId[] =>
    Object.entries(losses[device])
      .filter(([, loss]) => Number.isFinite(loss))
      .toSorted(
        ([nameA, a], [nameB, b]) =>
          a - b || Number(nameB === before[device]) - Number(nameA === before[device]),
      )
      .map(([name]) => name)
  const chosen: Record<DeviceKey, AdapterId> = { ...before }
  for (const device of Object.keys(losses)) chosen[device] = ranked(device)[0] ?? before[device]
  const sizes = () => {
    const counts = new Map<AdapterId, number>()
    for (const name of Object.values(chosen)) counts.set(name, (counts.get(name) ?? 0) + 1)
    return counts
  }
  for (const device of Object.keys(losses)) {
    const counts = sizes()
    const [, ...others] = ranked(device)
    const next = others.find((name) => (counts.get(name) ?? 0) > 0)
    if (counts.get(chosen[device]) === 1 && next !== undefined) chosen[device] = next
  }
  return chosen
}
