/**
 * From whom a device takes what. The coordinator says everything; an edge, in its place, sends adapters and orders; other
 * devices send their updates where this tab is an edge itself. Then it is its own device too: what the two say to each
 * other stays in this tab and looks the same.
 */
import type { DeviceKey } from '../../federation/types'
import { messageOf } from '../../lib/messageOf'
import { readBy } from '../../lib/schema'
import type { Network, PeerId } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { Edge } from '../edge/edge'
import type { OpenMerging } from '../merging/merging'
import type { Engine, Tab } from '../tab/tab'
import { kindOf } from '../wire/letters'
import { type FromCoordinator, type FromDevice, fromCoordinator, fromDevice } from '../wire/messages'
import { type Attachment, attachmentOf } from './attachment'
import type { Held } from './holding'

/** Whoever sent an adapter or an order is told what came of it. */
export type Reply = (message: FromDevice, attachment?: Uint8Array) => void

export interface MailParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly network: Network
  readonly engine: () => Engine | null
  readonly openMerging: OpenMerging
  /** The coordinator's newest version here. */
  readonly common: () => Held | null
  readonly receive: (message: FromCoordinator, attachment: Uint8Array | null, reply: Reply) => void
}

export interface Mail extends Pick<Attachment, 'attach' | 'follow'> {
  /** To the coordinator. A message that cannot be sent is no news: the network reports who left. */
  readonly say: Reply
  /** To this tab as an edge. */
  order(message: FromCoordinator & { type: 'edge-order' | 'edge-devices' }): void
  /** A version of the coordinator's is here. */
  loaded(held: Held): void
  /** Another engine: whatever was merged with the last one is gone. */
  restart(): void
}

/** What an edge may say in the coordinator's place. */
const edgeSays: readonly FromCoordinator['type'][] = ['adapter', 'order', 'refused']

export function deviceMail({ tab, clock, network, engine, openMerging, common, receive }: MailParts): Mail {
  let edge: Edge | null = null
  const coordinator = () => [...network.peers.values()].find(({ role }) => role === 'coordinator')
  const post = (to: PeerId, message: FromCoordinator | FromDevice, attachment?: Uint8Array) =>
    void network.send(to, message, { attachment }).catch(() => {})
  const say: Reply = (message, attachment) => {
    const peer = coordinator()
    if (peer) post(peer.id, message, attachment)
  }
  /** Later, as over a wire: whoever speaks has finished before it is answered. */
  const within = (act: () => void) => void clock.after(0, act)

  const toEdge = (to: PeerId, message: FromDevice, attachment?: Uint8Array) =>
    to === network.self
      ? within(() => theEdge()?.hear(tab.selfKey, message, attachment ?? null))
      : post(to, message, attachment)

  function toDevice(key: DeviceKey, message: FromCoordinator, attachment?: Uint8Array): void {
    if (key === tab.selfKey)
      return within(() =>
        receive(message, attachment ?? null, (answer, bytes) => toEdge(network.self, answer, bytes)),
      )
    for (const { id, deviceKey } of network.peers.values())
      if (deviceKey === key) post(id, message, attachment)
  }

  const adopt = (edge: Edge, { name, hash, global, bytes }: Held): void => {
    const version = { ...name, hash, folds: global.folds, bytes: bytes.slice() }
    edge.adopt(version).catch((error: unknown) => tab.problem('merge-failed', messageOf(error)))
  }

  /** Opened when somebody needs one; null as long as there is no engine. */
  function theEdge(): Edge | null {
    const running = engine()
    if (edge || !running) return edge
    edge = new Edge({
      tab,
      clock,
      engine: running,
      openMerging,
      send: toDevice,
      forward: say,
      lanBytes: () => network.lanBytes,
    })
    const held = common()
    if (held) adopt(edge, held)
    return edge
  }

  const attachment = attachmentOf({ network, selfKey: tab.selfKey, toEdge, toCoordinator: say })

  network.on('message', (from, message, bytes) => {
    const sender = network.peers.get(from)
    if (!sender) return
    const isCoordinator = sender.role === 'coordinator'
    const order = readBy(fromCoordinator, message)
    if (order.success && isCoordinator) return receive(order.data, bytes, say)
    if (order.success && from === attachment.edge() && edgeSays.includes(order.data.type))
      return receive(order.data, bytes, (answer, attached) => post(from, answer, attached))
    const words = readBy(fromDevice, message)
    if (words.success && !isCoordinator) return theEdge()?.hear(sender.deviceKey, words.data, bytes)
    // A letter from an edge of before is late, not wrong.
    if (order.success) return
    const who = isCoordinator ? 'The coordinator' : sender.name
    const what = `${who} sent a message (${kindOf(message)}) that makes no sense here, and it was dropped.`
    tab.problem('bad-message', `${what} Reload this tab if this goes on.`)
  })
  network.on('leave', (peer) => {
    if (peer.role !== 'coordinator') edge?.left(peer.deviceKey)
  })

  return {
    say,
    attach: attachment.attach,
    follow: attachment.follow,
    order(message) {
      if (message.type === 'edge-order') theEdge()?.order(message)
      else edge?.devices(message.round, message.devices)
    },
    loaded: (held) => edge && adopt(edge, held),
    restart() {
      edge?.close()
      edge = null
    },
  }
}
