/** Holds one room on `globalThis.room`, so that tests drive the network without the app around it. Never built. */
import { openDB } from 'idb'
import { randomHex } from '../../src/network/identity/identity'
import { webIdentity } from '../../src/network/identity/web-crypto'
import { inviteBase, inviteUrl } from '../../src/network/invite'
import { joinRoom } from '../../src/network/join'
import { makeRoomKeys } from '../../src/network/keys'
import type { Understood } from '../../src/network/letters/kinds'
import type {
  JoinOptions,
  Knock,
  Message,
  Network,
  NetworkProblem,
  RoomKeys,
} from '../../src/network/network'
import { openRoom } from '../../src/network/room'
import { type Clock, tabClock } from '../../src/network/time/clock'
import type { Lane, Link, Transport } from '../../src/network/transport/transport'
import { peerjsTransport } from '../../src/network/transport/webrtc/peerjs-transport'

/** Something large may be attached to these. */
const understood: Understood = {
  letters: new Map(['update', 'still here'].map((kind) => [kind, () => 256 * 2 ** 20])),
  whispers: new Map([[7, { name: 'tokens', mostBytes: 1000 }]]),
}

interface Log {
  readonly messages: { from: string; message: Message; byteCount: number; sum: number }[]
  readonly joins: string[]
  readonly leaves: { id: string; why: string }[]
  readonly changes: string[]
  readonly problems: NetworkProblem[]
  readonly cleared: string[]
  readonly transfers: { direction: string; doneBytes: number; totalBytes: number }[]
}

const log: Log = {
  messages: [],
  joins: [],
  leaves: [],
  changes: [],
  problems: [],
  cleared: [],
  transfers: [],
}
const knocks: Knock[] = []
let network: Network | null = null
let dialer: Transport | null = null

const connections: RTCPeerConnection[] = []
if (globalThis.RTCPeerConnection)
  globalThis.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      connections.push(this)
    }
  }

/** A cheap fingerprint of bytes: order and every bit count. */
function sumOf(bytes: Uint8Array): number {
  let sum = 0
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0
  return sum
}
const pattern = (byteCount: number) =>
  Uint8Array.from({ length: byteCount }, (_, index) => Math.imul(index, 2654435761) >>> 24)

function enter(entered: Network): string {
  network = entered
  network.on('message', (from, message, attachment) => {
    const bytes = attachment ?? new Uint8Array()
    log.messages.push({ from, message, byteCount: bytes.length, sum: sumOf(bytes) })
  })
  network.on('join', ({ id }) => log.joins.push(id))
  network.on('leave', ({ id }, why) => log.leaves.push({ id, why }))
  network.on('change', ({ liveness }) => {
    if (log.changes.at(-1) !== liveness) log.changes.push(liveness)
  })
  network.on('problem', (problem) => log.problems.push(problem))
  network.on('cleared', (code) => log.cleared.push(code))
  network.on('knock', (knock) => knocks.push(knock))
  network.on('transfer', ({ direction, doneBytes, totalBytes }) =>
    log.transfers.push({ direction, doneBytes, totalBytes }),
  )
  return network.self
}

/** As the app does it: the key lies in IndexedDB, so a reload opens the same room. */
async function rememberedKeys(code: string, secret: string): Promise<RoomKeys> {
  const database = await openDB('network-test', 1, {
    upgrade: (fresh) => void fresh.createObjectStore('keys'),
  })
  const known: RoomKeys | undefined = await database.get('keys', code)
  const keys = known ?? (await makeRoomKeys(webIdentity, code, secret))
  await database.put('keys', keys, code)
  return keys
}

const room = {
  log,
  links: [] as Link[],
  unreachable: [] as string[],
  knocks: () => knocks.map(({ name }) => name),
  admit: () => knocks[0].admit(),
  peers: () => [...(network?.peers.values() ?? [])],
  kind: () => network?.transport,

  async open(code: string, secret: string) {
    return enter(await openRoom(await rememberedKeys(code, secret), { name: 'Coordinator', understood }))
  },
  /** `claims`: what it calls itself instead of what its key is called. */
  async join(
    code: string,
    secret: string | null,
    { claims, ...options }: Partial<JoinOptions> & { readonly claims?: string } = {},
  ) {
    const signingKey = await webIdentity.makeSigningKey()
    const own = webIdentity.nameOf(await webIdentity.publicKeyOf(signingKey))
    const nameOf = (publicKey: Uint8Array) => {
      const name = webIdentity.nameOf(publicKey)
      return claims !== undefined && name === own ? claims : name
    }
    const identity = { ...webIdentity, nameOf }
    const standard = {
      role: 'device',
      name: 'Device',
      signingKey,
      identity,
      publicKeyHash: null,
      waitMs: 20_000,
      understood,
    } as const
    return enter(await joinRoom({ ...standard, code, secret, ...options }))
  },
  /** Several devices in this one page, all at once: it keeps a coordinator as busy as a classroom does. */
  async joinMany(code: string, secret: string, count: number) {
    const joining = Array.from({ length: count }, () => room.join(code, secret))
    return (await Promise.all(joining)).length
  },
  /** Joins, and keeps the bare links, to send what no honest device would. */
  async joinAsVillain(code: string, secret: string) {
    const signingKey = await webIdentity.makeSigningKey()
    const transport = (self: string, token: string) => {
      const inner = peerjsTransport(self, tabClock(), { token, canDial: () => true })
      inner.on('link', (link) => room.links.push(link))
      return inner
    }
    const options = { code, secret, role: 'device', name: 'Villain', signingKey } as const
    return enter(await joinRoom({ ...options, publicKeyHash: null, waitMs: 20_000, understood, transport }))
  },
  /** Only dials. Never waits to be dialed first, and gives up sooner by the factor `haste`. */
  async dial(self: string, other: string, haste = 1) {
    const { now, after } = tabClock()
    const hasty: Clock = { now, after: (ms, action) => after(ms === 3_000 ? 0 : ms / haste, action) }
    dialer = peerjsTransport(self, hasty, { token: randomHex(webIdentity, 16), canDial: () => true })
    dialer.on('link', (link) => room.links.push(link))
    dialer.on('unreachable', (peer) => room.unreachable.push(peer))
    dialer.on('sighted', (peer) => peer === other && dialer?.connect(peer))
    await dialer.start()
  },
  /** The states of those RTCPeerConnections that did not close with it. */
  async closeDialer() {
    await dialer?.close()
    return connections.map(({ connectionState }) => connectionState).filter((state) => state !== 'closed')
  },
  sendBytes: (lane: Lane, bytes: number[]) => room.links[0].send(lane, new Uint8Array(bytes)),
  openLinks: () => room.links.filter(({ isOpen }) => isOpen).length,

  async send(message: Message, byteCount?: number) {
    const [to] = network!.peers.keys()
    const attachment = byteCount === undefined ? undefined : pattern(byteCount)
    await network!.send(to, message, attachment ? { attachment } : {})
    return sumOf(attachment ?? new Uint8Array())
  },
  invite: async (code: string, secret: string) =>
    inviteUrl(await inviteBase(), { code, secret, publicKeyHash: '0' }),
  leave: () => network!.leave(),
}

export type TestRoom = typeof room
Object.assign(globalThis, { room })
