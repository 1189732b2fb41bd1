/** Whose generated held-out text an adapter is measured on: every device that shares it and has ever held some. */

import type { AdapterId, FederationState } from '../../federation/types'
import { clustersIn } from '../../federation/view'
import type { DeviceView } from '../state'
import type { PoolMember } from '../wire/parts'

export function poolOf(
  state: FederationState,
  devices: readonly DeviceView[],
  adapter: AdapterId,
): PoolMember[] {
  const cluster = clustersIn(state).find(({ id }) => id === adapter)
  const ofCluster = cluster && new Set(cluster.devices)
  const corpora = new Map(devices.map(({ key, corpus }) => [key, corpus]))
  return state.members.flatMap(({ key, index }) => {
    const corpus = corpora.get(key)
    return corpus && (ofCluster?.has(key) ?? true) ? [{ index, corpus }] : []
  })
}
