/** Who a gossiping node's neighbours are, as far as it knows who is there. */
import { neighboursOf } from '../../analysis/topology'
import { type Member, present } from '../../members'
import type { DeviceKey } from '../../names'
import type { PeerState } from './state'

/** This node's neighbours among those that are here. All nodes that see the same peers see the same web. */
export function neighboursIn({ members, config, self }: PeerState): readonly DeviceKey[] {
  const here = hereIn(members)
  const place = here.indexOf(self)
  return place < 0 ? [] : neighboursOf(config.gossip, here.length, config.seed)[place].map((at) => here[at])
}

/** The keys of those who are here, in order. Asked with nearly every event, and seldom of another list. */
const sortedKeys = new WeakMap<readonly Member[], readonly DeviceKey[]>()

function hereIn(members: readonly Member[]): readonly DeviceKey[] {
  const here = sortedKeys.get(members) ?? present(members).toSorted()
  sortedKeys.set(members, here)
  return here
}
