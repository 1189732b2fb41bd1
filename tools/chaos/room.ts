/**
 * A room that chaos befalls: real nodes (`createNode`) in one process, in virtual time, over the real network on memory
 * links, with seeded identities and disks that outlive their tabs. Only training is not real: it moves a small adapter
 * towards what its device wants. Whoever watches is told what every tab stores, says and shows.
 */

import { reader } from '../../src/corpora/reading/reader'
import { simulatedCompute } from '../../src/lab/simulation/compute'
import type { Trainer } from '../../src/lab/training/trainer'
import { random } from '../../src/lib/rng'
import { joinEquals } from '../../src/network/equals'
import { seededIdentities } from '../../src/network/identity/seeded'
import { isCoordinator } from '../../src/network/ids'
import { joinRoom } from '../../src/network/join'
import { edgePassOf, isEdgePass, makeRoomKeys } from '../../src/network/keys'
import type { Message, Network, PeerId } from '../../src/network/network'
import { openRoom } from '../../src/network/room'
import type { VirtualClock } from '../../src/network/time/virtual-clock'
import { type FaultyTransport, faultyTransport } from '../../src/network/transport/memory/faulty-transport'
import { type MemoryTransport, memoryHub } from '../../src/network/transport/memory/memory-transport'
import type { GossamerNode } from '../../src/node/gossamerNode'
import { createMerger } from '../../src/node/merging/merger'
import type { Merging } from '../../src/node/merging/merging'
import { createNode } from '../../src/node/node'
import type { OwnText, Storage } from '../../src/node/stored/storage'
import type { World } from '../../src/node/world'
import { roomOfTabs } from '../../src/settings/derived/federationConfig'
import { readSettings } from '../../src/settings/reading'
import type { Compute } from '../../src/training/compute'
import { type Disk, openDisk } from './disk'
import { beginLife, type Life } from './life'
import { coordinatorKey } from './schedule'
import { heardBy, repeating } from './wire'

/** Who is told what tabs do; each may put something in the place of what it is shown. */
export interface Watcher {
  opened(key: string, life: Life): void
  storage(key: string, storage: Storage): Storage
  merging(key: string, merging: Merging): Merging
  /** @param term of the coordinator that the tab belongs to */
  said(key: string, to: string, message: Message, term: number): void
}

export interface Tab {
  readonly life: Life
  readonly node: GossamerNode
  /** Coordinates the room beside it, where this tab was elected; null: it was not. */
  office: GossamerNode | null
  readonly transports: readonly { readonly memory: MemoryTransport; readonly faulty: FaultyTransport }[]
  /** That it has entered: its device's, and that of the room that it coordinates. */
  readonly networks: readonly Network[]
}

type Ways = Pick<Tab, 'office'> & {
  readonly transports: Tab['transports'][number][]
  readonly networks: Network[]
}

export interface Weather {
  /** Of everything that a tab says: how long it takes, and how often it is said twice. */
  readonly delayMs: Map<string, number>
  readonly repeats: Set<string>
  /** Whose computers' clocks are set wrong: by so much. A page learns of it when it is opened. */
  readonly aheadMs: Map<string, number>
  /** Those whose GPU is lost. */
  readonly gpuLost: Set<string>
}

export interface ChaosRoom {
  /** Those that are open, frozen ones too. */
  readonly tabs: ReadonlyMap<string, Tab>
  readonly weather: Weather
  diskOf(key: string): Disk
  /** Opens a tab, for the first time or after its last one is gone; nothing where one is open. */
  open(key: string): Promise<void>
  leave(key: string): void
  kill(key: string): void
  /** The tab that coordinates now crashes, and is never opened again. */
  end(): void
  /** Cuts these off from all others; nobody: heals. */
  partition(island: ReadonlySet<string>): void
}

export interface RoomParts {
  readonly clock: VirtualClock
  readonly trainer: Trainer
  /** Its place among the trainer's devices. */
  indexOf(key: string): number
  readonly seed: number
  /** Rest of an address: what is run. */
  readonly query: string
  readonly hasCoordinator: boolean
  /** Those that volunteer to merge for others. */
  isEdge(key: string): boolean
  readonly watcher: Watcher
}

/** That of this tab, if it has one that has not been given up. */
function coordinatorIn({ node, office }: Tab): GossamerNode | null {
  const coordinator = node.store.getState().role === 'coordinator' ? node : office
  return coordinator?.store.getState().phase.kind === 'failed' ? null : coordinator
}

/** Of all that are open the one that was elected last; null: nobody coordinates. */
export function coordinating({ tabs }: Pick<ChaosRoom, 'tabs'>): GossamerNode | null {
  const all = [...tabs.values()].flatMap((tab) => coordinatorIn(tab) ?? [])
  const termOf = (node: GossamerNode) => node.store.getState().succession.term
  return all.toSorted((a, b) => termOf(b) - termOf(a))[0] ?? null
}

const code = 'CHAOS'
const usualDelayMs = 20
/** When the room’s time begins, by computers’ clocks. */
const epochMs = 1.7e12

/** More for some than for others, so that means are weighted. */
const textOf = (key: string): OwnText => ({
  title: key,
  examples: Array.from({ length: 10 + 3 * (key.charCodeAt(key.length - 1) % 7) }, (_, row) => ({
    prompt: '',
    completion: `${key} says ${row}.`,
  })),
})

export async function openChaosRoom(parts: RoomParts): Promise<ChaosRoom> {
  const { clock, seed, query, hasCoordinator, watcher } = parts
  const hub = memoryHub(clock)
  const identities = seededIdentities(seed)
  const founder = identities('founder')
  const keys = await makeRoomKeys(founder, code, 'secret', identities.keyOf(coordinatorKey))
  const pass = await edgePassOf(founder, keys)
  const disks = new Map<string, Disk>()
  const tabs = new Map<string, Tab>()
  const keyOfPeer = new Map<PeerId, string>()
  const weather: Weather = { delayMs: new Map(), repeats: new Set(), aheadMs: new Map(), gpuLost: new Set() }
  let island: ReadonlySet<string> = new Set()
  const goneForGood = new Set<string>()
  let lives = 0

  const isCut = (key: string) => (peer: PeerId) => island.has(key) !== island.has(keyOfPeer.get(peer) ?? key)
  /** Whose word it is: a tab that was elected says some as a device, some as the coordinator, in the same term. */
  const termOf = (self: PeerId): number => {
    const tab = tabs.get(keyOfPeer.get(self) ?? '')
    const node = isCoordinator(self) ? (tab?.office ?? tab?.node) : tab?.node
    return node?.store.getState().succession.term ?? 0
  }
  const diskOf = (key: string): Disk => {
    const disk = disks.get(key) ?? openDisk(key, textOf(key))
    disks.set(key, disk)
    return disk
  }

  function worldOf(key: string, life: Life, tab: Ways): World {
    const name = `${key} ${++lives}`
    const identity = identities(name)
    const dice = random(seed, 'repeats', name)
    const surroundings = {
      clock: life.clock,
      identity,
      transport(self: PeerId) {
        keyOfPeer.set(self, key)
        const memory = hub.transport(self)
        const faulty = faultyTransport(heardBy(life, memory), seed + lives, life.clock, () => ({
          delayMs: weather.delayMs.get(key) ?? usualDelayMs,
          jitter: 0.5,
          loss: 0,
          bytesPerSecond: 1e6,
        }))
        faulty.partition(isCut(key))
        tab.transports.push({ memory, faulty })
        return faulty
      },
    }
    const watched = <Kind extends Network>(network: Kind): Kind => {
      tab.networks.push(network)
      const twice = repeating(network, life, dice, () => (weather.repeats.has(key) ? 0.5 : 0))
      const send: Network['send'] = (to, message, options) => {
        watcher.said(key, keyOfPeer.get(to) ?? to, message, termOf(network.self))
        return twice.send(to, message, options)
      }
      return new Proxy(twice, { get: (of, what) => (what === 'send' ? send : Reflect.get(of, what)) })
    }
    return {
      reader,
      crowd: roomOfTabs,
      openCompute: () => ({ compute: computeIn(life, key), close() {} }),
      openMerging: () => ({ merging: watcher.merging(key, createMerger()), close() {} }),
      clock: life.clock,
      identity,
      openStorage: async () => ({ storage: watcher.storage(key, diskOf(key).in(life)), keeping: 'lasting' }),
      makeRoomKeys: async () => keys,
      openRoom: async (room, self) => watched(await openRoom(room, { ...self, ...surroundings })),
      joinRoom: async (options) => watched(await joinRoom({ ...options, ...surroundings })),
      joinEquals: async (options) => watched(await joinEquals({ ...options, ...surroundings })),
      inviteUrl: async () => 'http://chaos/',
      isEdgePass: (room, shown) => isEdgePass(identity, room, shown),
      tabKey: async () => ({ signingKey: identities.keyOf(key), damage: null }),
      memoryBytes: () => null,
      keepAwake: () => () => {},
      watchSight: () => () => {},
      watchPower: () => () => {},
      coordinates(office) {
        tab.office = office
      },
      reopen: () => {},
      showAddress: () => {},
    }
  }

  function computeIn(life: Life, key: string): Compute {
    const dice = random(seed, 'jobs', key, lives)
    const compute = simulatedCompute({
      clock: { after: life.clock.after, holds: clock.holds },
      trainer: parts.trainer,
      device: parts.indexOf(key),
      jobMs: () => 1_000 + dice.int(6_000),
    })
    const computed = onGpu(key)
    return { ...compute, train: computed(compute.train), evaluate: computed(compute.evaluate) }
  }

  /** What a GPU computes: nothing, once it is lost. */
  const onGpu =
    (key: string) =>
    <Asked extends readonly unknown[], Given>(work: (...asked: Asked) => Promise<Given>) =>
    async (...asked: Asked): Promise<Given> => {
      const given = await work(...asked)
      if (weather.gpuLost.has(key)) throw new Error('The GPU was lost.')
      return given
    }

  function addressOf(key: string): string {
    const secret = `s=${keys.secret}`
    if (!hasCoordinator) return `role=device&${query}#${secret}`
    const known = `${secret}&k=${keys.publicKeyHash}`
    if (key === coordinatorKey) return `role=coordinator&${query}#${known}`
    return parts.isEdge(key) ? `role=edge#${known}&e=${pass}` : `role=device#${known}`
  }

  const gone = (key: string, end: (tab: Tab) => void) => {
    const tab = tabs.get(key)
    if (!tab) return
    tabs.delete(key)
    end(tab)
  }

  const kill = (key: string) =>
    gone(key, ({ life, transports }) => {
      life.end()
      for (const { memory } of transports) memory.crash()
    })

  return {
    tabs,
    weather,
    diskOf,
    async open(key) {
      if (tabs.has(key) || goneForGood.has(key)) return
      weather.gpuLost.delete(key)
      const life = beginLife(clock, epochMs + (weather.aheadMs.get(key) ?? 0))
      const ways: Ways = { office: null, transports: [], networks: [] }
      const url = new URL(`http://chaos/?room=${code}&corpus=own&${addressOf(key)}`)
      const { settings, fragment } = readSettings(url)
      watcher.opened(key, life)
      const node = await createNode({ settings, ...fragment }, worldOf(key, life, ways))
      tabs.set(key, Object.assign(ways, { life, node }))
    },
    leave: (key) =>
      gone(key, ({ life, transports, networks }) => {
        // As a page that is closed or loaded anew: its person has not left the room for good.
        if (life.isFrozen) for (const { memory } of transports) memory.crash()
        else for (const network of networks) void network.leave()
        clock.after(0, () => life.end())
      }),
    kill,
    end() {
      const current = coordinating({ tabs })
      for (const [key, tab] of [...tabs]) {
        if (current === null || coordinatorIn(tab) !== current) continue
        goneForGood.add(key)
        kill(key)
      }
    },
    partition(keys) {
      island = keys
      for (const [key, { transports }] of tabs)
        for (const { faulty } of transports) faulty.partition(isCut(key))
    },
  }
}
