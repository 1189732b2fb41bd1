/** Holds one room on `globalThis.room`, so that tests drive the network without the app around it. Never built. */
import { makeRoomKeys } from '../../src/network/keys'
import type { Message, Network, NetworkProblem } from '../../src/network/network'
import { joinRoom, openRoom } from '../../src/network/room'

export interface RoomLog {
  readonly messages: { from: string; message: Message; bytes: number; sum: number }[]
  readonly joins: string[]
  readonly leaves: { id: string; why: string; atMs: number }[]
  readonly problems: NetworkProblem[]
  readonly transfers: { direction: string; doneBytes: number; totalBytes: number }[]
}

const log: RoomLog = { messages: [], joins: [], leaves: [], problems: [], transfers: [] }

/** A cheap fingerprint of bytes: order and every bit count. */
export function sumOf(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0
  return sum
}

function listen(network: Network): Network {
  network.on('message', (from, message, attachment) =>
    log.messages.push({
      from,
      message,
      bytes: attachment?.length ?? 0,
      sum: sumOf(attachment ?? new Uint8Array()),
    }),
  )
  network.on('join', ({ id }) => log.joins.push(id))
  network.on('leave', ({ id }, why) => log.leaves.push({ id, why, atMs: performance.now() }))
  network.on('problem', (problem) => log.problems.push(problem))
  network.on('transfer', ({ direction, doneBytes, totalBytes }) =>
    log.transfers.push({ direction, doneBytes, totalBytes }),
  )
  return network
}

let network: Network | null = null

const room = {
  log,
  sumOf,
  network: () => network,
  peers: () => [...(network?.peers.values() ?? [])],
  async open(code: string, secret: string) {
    network = listen(await openRoom(await makeRoomKeys(code, secret), { name: 'Coordinator' }))
    return network.self
  },
  async join(code: string, secret: string | null, waitMs = 20_000) {
    const role = 'device' as const
    const options = { code, role, name: 'Device', deviceKey: 'key', secret, publicKeyHash: null, waitMs }
    network = listen(await joinRoom(options))
    return network.self
  },
}

export type TestRoom = typeof room
Object.assign(globalThis, { room })
