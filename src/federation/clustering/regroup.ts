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

/**
 * IFCA's beginning where nobody may see what single devices learned: they are dealt out by chance, evenly. What tells clusters
 * apart is then what they learn, and every device goes where it fits best once they meet again.
 * @param least devices in each cluster
 */
export function regroupByChance(
  devices: readonly DeviceKey[],
  before: Assignment,
  named: number,
  count: number,
  least: number,
  seed: number,
): Regrouped {
  const clusters = Math.min(count, Math.floor(devices.length / least))
  if (clusters < 2) return { assignment: before, silhouette: null, named }
  const dealt = random(seed, 'dealt clusters').shuffle(devices)
  const moved = dealt.map((device, at) => [device, `cluster-${named + 1 + (at % clusters)}`])
  return {
    assignment: { ...before, ...Object.fromEntries(moved) },
    silhouette: null,
    named: named + clusters,
  }
}

/**
 * IFCA: everybody goes where its own loss is least; who would be alone goes where it is second least.
 * @param least devices in each cluster: those of a smaller one go where they fit next best
 */
export function regroupByLoss(
  losses: Readonly<Record<DeviceKey, Readonly<Record<AdapterId, number>>>>,
  before: Assignment,
  least = 2,
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
  const here = Object.keys(losses)
  for (let small = tooSmall(here, chosen, least); small; small = tooSmall(here, chosen, least)) {
    const left = new Set(here.map((device) => chosen[device]).filter((name) => name !== small))
    for (const device of here.filter((key) => chosen[key] === small))
      chosen[device] = ranked(device).find((name) => left.has(name)) ?? [...left][0]
  }
  return chosen
}

/** The smallest of several clusters of these devices, if it has fewer of them than it should. */
function tooSmall(devices: readonly DeviceKey[], assignment: Assignment, least: number): AdapterId | null {
  const sizes = new Map<AdapterId, number>()
  for (const device of devices) sizes.set(assignment[device], (sizes.get(assignment[device]) ?? 0) + 1)
  const [smallest, ...others] = [...sizes].toSorted(([, a], [, b]) => a - b)
  return smallest && others.length > 0 && smallest[1] < least ? smallest[0] : null
}
