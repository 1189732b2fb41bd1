/**
 * A room of simulated devices: each is a node as a tab has one (`createNode`), in a world of drawn speeds, links and
 * absences under a virtual clock. It opens the room, lets the devices in one after the other, and sends them away and back
 * as was drawn. What is run and what is measured is an experiment's business.
 */
import type { CorpusName } from '../../corpora/share'
import { seededIdentities } from '../../network/identity/seeded'
import { edgePassOf, makeRoomKeys } from '../../network/keys'
import { type VirtualClock, virtualClock } from '../../network/time/virtual-clock'
import type { GossamerNode } from '../../node/gossamerNode'
import { createNode } from '../../node/node'
import { memoryStorage, type OwnText, type Storage } from '../../node/stored/storage'
import type { Settings } from '../../settings/table'
import type { Compute } from '../../training/compute'
import type { Trainer } from '../training/trainer'
import { simulatedCompute } from './compute'
import { coordinatorKey, type Draws, drawsOf, usualDeadlineMs, type WorldSettings } from './draws'
import { type Links, linksOf } from './links'
import { simulatedWorld } from './world'

export interface RoomParts {
  readonly world: WorldSettings
  /** What is run, as the room's coordinator, or every equal, was opened with. */
  readonly settings: Settings
  readonly trainer: Trainer
  /** What a device trains on: a corpus by its name, or a text of its own. */
  textOf(device: number): CorpusName | OwnText
}

export interface SimulatedRoom {
  readonly clock: VirtualClock
  readonly draws: Draws
  readonly links: Links
  /** Null where nobody coordinates. */
  readonly coordinator: GossamerNode | null
  /** Devices that are here, by key. */
  readonly devices: ReadonlyMap<string, GossamerNode>
  /** What each node keeps through its absences, by key. */
  readonly storages: ReadonlyMap<string, Storage>
}

/** A device may take so long to come in. Where nobody coordinates nobody is there to be asked: all come at once. */
const arrivalMs = 60_000
/** A room looks round for so long before anything begins, and again where somebody still gets ready. */
const lookRoundMs = 5_000
const mostWaits = 120

/**
 * Resolves when all devices are in and hold text.
 * @throws RangeError in the words of a node that cannot take part
 */
export async function openSimulatedRoom(parts: RoomParts): Promise<SimulatedRoom> {
  const { settings, textOf } = parts
  const clock = virtualClock()
  const draws = drawsOf(parts.world)
  const identities = seededIdentities(parts.world.seed)
  const keys = await makeRoomKeys(identities('room'), settings.room, null, identities.keyOf(coordinatorKey))
  const edgePass = await edgePassOf(identities('room'), keys)
  /** The first volunteer: one in each local network. */
  const edges = settings.scheme === 'hierarchical' ? settings.edges : 0
  const crowd = {
    mostPresent: draws.keys.length + 1,
    mostKnown: null,
    usualDeadlineMs: usualDeadlineMs(draws, settings.localSteps),
  }
  const links = linksOf(draws, clock)
  const devices = new Map<string, GossamerNode>()
  const storages = new Map([coordinatorKey, ...draws.keys].map((key) => [key, memoryStorage()]))
  let lives = 0

  function open(key: string, own: Settings, compute: Compute): Promise<GossamerNode> {
    const storage = storages.get(key)!
    lives++
    const identity = identities(`${key}, life ${lives}`)
    return createNode(
      {
        settings: own,
        secret: keys.secret,
        keyHash: keys.publicKeyHash,
        edgePass: own.role === 'edge' ? edgePass : null,
      },
      simulatedWorld({
        key,
        clock,
        identity,
        signingKey: identities.keyOf(key),
        links,
        keys,
        crowd,
        storage,
        compute,
      }),
    )
  }

  async function openCoordinator(): Promise<GossamerNode> {
    // It is never gone for good here: nobody need be able to take its place.
    const own: Settings = { ...settings, role: 'coordinator', heirs: 0 }
    const node = await open(coordinatorKey, own, computeIn(parts, draws, clock, 0))
    await clock.run(Number.POSITIVE_INFINITY, () => node.store.getState().invite !== null)
    return node
  }

  /** Comes, and then leaves and comes back as was drawn: as a tab that is closed and opened again. */
  async function live(key: string, device: number): Promise<void> {
    const text = textOf(device)
    if (typeof text !== 'string') await storages.get(key)!.saveText(key, text)
    const own: Settings = {
      ...settings,
      role: device < edges ? 'edge' : 'device',
      corpus: typeof text === 'string' ? text : null,
      attack: draws.isAttacking(key) ? settings.attack : 'none',
    }
    const compute = computeIn(parts, draws, clock, device)
    const come = async () => void devices.set(key, await open(key, own, compute))
    const leave = () => {
      void devices.get(key)?.leave()
      devices.delete(key)
    }
    const goOn = (turn: number) => {
      const stayMs = draws.stayMs(key, turn)
      if (!Number.isFinite(stayMs)) return
      clock.after(stayMs, () => {
        if (turn % 2 === 0) leave()
        else void come()
        goOn(turn + 1)
      })
    }
    await come()
    goOn(0)
  }

  const coordinator = settings.scheme === 'gossip' ? null : await openCoordinator()
  const room = { clock, draws, links, coordinator, devices, storages }
  // One after the other, so that the nth device has the nth place in the room, and the text that belongs to it.
  for (const [device, key] of draws.keys.entries()) {
    await live(key, device)
    const isSeated = () => !coordinator || coordinator.store.getState().devices.length > device + 1
    await clock.run(clock.now() + arrivalMs, isSeated)
    assertTakePart(room)
    if (!isSeated())
      throw new RangeError(
        `${key} did not come into the room within a minute. Choose faster links, or longer stays.`,
      )
  }
  for (let waits = 0; arrivedIn(room) < draws.keys.length && waits < mostWaits; waits++) {
    await clock.advance(lookRoundMs)
    assertTakePart(room)
  }
  await clock.advance(lookRoundMs)
  return room
}

function computeIn(
  { trainer, settings }: RoomParts,
  draws: Draws,
  clock: VirtualClock,
  device: number,
): Compute {
  const { localSteps, batch: usual } = settings
  return simulatedCompute({
    clock,
    trainer,
    device,
    jobMs: (nth, steps, batch) =>
      draws.jobMs(draws.keys[device], nth, (steps * (batch ?? usual)) / usual, localSteps),
  })
}

/** Devices that hold text, as far as one sees who should know. */
function arrivedIn({ coordinator, devices }: SimulatedRoom): number {
  const [first] = devices.values()
  const seen = (coordinator ?? first)?.store.getState().devices ?? []
  return seen.filter(({ examples }) => examples > 0).length
}

/** What a tab refuses the Lab refuses, in the tab's words. */
function assertTakePart({ coordinator, devices }: SimulatedRoom): void {
  for (const node of coordinator ? [coordinator, ...devices.values()] : devices.values()) {
    const { phase, problems } = node.store.getState()
    if (phase.kind === 'failed') throw new RangeError(problems.at(-1)?.message)
  }
}
