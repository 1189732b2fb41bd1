/**
 * A room to attack: real nodes over the real network (admission with real keys, frames, budgets, presence) in one process.
 * Only what carries the bytes is memory, and the engine is the tests' toy. A stranger comes in two kinds: a node whose
 * engine lies, and a bare peer that says what it likes.
 */
import { reader } from '../../../src/corpora/reading/reader'
import { joinEquals } from '../../../src/network/equals'
import { randomHex } from '../../../src/network/identity/identity'
import { webIdentity } from '../../../src/network/identity/web-crypto'
import { inviteUrl } from '../../../src/network/invite'
import { joinRoom } from '../../../src/network/join'
import { edgePassOf, isEdgePass, makeRoomKeys } from '../../../src/network/keys'
import type { RoomKeys } from '../../../src/network/network'
import { openRoom } from '../../../src/network/room'
import { tabClock } from '../../../src/network/time/clock'
import { type MemoryHub, memoryHub } from '../../../src/network/transport/memory/memory-transport'
import { type Training, towards, toyCompute } from '../../../src/node/fixtures/room'
import { until } from '../../../src/node/fixtures/world'
import type { GossamerNode } from '../../../src/node/gossamerNode'
import { createMerger } from '../../../src/node/merging/merger'
import { createNode } from '../../../src/node/node'
import type { NodeState } from '../../../src/node/state'
import { memoryStorage } from '../../../src/node/stored/storage'
import type { World } from '../../../src/node/world'
import { roomOfTabs } from '../../../src/settings/derived/federationConfig'
import { readSettings } from '../../../src/settings/reading'
import type { Compute } from '../../../src/training/compute'
import { type Liar, liarOf } from './liar'
import { namedKeys } from './names'

export const code = 'TEST'

export interface Member {
  readonly node: GossamerNode
  readonly key: string
}

export interface Room {
  readonly coordinator: GossamerNode
  readonly keys: RoomKeys
  /** Events that the coordinator has stored. */
  logLength(): Promise<number>
  device(key: string, training: Training | number, other?: Partial<Compute>): Promise<GossamerNode>
  liar(options?: {
    readonly name?: string
    readonly key?: string
    readonly role?: 'device' | 'edge'
  }): Promise<Liar>
  /** Somebody who knows the code only stands at the door, for as long as the room is open. */
  knock(name: string): Promise<void>
  readonly hub: MemoryHub
  /** Everybody leaves. */
  close(): Promise<void>
}

/** The coordinator's settings as an address has them. */
export async function openAttackRoom(query: string): Promise<Room> {
  const clock = tabClock()
  const hub = memoryHub(clock)
  const storage = memoryStorage()
  let keys!: RoomKeys
  const nodes: GossamerNode[] = []
  const liars: Liar[] = []
  const names = namedKeys()
  const { identity } = names

  const surroundings = { clock, identity, transport: hub.transport }

  async function open(key: string, address: string, training: Training, other: Partial<Compute> = {}) {
    const { settings, fragment } = readSettings(new URL(address))
    const compute = { ...toyCompute(() => training), ...other }
    const world: World = {
      openCompute: () => ({ compute, close: () => {} }),
      openMerging: () => ({ merging: createMerger(), close: () => {} }),
      clock,
      identity,
      crowd: roomOfTabs,
      reader,
      openStorage: async () => ({
        storage: settings.role === 'coordinator' ? storage : memoryStorage(),
        keeping: 'lasting',
      }),
      makeRoomKeys: async (wanted, secret) => {
        const [wish, own] = [secret ?? randomHex(identity, 16), await names.keyOf(key)]
        keys = await makeRoomKeys(identity, wanted ?? code, wish, own)
        return keys
      },
      openRoom: (roomKeys, self) => openRoom(roomKeys, { ...self, ...surroundings }),
      joinRoom: (options) => joinRoom({ ...options, ...surroundings }),
      joinEquals: (options) => joinEquals({ ...options, ...surroundings }),
      inviteUrl: async (roomKeys, role) =>
        inviteUrl(
          'http://localhost',
          roomKeys,
          role === 'edge' ? await edgePassOf(webIdentity, roomKeys) : null,
        ),
      isEdgePass: (roomKeys, pass) => isEdgePass(webIdentity, roomKeys, pass),
      tabKey: async () => ({ signingKey: await names.keyOf(key), damage: null }),
      memoryBytes: () => null,
      keepAwake: () => () => {},
      watchSight: () => () => {},
      watchPower: () => () => {},
      coordinates: () => {},
      reopen: () => {},
      showAddress: () => {},
    }
    const node = await createNode({ settings, ...fragment }, world)
    nodes.push(node)
    return node
  }

  const coordinator = await open(
    'coordinator',
    `http://localhost/?room=${code}&role=coordinator&${query}`,
    towards(0),
  )
  const { invite } = await until(
    coordinator,
    (state) => state.invite !== null && state.phase.kind === 'lobby',
  )

  return {
    coordinator,
    keys,
    hub,
    logLength: async () => (await storage.loadRoom(code)).value?.log.length ?? 0,
    device: (key, training, other) =>
      open(key, invite!, typeof training === 'number' ? towards(training) : training, other),
    async liar({ name = 'Mallory', key = 'mallory', role = 'device' } = {}) {
      const liar = await liarOf({ hub, keys, names, name, key, role })
      liars.push(liar)
      return liar
    },
    async knock(name) {
      const signingKey = await identity.makeSigningKey()
      const stands = new Promise<void>((resolve) => {
        void joinRoom({
          code,
          role: 'device',
          name,
          signingKey,
          secret: null,
          publicKeyHash: null,
          waitMs: 1_000,
          understood: { letters: new Map(), whispers: new Map() },
          ...surroundings,
          onKnocking: () => resolve(),
        }).catch(() => {})
      })
      await Promise.race([stands, new Promise((resolve) => setTimeout(resolve, 50))])
    },
    async close() {
      await Promise.all(liars.map(({ network }) => network.leave()))
      await Promise.all(nodes.map((node) => node.leave()))
    },
  }
}

/** Devices that hold text and are here, as the coordinator knows. */
export const ready = (node: GossamerNode, count: number): Promise<NodeState> =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity, isSelf }) => !isSelf && examples > 0 && activity !== 'gone')
        .length >= count,
  )

/** The first state that fits, or null when this time has passed. */
export const within = (
  node: GossamerNode,
  limitMs: number,
  fits: (state: NodeState) => boolean,
): Promise<NodeState | null> =>
  Promise.race([until(node, fits), new Promise<null>((resolve) => setTimeout(() => resolve(null), limitMs))])
