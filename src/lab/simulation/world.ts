/** The world of a simulated node: links and time are drawn, whatever is kept is kept in memory, and nobody looks at it. */
import { reader } from '../../corpora/reading/reader'
import { joinEquals } from '../../network/equals'
import { isEdgePass } from '../../network/keys'
import type { RoomKeys } from '../../network/network'
import { joinRoom, openRoom } from '../../network/room'
import type { Surroundings } from '../../network/surroundings'
import type { VirtualClock } from '../../network/time/virtual-clock'
import type { Storage } from '../../node/stored/storage'
import type { World } from '../../node/world'
import type { Compute } from '../../training/compute'
import type { Links } from './links'

export interface Place {
  readonly key: string
  readonly clock: VirtualClock
  readonly links: Links
  readonly keys: RoomKeys
  /** What outlives the node's absences. */
  readonly storage: Storage
  readonly compute: Compute
}

export function simulatedWorld({ key, clock, links, keys, storage, compute }: Place): World {
  const surroundings: Surroundings = {
    clock,
    transport: links.transport(key),
    onSent: (to, kind, bytes) => links.sent(key, to, kind, bytes),
  }
  return {
    reader,
    clock,
    openCompute: () => ({ compute, close: () => {} }),
    openStorage: async () => ({ storage, keeping: 'lasting' }),
    makeRoomKeys: async () => keys,
    openRoom: (room, self) => openRoom(room, { ...self, ...surroundings }),
    joinRoom: (options) => joinRoom({ ...options, ...surroundings }),
    joinEquals: (options) => joinEquals({ ...options, ...surroundings }),
    inviteUrl: async (room, role) =>
      `http://lab/?role=${role}&room=${room.code}#s=${room.secret}&k=${room.publicKeyHash}`,
    isEdgePass,
    tabKey: async () => key,
    memoryBytes: () => null,
    keepAwake: () => () => {},
    showAddress: () => {},
  }
}
