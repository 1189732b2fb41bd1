/**
 * What others ask of a coordinated federation: whom it waits for, what is under way, who shares an adapter with whom. Each
 * is answered by its scheme; nobody else looks into what a scheme remembers.
 */
import type { FederationState } from './federation'
import { type AdapterId, type AdapterName, type DeviceKey, globalAdapter } from './names'
import type { RoundUnderWay } from './rounds/stage'
import { type AnyScheme, coordinated, type Schemes } from './schemes/registry'
import type { Cluster } from './schemes/scheme'
import { isReplay } from './unlearning/forgetting'
import { replay } from './unlearning/replay'

const schemes: Schemes = coordinated
const schemeOf = ({ config, progress }: FederationState): AnyScheme =>
  isReplay(progress) ? replay : schemes[config.scheme]

/** Whether an update of this device in answer to this order would count now. */
export const isAwaited = (state: FederationState, device: DeviceKey, round: number): boolean =>
  schemeOf(state).awaits(state, device, round)

/** Whether it would change anything to hear that this device has loaded this version. */
export const isLoading = (
  state: FederationState,
  device: DeviceKey,
  { adapter, version }: AdapterName,
): boolean =>
  schemeOf(state)
    .cycles(state.progress)
    .some(
      ({ adapter: own, stage }) =>
        stage.kind === 'loading' &&
        own === adapter &&
        stage.version === version &&
        stage.awaited.includes(device),
    )

/** The round under way, for a page that shows one; null between rounds. */
export const roundUnderWay = (state: FederationState): RoundUnderWay | null =>
  schemeOf(state).roundUnderWay(state)

/** A run is being gone through again, whether it is over or not. */
export const isUnlearning = ({ progress }: FederationState): boolean => isReplay(progress)

/** Whether rounds wait for each other. */
export const hasRounds = (state: FederationState): boolean => schemeOf(state).hasRounds

/** Which round of the run an order works towards; null: it trains to be compared, not to be merged (a survey). */
export const worksTowards = (state: FederationState, round: number): number | null =>
  schemeOf(state).worksTowards(state, round)

/** Who shares which adapter with whom; empty where the scheme knows no clusters. Those without devices are left out. */
export const clustersIn = (state: FederationState): readonly Cluster[] =>
  schemeOf(state).clusters?.(state) ?? []

/** The cluster of each device that is in one. */
export const clusterOfEach = (state: FederationState): ReadonlyMap<DeviceKey, AdapterId> =>
  new Map(clustersIn(state).flatMap(({ id, devices }) => devices.map((device) => [device, id] as const)))

/** Of several adapters the one that most devices share. */
export function mostShared(state: FederationState): AdapterId {
  const bySize = clustersIn(state).toSorted((a, b) => b.devices.length - a.devices.length)
  return bySize.at(0)?.id ?? globalAdapter
}

/** Each device's edge, null: it speaks with the coordinator. Null as a whole: the scheme has no edges. */
export const attachmentsIn = (state: FederationState): Readonly<Record<DeviceKey, DeviceKey | null>> | null =>
  schemeOf(state).attachments?.(state.progress) ?? null

/** How old the updates of the last merge were, in versions; null: they are never old, or nothing was merged. */
export const stalenessIn = (state: FederationState) => schemeOf(state).staleness?.(state.progress) ?? null
