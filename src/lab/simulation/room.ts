/**
 * A room of simulated devices: each is a node as a tab has one (`createNode`), in a world of drawn speeds, links and
 * absences under a virtual clock. It opens the room, lets the devices in one after the other, and sends them away and back
 * as was drawn. What is run and what is measured is an experiment's business.
 */
import { edgePassOf } from '../../network/keys'
import type { RoomKeys } from '../../network/network'
import { type VirtualClock, virtualClock } from '../../network/time/virtual-clock'
import { createNode } from '../../node/node'
import type { Settings } from '../../node/settings'
import type { GossamerNode } from '../../node/state'
import { memoryStorage, type OwnText } from '../../node/stored/storage'
import type { Trainer } from '../training/trainer'
import { simulatedCompute } from './compute'
import { coordinatorKey, type Draws, drawsOf, type WorldSettings } from './draws'
import { type Links, linksOf } from './links'
import { holdCryptography } from './temporary'
import { simulatedWorld } from './world'

export interface RoomParts {
  readonly world: WorldSettings
  /** What is run, as the room's coordinator, or every equal, was opened with. */
  readonly settings: Settings
  readonly keys: RoomKeys
  readonly trainer: Trainer
  /** So many volunteer to merge for others: the first of each site. */
  readonly edges: number
  /** What a device trains on: a corpus by its name, or a text of its own. */
  textOf(device: number): string | OwnText
}

export interface SimulatedRoom {
  readonly clock: VirtualClock
  readonly draws: Draws
  readonly links: Links
  /** Null where nobody coordinates. */
  readonly coordinator: GossamerNode | null
  /** Devices that are here, by key. */
  readonly devices: ReadonlyMap<string, GossamerNode>
}

/** What a tab refuses the Lab refuses, in the tab's words. */
function assertTakesPart(node: GossamerNode): void {
  const { phase, problems } = node.store.getState()
  if (phase.kind === 'failed') throw new RangeError(problems.at(-1)?.message)
}

/** Devices come so long after each other, and the room looks round for so long before anything begins. */
const arrivalMs = 20
const lookRoundMs = 5_000

/** Resolves when all devices are in and hold text. */
export async function openSimulatedRoom(parts: RoomParts): Promise<SimulatedRoom> {
  const { settings, keys, trainer, edges, textOf } = parts
  const clock = virtualClock()
  holdCryptography(clock)
  const draws = drawsOf(parts.world)
  const links = linksOf(draws, clock)
  const isOfEquals = settings.scheme === 'gossip'
  const fragment = { secret: keys.secret, keyHash: keys.publicKeyHash, edgePass: null }
  const devices = new Map<string, GossamerNode>()

  const computeOf = (device: number) => {
    const key = draws.keys[device]
    const { localSteps, batch: usual } = settings
    return simulatedCompute({
      ...{ clock, trainer, device },
      jobMs: (nth, steps, batch) =>
        draws.jobMs(key, nth, (steps * (batch ?? usual)) / usual, localSteps),
    })
  }

  async function openCoordinator(): Promise<GossamerNode> {
    const key = coordinatorKey
    const world = simulatedWorld({
      ...{ key, clock, links, keys, storage: memoryStorage(), compute: computeOf(0) },
    })
    const node = await createNode({ settings: { ...settings, role: 'coordinator' }, ...fragment }, world)
    await clock.run(Number.POSITIVE_INFINITY, () => node.store.getState().invite !== null)
    return node
  }

  async function live(device: number): Promise<void> {
    const key = draws.keys[device]
    const storage = memoryStorage()
    const compute = computeOf(device)
    const text = textOf(device)
    if (typeof text !== 'string') await storage.saveText(key, text)
    const edgePass = device < edges ? await edgePassOf(keys) : null
    const own: Settings = {
      ...settings,
      role: device < edges ? 'edge' : 'device',
      corpus: typeof text === 'string' ? text : null,
    }
    const come = async () => {
      const world = simulatedWorld({ key, clock, links, keys, storage, compute })
      devices.set(key, await createNode({ settings: own, ...fragment, edgePass }, world))
    }
    const goOn = (turn: number) => {
      const stayMs = draws.stayMs(key, turn)
      if (!Number.isFinite(stayMs)) return
      clock.after(stayMs, () => {
        if (turn % 2 === 1) void come()
        else {
          void devices.get(key)?.leave()
          devices.delete(key)
        }
        goOn(turn + 1)
      })
    }
    await come()
    goOn(0)
  }

  const coordinator = isOfEquals ? null : await openCoordinator()
  for (const device of draws.keys.keys()) clock.after(device * arrivalMs, () => void live(device))
  const arrived = () => {
    const seen = coordinator ?? devices.get(draws.keys[0])
    return seen?.store.getState().devices.filter(({ examples }) => examples > 0).length ?? 0
  }
  while (arrived() < draws.keys.length) {
    await clock.advance(lookRoundMs)
    for (const node of coordinator ? [coordinator, ...devices.values()] : devices.values()) assertTakesPart(node)
  }
  return { clock, draws, links, coordinator, devices }
}
