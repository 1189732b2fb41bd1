/**
 * From whom a device takes what. The coordinator says everything; an edge, in its place, sends adapters and orders, which are
 * believed as far as the coordinator has signed for them (`belief.ts`); other devices send their updates where this tab is an edge itself, and then it is its own device too.
 */
import type { DeviceKey } from '../../federation/types'
import { oneByOne } from '../../lib/async'
import type { Network, Peer, PeerId } from '../../network/network'
import type { Ear, Verdict } from '../router'
import type { Tab } from '../tab/tab'
import type { FromCoordinator, FromDevice } from '../wire/messages'
import type { Arrivals } from './arrivals'
import type { Attachment } from './attachment'
import type { Belief } from './belief'
import type { Leaving } from './leaving'
import type { Masking } from './masking'
import { newsOf } from './news'
import type { Outbox, Reply } from './outbox'
import type { OwnEdge } from './ownEdge'
import type { RoomView } from './roomView'
import type { Succeeding } from './succeeding'
import type { Work } from './work'

/** What an edge may say in the coordinator's place. */
const edgeSays: readonly string[] = [
  'adapter',
  'order',
  'refused',
  'secure-begin',
  'secure-list',
  'secure-shares',
  'secure-unmask',
]

export interface IntakeParts {
  readonly tab: Tab
  readonly network: Network
  readonly belief: Belief
  readonly fromCoordinator: Ear<FromCoordinator>
  readonly fromDevices: Ear<FromDevice>
  readonly outbox: Outbox
  readonly attachment: Attachment
  readonly arrivals: Arrivals
  readonly masking: Masking
  readonly work: Work
  readonly leaving: Leaving
  readonly ownEdge: OwnEdge
  readonly succeeding: Pick<Succeeding, 'heir' | 'learn'>
  readonly room: RoomView
  /** The coordinator greets this tab. */
  readonly welcomed: () => void
}

/** Listens from now on. */
export function receiveOrders(parts: IntakeParts): void {
  const {
    tab,
    network,
    belief,
    outbox,
    attachment,
    arrivals,
    masking,
    work,
    leaving,
    ownEdge,
    succeeding,
    room,
    welcomed,
  } = parts
  const isNews = newsOf()
  const isHere = (id: PeerId) => id === network.self || network.peers.has(id)

  function receive(from: PeerId, message: FromCoordinator, attached: Uint8Array | null, reply: Reply): void {
    if (!isNews(from, message)) return
    switch (message.type) {
      case 'welcome':
        welcomed()
        leaving.welcomed()
        return work.settleIn(message, room.ready)
      case 'adapter':
        return arrivals.take({ message, bytes: attached, reply, isHeard: () => isHere(from) })
      case 'order':
        // Said before the coordinator heard of it.
        if (tab.store.getState().forgetting === 'everything') return
        arrivals.turnTo(message)
        return work.obey(message, reply)
      case 'trial':
        return work.tryOut(message, attached)
      case 'judge':
        return work.judge(message, attached)
      case 'secure-begin':
      case 'secure-list':
      case 'secure-shares':
      case 'secure-unmask':
        return masking.hear(message, reply)
      case 'attach':
        // Whoever ordered something is not waiting for it any more.
        if (attachment.attach(message.edge)) arrivals.turnTo(null)
        return
      case 'edge-order':
      case 'edge-devices':
        return ownEdge.obey(message)
      case 'will':
      case 'estate':
        return succeeding.heir.hear(message, attached, reply)
      case 'lineage':
        return succeeding.learn(message.papers)
      case 'shut-out':
        return network.bar(message.keys)
      case 'refused':
        tab.setDevice(tab.selfKey, { refused: message.reason })
        return tab.problem('update-refused', message.reason)
      case 'forgotten':
        return void leaving.hear(message)
      case 'record':
        return room.record(message)
      case 'history':
        return room.history(message)
      case 'digest':
        attachment.follow(room.digest(message))
        // Stopped by hand in the middle of a round: nobody waits for this update any more.
        if (message.standing?.phase.kind === 'finished') work.interrupt()
        return
    }
  }

  /** A letter from an edge of before is late, not wrong. */
  const mayOrder = ({ id, role }: Peer, kind: string): Verdict =>
    role === 'coordinator' || (id === attachment.edge() && edgeSays.includes(kind)) ? 'heard' : 'ignored'
  const replyTo = ({ id, role }: Peer): Reply =>
    role === 'coordinator' ? outbox.say : (answer, attached) => outbox.toEdge(id, answer, attached)

  // What is believed is acted on in the order in which it came.
  const inTurn = oneByOne()
  parts.fromCoordinator.hear(
    (from, message, attached, letter) =>
      void inTurn(async () => {
        for (const heard of await belief({ from, message, attached, letter }))
          receive(heard.from.id, heard.message, heard.attached, replyTo(heard.from))
      }),
    mayOrder,
  )
  const hear = (from: PeerId, key: DeviceKey, message: FromDevice, bytes: Uint8Array | null) => {
    if (isNews(from, message)) ownEdge.opened()?.hear(key, message, bytes)
  }
  parts.fromDevices.hear(
    ({ id, deviceKey }, message, bytes) => hear(id, deviceKey, message, bytes),
    ({ role }) => (role === 'coordinator' ? 'nonsense' : 'heard'),
  )
  network.on('leave', ({ role, deviceKey }) => {
    if (role !== 'coordinator') ownEdge.left(deviceKey)
  })
  outbox.on('toDevice', (message, bytes) =>
    receive(network.self, message, bytes, (answer, attached) =>
      outbox.toEdge(network.self, answer, attached),
    ),
  )
  outbox.on('toEdge', (message, bytes) => hear(network.self, tab.selfKey, message, bytes))
}
