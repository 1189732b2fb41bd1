/**
 * A room of tabs that reason, one of which is a member that says what it likes. Beside it somebody asks an honest question, and
 * gets the ids that are right, in a time that is bounded. Real rooms, admission, budgets and engines; under a virtual clock, so
 * that what took how long does not depend on this machine.
 */
import { askInRoom, type Outcome } from '../../../src/lab/reasoning/room/asking'
import {
  type NodeParts,
  openReasoningRoom,
  type ReasoningRoom,
  type SimulatedTab,
} from '../../../src/lab/reasoning/room/room'
import {
  microEngine,
  nearby,
  someAdapter,
  someNodes,
  someWish,
} from '../../../src/lab/reasoning/room/testing'
import type { Message } from '../../../src/network/network'
import type { Wish } from '../../../src/reasoning/participant'
import { decodePacket, encodePacket } from '../../../src/reasoning/wire/binary'
import type { Hello, Purpose } from '../../../src/reasoning/wire/letters'
import type { Packet } from '../../../src/reasoning/wire/packets'
import { attack, broken, type Case } from '../case'

const compute = await microEngine()
export const { sessions } = compute
export const facts = await sessions.facts()
const [plain] = someNodes(compute, 1)
/** An honest tab that has learned something of its own. */
export const honest = (seed: number): NodeParts => ({ ...plain, ownAdapter: someAdapter(seed) })

const channel = 1
/** Until a tab that does not say who it is counts as silent. */
const awaitedOnceMs = 6100

export interface Mallory {
  readonly room: ReasoningRoom
  readonly tab: SimulatedTab
  /** The honest ones. */
  readonly others: readonly SimulatedTab[]
  say(to: string, message: object, attachment?: Uint8Array): void
  opens(to: string, session: number, purpose: Purpose | object): void
  packet(to: string, packet: Packet): void
  bytes(to: string, bytes: Uint8Array): void
  /** What it claims to be, with these changes. */
  hello(change: Partial<Hello>): object
  /** Kinds of letters it was told, and how often. */
  readonly heard: ReadonlyMap<string, number>
  /** The same of packets. */
  readonly heardPackets: ReadonlyMap<string, number>
}

export interface Siege {
  /** What Mallory's engine and adapter are like; an honest one's where it is not said. */
  readonly engine?: Partial<NodeParts>
  /** Whether its tab still answers what it is asked, by its engine. */
  readonly answers: boolean
  readonly mode: Wish['mode']
  readonly wish?: Partial<Wish>
  /** Before the honest question. */
  before?(mallory: Mallory): Promise<void> | void
  /** Every so many virtual milliseconds while it is answered. */
  meanwhile?(mallory: Mallory, at: number): void
  readonly everyMs?: number
  /** The honest answer takes at most so many times as long as without Mallory, and so much longer: a tab that is silent is awaited once. */
  readonly times?: number
  readonly laterMs?: number
  /** What else must hold in the end. */
  look?(mallory: Mallory, outcome: Outcome): Readonly<Record<string, boolean>>
}

const honestNodes = [honest(1), honest(2), honest(3)]

async function quietly(mode: Wish['mode'], wish: Partial<Wish> = {}): Promise<Outcome> {
  const room = await openReasoningRoom({ seed: 1, link: nearby, nodes: honestNodes })
  const outcome = await askInRoom(room, { ...someWish, ...wish, mode })
  room.close()
  return outcome
}

function malloryIn(room: ReasoningRoom, tab: SimulatedTab): Mallory {
  const { network } = tab
  const others = room.tabs.filter((one) => one !== tab)
  const heard = new Map<string, number>()
  const heardPackets = new Map<string, number>()
  network.on('message', (_, { type }) => heard.set(type, (heard.get(type) ?? 0) + 1))
  network.on('whisper', (_, __, bytes) => {
    const { type } = decodePacket(bytes, facts)
    heardPackets.set(type, (heardPackets.get(type) ?? 0) + 1)
  })
  network.reach(
    'mischief',
    others.map(({ id }) => id),
  )
  const bytes = (to: string, whisper: Uint8Array) =>
    void network.whisper(to, channel, whisper).catch(() => {})
  const say = (to: string, message: object, attachment?: Uint8Array) =>
    void network.send(to, message as Message, attachment ? { attachment } : {}).catch(() => {})
  return {
    room,
    tab,
    others,
    heard,
    heardPackets,
    say,
    bytes,
    packet: (to, packet) => bytes(to, encodePacket(packet, facts)),
    opens: (to, session, purpose) =>
      say(to, { type: 'reason-open', session, request: session, epoch: 0, purpose }),
    hello: (change) => ({
      type: 'reason-hello',
      facts,
      fingerprint: 'f'.repeat(16),
      millisecondsPerLayer: 2,
      mostLayers: facts.layers,
      adapter: null,
      offersOwn: false,
      hasView: false,
      waitMs: 0,
      isVisible: true,
      ...change,
    }),
  }
}

/** An honest question in a room with Mallory gives the ids that it gives without. */
export const reasoningCase = (name: string, siege: Siege): Case =>
  attack(
    `reasoning: ${name}`,
    async () => {
      const { mode, wish = {}, times = 1.5, laterMs = siege.answers ? 0 : awaitedOnceMs } = siege
      const quiet = await quietly(mode, wish)
      const nodes = [...honestNodes, { ...plain, ...siege.engine }]
      const room = await openReasoningRoom({ seed: 1, link: nearby, nodes, problem: () => {} })
      const tab = room.tabs.at(-1)!
      if (!siege.answers) {
        tab.participant.close()
        tab.links.close()
      }
      const mallory = malloryIn(room, tab)
      await room.clock.advance(2000)
      await siege.before?.(mallory)
      let isOver = false
      let at = 0
      const again = () => {
        if (isOver) return
        siege.meanwhile?.(mallory, at++)
        room.clock.after(siege.everyMs ?? 10, again)
      }
      if (siege.meanwhile) again()
      const outcome = await askInRoom(room, { ...someWish, ...wish, mode }).catch((problem: Error) => problem)
      isOver = true
      if (outcome instanceof Error) return [`the honest question is not answered: ${outcome.message}`]
      const looked = broken(siege.look?.(mallory, outcome) ?? {})
      room.close()
      const mostSeconds = times * quiet.virtualSeconds + laterMs / 1000
      return [
        ...broken({
          'the honest question is answered with the ids that are right': outcome.hash === quiet.hash,
          [`it takes ${outcome.virtualSeconds.toFixed(1)} s, at most ${mostSeconds.toFixed(1)}`]:
            outcome.virtualSeconds <= mostSeconds,
        }),
        ...looked,
      ]
    },
    { limitMs: 120_000 },
  )
