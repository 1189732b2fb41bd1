/**
 * Too much talk. A member says what is allowed, far more often than anybody would. What the coordinator stores, shows and
 * answers stays bounded, the rounds of the others go on, and who floods is named and sent away.
 */
import type { Message } from '../../../src/network/network'
import { modelHash } from '../../../src/node/fixtures/room'
import { attack, type Case } from '../case'
import { deviceSays } from '../decoders/examples'
import { type Besieged, besiege } from '../rooms/invariants'
import type { Liar } from '../rooms/liar'

/** What one flood may cost at most, however long it is. */
const most = {
  /** Events of the coordinator's log, beyond those of an honest run of three rounds. */
  logEvents: 400,
  /** Changes of what the page shows. */
  changes: 8_000,
  /** Processor time, sender's included. */
  workMs: 15_000,
  kinds: 60,
  answers: 300,
} as const

interface Flood {
  readonly count: number
  message(at: number): Message
  /** A flood that is slow enough to be borne, but must not add up. */
  readonly everyMs?: number
  readonly endsShutOut: boolean
}

const yieldNow = () => new Promise((resolve) => setImmediate(resolve))

async function pour(liar: Liar, { count, message, everyMs }: Flood): Promise<void> {
  for (let at = 0; at < count && !liar.isShutOut; at++) {
    void liar.say(message(at))
    if (everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, everyMs))
    else if (at % 100 === 99) await yieldNow()
  }
  await new Promise((resolve) => setTimeout(resolve, 500))
}

const flooding = (name: string, flood: Flood): Case =>
  attack(name, async () => {
    let found: string[] = []
    const rest = await besiege(
      async (room) => {
        const liar = await room.liar()
        await liar.hears('welcome')
        let changes = 0
        const unsubscribe = room.coordinator.store.subscribe(() => changes++)
        const before = process.cpuUsage()
        await pour(liar, flood)
        const { user, system } = process.cpuUsage(before)
        unsubscribe()
        found = await bounds(room, liar, flood, { changes, workMs: (user + system) / 1000 })
      },
      { sameHash: true },
    )
    return [...found, ...rest]
  })

async function bounds(
  room: Besieged,
  liar: Liar,
  { count, endsShutOut }: Flood,
  { changes, workMs }: { readonly changes: number; readonly workMs: number },
): Promise<string[]> {
  const log = await room.logLength()
  const { problems } = room.coordinator.store.getState()
  const kinds = Object.keys(room.coordinator.snapshot().bytes.byKind).length
  const answers = liar.heard.filter(({ type }) => type === 'adapter' || type === 'trial').length
  return [
    ...(log > most.logEvents ? [`${count} messages leave ${log} events in the log`] : []),
    ...(changes > most.changes ? [`${count} messages change what is shown ${changes} times`] : []),
    ...(workMs > most.workMs ? [`${count} messages are ${Math.round(workMs)} ms of work`] : []),
    ...(kinds > most.kinds ? [`bytes are counted under ${kinds} kinds of messages`] : []),
    ...(answers > most.answers ? [`${count} messages draw ${answers} adapters`] : []),
    ...(endsShutOut && !liar.isShutOut ? ['whoever floods is not sent away'] : []),
    ...(endsShutOut && !problems.some(({ message }) => message.includes('Mallory'))
      ? ['nobody says who floods']
      : []),
  ]
}

const status = (activity: string, step = 0): Message => ({
  type: 'status',
  activity,
  round: 1,
  step,
  steps: 50_000,
  loss: null,
  tokensPerSecond: null,
})
const flip = (at: number) => status(at % 2 ? 'idle' : 'paused')
const honest = (type: string) => deviceSays.find((message) => (message as Message).type === type) as Message
const readyWith = (examples: number): Message => ({
  type: 'ready',
  modelHash,
  backend: 'cpu',
  device: '',
  examples,
  corpus: null,
})

export const talk: readonly Case[] = [
  flooding('40,000 status messages', {
    count: 40_000,
    message: (at) => status('training', at),
    endsShutOut: true,
  }),
  flooding('20,000 flips between paused and idle', { count: 20_000, message: flip, endsShutOut: true }),
  flooding('flips between paused and idle, just within any budget', {
    count: 600,
    message: flip,
    everyMs: 4,
    endsShutOut: false,
  }),
  flooding('20,000 adapters that it lacks', {
    count: 20_000,
    message: () => ({ type: 'lacks', adapter: 'global', version: 0 }),
    endsShutOut: true,
  }),
  flooding('adapters that it lacks, just within any budget', {
    count: 600,
    message: () => ({ type: 'lacks', adapter: 'global', version: 0 }),
    everyMs: 4,
    endsShutOut: false,
  }),
  flooding('5,000 made-up kinds of messages', {
    count: 5_000,
    message: (at) => ({ type: `kind-${at}` }),
    endsShutOut: true,
  }),
  flooding('made-up kinds of messages, just within any budget', {
    count: 600,
    message: (at) => ({ type: `kind-${at}` }),
    everyMs: 4,
    endsShutOut: false,
  }),
  flooding('10,000 renames', {
    count: 10_000,
    message: (at) => ({ type: 'rename', name: `M${at}` }),
    endsShutOut: false,
  }),
  flooding('10,000 measurements', {
    count: 10_000,
    message: (at) => ({ ...honest('measured'), tokensPerSecond: at + 1 }),
    endsShutOut: false,
  }),
  flooding('10,000 times an edge, and not', {
    count: 10_000,
    message: (at) => ({ ...honest('volunteer'), isEdge: at % 2 === 0 }),
    endsShutOut: false,
  }),
  flooding('10,000 texts, none of which it holds', {
    count: 10_000,
    message: () => readyWith(0),
    endsShutOut: false,
  }),
  flooding('10,000 reports and trials', {
    count: 10_000,
    message: (at) => (at % 2 ? honest('report') : honest('tried')),
    endsShutOut: false,
  }),
  flooding('10,000 adapters that it has loaded', {
    count: 10_000,
    message: (at) => ({ ...honest('loaded'), version: at % 3 }),
    endsShutOut: false,
  }),
  flooding('messages of a megabyte', {
    count: 60,
    message: (at) => ({ ...status('training', at), padding: 'x'.repeat(1_000_000) }),
    endsShutOut: false,
  }),
]
