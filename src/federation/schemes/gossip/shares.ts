/**
 * Push-sum's weight on its way between neighbours. A share stays with its giver's `given` until the receiver says that it
 * has taken it, and the receiver remembers what it took: so it can be told of again after anything that was lost, and
 * counts once. Which adapters go with the shares, and when, is `peer.ts`.
 */
import type { DeviceKey } from '../../names'
import type { GossipProgress } from './state'

/** A neighbour's adapter, or one of ours that a neighbour was told of. */
export interface Named {
  readonly device: DeviceKey
  readonly version: number
}

export const isSame =
  (one: Named) =>
  (other: Named): boolean =>
    other.device === one.device && other.version === one.version

const others = (one: Named) => (other: Named) => !isSame(one)(other)

/** The neighbour has taken it. */
export const settled = (progress: GossipProgress, share: Named): GossipProgress => ({
  ...progress,
  given: progress.given.filter(others(share)),
})

/** Nobody can take it any more: it counts here again, with the adapter as it has become. */
export function takenBack(progress: GossipProgress, share: Named): GossipProgress {
  const back = progress.given.filter(isSame(share))
  const weight = back.reduce((sum, given) => sum + given.share, progress.weight)
  return { ...settled(progress, share), weight }
}

export const wasTaken = ({ taken }: GossipProgress, { device, version }: Named): boolean =>
  version <= (taken[device] ?? 0)

/** These count here from now on; of one neighbour, in the order in which it gave them. */
export function withTaken(
  progress: GossipProgress,
  shares: readonly (Named & { readonly share: number })[],
): GossipProgress {
  const newest = Object.fromEntries(shares.map(({ device, version }) => [device, version]))
  const weight = shares.reduce((sum, { share }) => sum + share, progress.weight)
  return { ...progress, weight, taken: { ...progress.taken, ...newest } }
}
