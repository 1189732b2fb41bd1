/**
 * A room of tabs that reason together, in one process: each a participant as a real tab has one, over the real rooms, admission
 * and frames, on links that are drawn and under a virtual clock. What each computes is computed. The command line, the benches
 * and the tests of the modes open it.
 */
import { seededIdentities } from '../../../network/identity/seeded'
import { joinRoom } from '../../../network/join'
import { makeRoomKeys } from '../../../network/keys'
import type { Network, PeerId } from '../../../network/network'
import { openRoom } from '../../../network/room'
import { type VirtualClock, virtualClock } from '../../../network/time/virtual-clock'
import {
  type Faults,
  type FaultyTransport,
  faultyTransport,
} from '../../../network/transport/memory/faulty-transport'
import { type MemoryTransport, memoryHub } from '../../../network/transport/memory/memory-transport'
import { listenForReasoning, type TabLinks } from '../../../node/reasoning/links'
import { routerOf } from '../../../node/router'
import { type Orphan, type Participant, takePart } from '../../../reasoning/participant'
import type { Strain } from '../../../reasoning/plan/choose'
import type { Self } from '../../../reasoning/ports'
import type { Hello } from '../../../reasoning/wire/letters'
import type { Sessions } from '../../../training/session'
import { type BookedSpeed, booked } from './booked'

export interface NodeParts extends BookedSpeed {
  readonly sessions: Sessions
  /** It may hold so many layers; all where it is not said. */
  readonly mostLayers?: number
  /** Asked whenever it matters, so that it may change in mid-text. */
  readonly strain?: () => Strain | null
  /** What it alone sees. */
  readonly view?: string | null
  /** What it learned alone; it lets others ask it. */
  readonly ownAdapter?: Uint8Array
  /** What it says of itself otherwise than the rest of these parts do. */
  readonly says?: Partial<Pick<Hello, 'adapter' | 'isVisible' | 'millisecondsPerLayer'>>
  /** Another arithmetic than it has, for tests of unlike machines. */
  readonly fingerprint?: string
}

export interface RoomParts {
  readonly seed: number
  readonly link: Faults
  readonly nodes: readonly NodeParts[]
  /** The merged adapter that all hold, by its hash. */
  /** Texts that nobody has learned from. */
  readonly heldOut?: () => readonly string[]
  readonly merged?: { readonly hash: string; readonly bytes: Uint8Array } | null
  /** What was dropped because it makes no sense; an error where it is not said. */
  problem?(message: string): void
}

export interface SimulatedTab {
  readonly id: PeerId
  readonly participant: Participant
  readonly links: TabLinks
  /** Whose text it must go on with, as soon as it knows. */
  readonly orphans: readonly Orphan[]
  readonly network: Network
  /** As a crashed tab: without a word. */
  kill(): void
  /** As a tab whose thread stands still: it is there, and neither hears nor says anything. */
  freeze(isFrozen: boolean): void
}

export interface ReasoningRoom {
  readonly clock: VirtualClock
  readonly tabs: readonly SimulatedTab[]
  /** Lets time pass until a promise is settled. */
  patiently<Result>(promise: Promise<Result>): Promise<Result>
  /** Another tab comes. */
  join(node: NodeParts): Promise<SimulatedTab>
  close(): void
}

const code = 'REASON'

export async function openReasoningRoom({
  seed,
  link,
  nodes,
  merged = null,
  heldOut = () => [],
  problem = (message) => {
    throw new Error(message)
  },
}: RoomParts): Promise<ReasoningRoom> {
  const clock = virtualClock()
  const hub = memoryHub(clock)
  const identities = seededIdentities(seed)
  const keys = await makeRoomKeys(identities('room'), code, null, identities.keyOf('node-0'))
  const tabs: SimulatedTab[] = []
  const frozen = new Set<PeerId>()

  async function patiently<Result>(promise: Promise<Result>): Promise<Result> {
    let isSettled = false
    const watched = promise.finally(() => {
      isSettled = true
    })
    watched.catch(() => {})
    while (!isSettled) {
      await clock.run(clock.now() + 1000, () => isSettled)
      if (!isSettled && clock.now() > mostMs) throw new Error('The room stands still.')
    }
    return watched
  }

  async function join(node: NodeParts): Promise<SimulatedTab> {
    const place = tabs.length
    const { facts, self } = await aboutItself(node)
    const { mostLayers } = self
    const router = routerOf({ problem: (_, message) => problem(message) })
    const listen = listenForReasoning(router)
    let memory!: MemoryTransport
    let faulty!: FaultyTransport
    const transport = (id: PeerId) => {
      memory = hub.transport(id)
      faulty = faultyTransport(memory, 1000 * seed + place, clock, () => link)
      return faulty
    }
    const surroundings = { clock, identity: identities(`tab ${place}`), transport }
    const own = {
      name: `Node ${String(place).padStart(2, '0')}`,
      signingKey: identities.keyOf(`node-${place}`),
      understood: router.understood,
    }
    const network = await patiently(
      place === 0
        ? openRoom(keys, { ...own, ...surroundings })
        : joinRoom({ ...keys, ...own, ...surroundings, role: 'device', waitMs: 10_000 }),
    )
    router.listen(network)
    const links = listen(network, clock, (to) => ({
      type: 'reason-hello',
      facts,
      ...self.arithmetic,
      mostLayers,
      adapter: merged?.hash ?? null,
      offersOwn: node.ownAdapter !== undefined,
      hasView: hasView(),
      waitMs: participant.waitMs(to),
      isVisible: true,
      ...node.says,
    }))
    const orphans: Orphan[] = []
    const hasView = () => (node.view ?? null) !== null
    const participant: Participant = takePart(
      {
        self,
        sessions: booked(node.sessions, clock, node, facts.width),
        links,
        clock,
        adapter: (hash) => (merged?.hash === hash ? merged.bytes : null),
        heldOut: async () => heldOut(),
        view: () => node.view ?? null,
        strain: () => node.strain?.() ?? null,
        ownAdapter: () => node.ownAdapter ?? null,
        lentAdapter: () => node.ownAdapter ?? null,
      },
      { orphaned: (text) => orphans.push(text) },
    )
    const isCut = (other: PeerId) => [...frozen].some((id) => id === network.self || id === other)
    const tab: SimulatedTab = {
      id: network.self,
      participant,
      links,
      orphans,
      network,
      kill() {
        memory.crash()
        participant.close()
      },
      freeze(isFrozen) {
        if (isFrozen) frozen.add(network.self)
        else frozen.delete(network.self)
        for (const renew of renewals) renew()
      },
    }
    renewals.push(() => faulty.partition(isCut))
    tabs.push(tab)
    return tab
  }
  /** Each tab's transport asks again who is cut off. */
  const renewals: (() => void)[] = []

  async function aboutItself(node: NodeParts): Promise<{ facts: Self['facts']; self: Self }> {
    const facts = await node.sessions.facts()
    const { fingerprint } = await node.sessions.arithmetic()
    const arithmetic = {
      fingerprint: node.fingerprint ?? fingerprint,
      millisecondsPerLayer: node.millisecondsPerLayer,
    }
    return { facts, self: { facts, arithmetic, mostLayers: node.mostLayers ?? facts.layers } }
  }

  for (const node of nodes) await join(node)
  await clock.advance(settlingMs)
  return {
    clock,
    tabs,
    patiently,
    join,
    close() {
      for (const { participant, links } of tabs) {
        participant.close()
        links.close()
      }
    },
  }
}

/** Everybody has found everybody. */
const settlingMs = 3000
/** No answer takes a day. */
const mostMs = 86_400_000
