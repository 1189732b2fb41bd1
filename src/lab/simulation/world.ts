/** The world of a simulated node: links and time are drawn, whatever is kept is kept in memory, and nobody looks at it. */
import { reader } from '../../corpora/reading/reader'
import { joinEquals } from '../../network/equals'
import type { Identity, SigningKey } from '../../network/identity/identity'
import { joinRoom } from '../../network/join'
import { edgePassOf, isEdgePass } from '../../network/keys'
import type { RoomKeys } from '../../network/network'
import { type Pace, usualPace } from '../../network/presence/presence'
import { openRoom } from '../../network/room'
import type { Surroundings } from '../../network/surroundings'
import type { VirtualClock } from '../../network/time/virtual-clock'
import { createMerger } from '../../node/merging/merger'
import type { Storage } from '../../node/stored/storage'
import type { World } from '../../node/world'
import type { Crowd } from '../../settings/derived/federationConfig'
import type { Compute } from '../../training/compute'
import type { Links } from './links'

export interface Place {
  readonly key: string
  readonly clock: VirtualClock
  readonly identity: Identity
  /** The key pair of this node, in all its lives. */
  readonly signingKey: SigningKey
  readonly links: Links
  readonly keys: RoomKeys
  readonly crowd: Crowd
  /** What outlives the node's absences. */
  readonly storage: Storage
  readonly compute: Compute
}

/** Simulated devices come and go by saying so: nobody need be asked every two seconds whether it is still there. */
const pace: Pace = {
  ...usualPace,
  pingPeriodMs: 60_000,
  roundTripEveryMs: 600_000,
  suspectAfterMs: 180_000,
  goneAfterMs: 600_000,
}

export function simulatedWorld(place: Place): World {
  const { key, clock, identity, signingKey, links, keys, crowd, storage, compute } = place
  const surroundings: Surroundings = {
    clock,
    identity,
    pace,
    transport: links.transport(key),
    onSent: (to, kind, bytes, isAttached) => links.sent(key, to, kind, bytes, isAttached),
  }
  return {
    reader,
    clock,
    identity,
    crowd,
    openCompute: () => ({ compute, close: () => {} }),
    openMerging: () => ({ merging: createMerger(), close: () => {} }),
    openStorage: async () => ({ storage, keeping: 'lasting' }),
    makeRoomKeys: async () => keys,
    openRoom: (room, self) => openRoom(room, { ...self, ...surroundings }),
    joinRoom: (options) => joinRoom({ ...options, ...surroundings }),
    joinEquals: (options) => joinEquals({ ...options, ...surroundings }),
    async inviteUrl(room, role) {
      const edgePass = role === 'edge' ? `&e=${await edgePassOf(identity, room)}` : ''
      return `http://lab/?role=${role}&room=${room.code}#s=${room.secret}&k=${room.publicKeyHash}${edgePass}`
    },
    isEdgePass: (room, pass) => isEdgePass(identity, room, pass),
    tabKey: async () => ({ signingKey, damage: null }),
    memoryBytes: () => null,
    keepAwake: () => () => {},
    watchSight: () => () => {},
    watchPower: () => () => {},
    coordinates: () => {},
    reopen: () => {},
    showAddress: () => {},
  }
}
