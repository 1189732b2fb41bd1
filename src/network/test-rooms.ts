/**
 * Rooms for tests: a memory hub, a clock that stands still, and real cryptography, for which time waits. Everything that
 * a network says is kept.
 */
import { joinEquals } from './equals'
import { type Faults, type FaultyTransport, faultyTransport } from './faulty-transport'
import { makeRoomKeys } from './keys'
import { manualClock } from './manual-clock'
import { type MemoryTransport, memoryHub } from './memory-transport'
import type { JoinOptions, Network, NetworkEvents, PeerId, RoomKeys } from './network'
import { joinRoom, openRoom } from './room'

let cryptoUnderWay = 0
for (const name of ['sign', 'verify', 'importKey', 'exportKey', 'generateKey'] as const) {
  const original = crypto.subtle[name].bind(crypto.subtle) as (...args: unknown[]) => Promise<unknown>
  const counted = (...args: unknown[]) => {
    cryptoUnderWay++
    return original(...args).finally(() => cryptoUnderWay--)
  }
  Object.defineProperty(crypto.subtle, name, { value: counted, configurable: true })
}

/** Resolves when no promise chain and no cryptography is on its way. */
export async function settle(): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (cryptoUnderWay > 0)
  await new Promise((resolve) => setImmediate(resolve))
}

type Said = { [Name in keyof NetworkEvents]: NetworkEvents[Name][] }

export interface TestNode {
  readonly network: Network
  readonly said: Said
  readonly transport: MemoryTransport
  readonly faulty: FaultyTransport | null
}

export interface TestRoomOptions {
  readonly seed?: number
  readonly faults?: Faults
}

export function testRoom({ seed = 1, faults }: TestRoomOptions = {}) {
  const hub = memoryHub()
  const clock = manualClock(settle)
  let seats = 0

  const seat = () => {
    let memory!: MemoryTransport
    let faulty: FaultyTransport | null = null
    const transport = (self: PeerId) => {
      memory = hub.transport(self)
      faulty = faults ? faultyTransport(memory, 1000 * seed + seats++, clock, faults) : null
      return faulty ?? memory
    }
    const node = (network: Network): TestNode => ({
      network,
      said: listen(network),
      transport: memory,
      faulty,
    })
    return { transport, node }
  }
  /** Lets time pass until the promise is settled. */
  const patiently = async <T>(promise: Promise<T>, limitMs = 120_000): Promise<T> => {
    let isSettled = false
    const watched = promise.finally(() => {
      isSettled = true
    })
    watched.catch(() => {})
    for (let passedMs = 0; !isSettled && passedMs < limitMs; passedMs += 100) await clock.advance(100)
    if (!isSettled) throw new Error('The promise was not settled in time.')
    return watched
  }

  return {
    hub,
    clock,
    patiently,
    async coordinator(keys?: RoomKeys): Promise<TestNode & { keys: RoomKeys }> {
      const room = keys ?? (await makeRoomKeys('TEST', 'secret'))
      const { transport, node } = seat()
      const opening = openRoom(room, { name: 'Coordinator', clock, transport })
      return { ...node(await patiently(opening)), keys: room }
    },
    /** In a room of equals; `secret` as its link says. */
    async equal(deviceKey: string, secret = 'secret'): Promise<TestNode> {
      const { transport, node } = seat()
      const joining = joinEquals({ code: 'TEST', name: deviceKey, deviceKey, secret, clock, transport })
      return node(await patiently(joining))
    },
    async device(options: Partial<JoinOptions> = {}): Promise<TestNode> {
      const { transport, node } = seat()
      const joining = joinRoom({ ...joinOptions, ...options, clock, transport })
      return node(await patiently(joining))
    },
  }
}

export const joinOptions: JoinOptions = {
  code: 'TEST',
  role: 'device',
  name: 'Device',
  deviceKey: 'key',
  secret: 'secret',
  publicKeyHash: null,
  waitMs: 10_000,
}

function listen(network: Network): Said {
  const said: Said = {
    message: [],
    sighted: [],
    vanished: [],
    join: [],
    change: [],
    leave: [],
    knock: [],
    knockOver: [],
    transfer: [],
    problem: [],
    cleared: [],
  }
  for (const name of Object.keys(said) as (keyof NetworkEvents)[])
    network.on(name, (...event: unknown[]) => (said[name] as unknown[][]).push(event))
  return said
}
