/**
 * A bare peer that knows the room's secret. It hears everything, says anything, and can put bytes on its links that no
 * network of ours would send.
 */
import { sha256Hex } from '../../../src/lib/hash'
import { encodeSafetensors, type TensorMap } from '../../../src/model/safetensors'
import { joinRoom } from '../../../src/network/join'
import type { Message, Network, RoomKeys } from '../../../src/network/network'
import { tabClock } from '../../../src/network/time/clock'
import type { MemoryHub } from '../../../src/network/transport/memory/memory-transport'
import type { Link } from '../../../src/network/transport/transport'
import { modelHash } from '../../../src/node/fixtures/room'
import type { NamedKeys } from './names'

export interface Liar {
  readonly network: Network
  readonly key: string
  readonly links: readonly Link[]
  /** What it was told, newest last. */
  readonly heard: readonly Message[]
  /** The coordinator has sent it away. */
  readonly isShutOut: boolean
  /** To the coordinator. A letter that does not leave is nobody's loss. */
  say(message: Message, attachment?: Uint8Array): Promise<void>
  /** Resolves with the first message of this type from now on, or that came already. */
  hears(type: string, fits?: (message: Message) => boolean): Promise<Message>
  /** Claims to hold text. */
  isReady(examples?: number): Promise<void>
  /** A well-formed update in answer to an order, with this change of the toy's B and A. */
  update(order: Message, change: readonly number[], claims?: Partial<Message>): Promise<void>
}

interface LiarOptions {
  readonly hub: MemoryHub
  readonly keys: RoomKeys
  readonly names: NamedKeys
  readonly name: string
  readonly key: string
  readonly role: 'device' | 'edge'
}

export async function liarOf({ hub, keys, names, name, key, role }: LiarOptions): Promise<Liar> {
  const links: Link[] = []
  const network = await joinRoom({
    ...(await names.claim(key)),
    code: keys.code,
    secret: keys.secret,
    publicKeyHash: keys.publicKeyHash,
    waitMs: 1_500,
    role,
    name,
    clock: tabClock(),
    understood: { letters: everything, whispers: new Map() },
    transport(self) {
      const transport = hub.transport(self)
      transport.on('link', (link) => links.push(link))
      return transport
    },
  })
  let isShutOut = false
  network.on('leave', (peer, why) => {
    if (peer.role === 'coordinator' && why === 'refused') isShutOut = true
  })
  const heard: Message[] = []
  const waiting = new Set<() => void>()
  network.on('message', (_, message) => {
    heard.push(message)
    for (const look of [...waiting]) look()
  })
  const coordinator = () => [...network.peers.values()].find((peer) => peer.role === 'coordinator')?.id ?? ''
  const say: Liar['say'] = (message, attachment) =>
    network.send(coordinator(), message, attachment ? { attachment } : {}).catch(() => {})
  return {
    network,
    key,
    links,
    heard,
    get isShutOut() {
      return isShutOut
    },
    say,
    hears: (type, fits = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = heard.find((message) => message.type === type && fits(message))
          if (!found) return
          waiting.delete(look)
          resolve(found)
        }
        waiting.add(look)
        look()
      }),
    isReady: (examples = 4) =>
      say({ type: 'ready', modelHash, backend: 'cpu', device: '', examples, corpus: null }),
    async update(order, change, claims = {}) {
      const bytes = encodeSafetensors(changeOf(change))
      const message = {
        type: 'update',
        round: order.round,
        version: order.version,
        examples: 4,
        loss: 1,
        manifest: { baseHash: modelHash, rank: 1, alpha: 2, targets: ['w'], dtype: 'none' },
        hash: sha256Hex(bytes),
        ...claims,
      } as Message
      await say(message, bytes)
    },
  }
}

/** Understands every kind, and anything may be attached. */
const everything = new Map(
  [
    'welcome',
    'history',
    'adapter',
    'order',
    'trial',
    'attach',
    'edge-order',
    'edge-devices',
    'refused',
    'record',
  ]
    .concat(['digest', 'ready', 'status', 'update', 'enroll', 'withdraw', 'loaded', 'lacks'])
    .map((kind) => [kind, () => 2 ** 28] as const),
)

/** B (two numbers), then A (two). */
export const changeOf = (change: readonly number[]): TensorMap =>
  new Map([
    ['w.lora_A.weight', { shape: [1, 2], data: Float32Array.from(change.slice(2)) }],
    ['w.lora_B.weight', { shape: [2, 1], data: Float32Array.from(change.slice(0, 2)) }],
  ])
