/** Whose generated held-out text an adapter is measured on: every device that shares it and has ever held some. */

import type { AdapterId, FederationState } from '../../federation/types'
import { clustersIn } from '../../federation/view'
import type { DeviceView } from '../state'
import type { PoolMember } from '../wire/messages'

export function poolOf(
  state: FederationState,
  devices: readonly DeviceView[],
  adapter: AdapterId,
): PoolMember[] {
  const cluster = clustersIn(state).find(({ id }) => id === adapter)
  return state.members.flatMap(({ key, index }) => {
    const corpus = devices.find((device) => device.key === key)?.corpus
    return corpus && (cluster?.devices.includes(key) ?? true) ? [{ index, corpus }] : []
  })
}
