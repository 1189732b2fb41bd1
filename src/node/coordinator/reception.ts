/**
 * What devices say, turned into events for the reducer. Everything that arrives has passed admission and is parsed here;
 * what makes no sense is dropped and shown.
 */
import { isAwaited } from '../../federation/federation'
import type { AdapterName, DeviceKey, FederationState, Happening } from '../../federation/types'
import type { Network, Peer } from '../../network/network'
import { type Forward, type FromDevice, fromDevice, type Update } from '../messages'
import type { Engine, Tab } from '../tab'
import type { Edges } from './edges'
import type { Measurements } from './measurements'
import type { Post } from './post'
import type { Trials } from './trials'
import type { Updates } from './updates'
import type { CoordinatorView } from './view'

export interface ReceptionParts {
  readonly tab: Tab
  readonly network: Network
  readonly engine: () => Engine
  readonly updates: Updates
  readonly edges: Edges
  readonly trials: Trials
  readonly measurements: Measurements
  readonly view: CoordinatorView
  readonly send: Post['send']
  readonly happen: (event: Happening) => void
  readonly state: () => FederationState
  /** Null: that version is no longer kept. */
  readonly hashOf: (name: AdapterName) => string | null
  /** Tells teacher and device why an update does not count. */
  readonly refuse: (device: DeviceKey, round: number, complaint: string) => void
  readonly isEdgePass: (pass: string) => Promise<boolean>
  /** Sends an adapter whole. */
  readonly deliver: (device: DeviceKey, name: AdapterName) => void
}

export interface Reception {
  /** A tab is in: it gets its place, once. */
  welcome(peer: Peer): void
  /** Says (again) where a device stands and what is being run. */
  greet(key: DeviceKey): void
}

/** Listens from now on. */
export function receiveDevices(parts: ReceptionParts): Reception {
  const { tab, network, engine, updates, edges, measurements, view, send, happen, state } = parts
  const { hashOf, refuse, deliver } = parts
  const settings = () => tab.store.getState().settings

  function receiveUpdate(key: DeviceKey, message: Update | Forward, bytes: Uint8Array | null): void {
    if (!isAwaited(state(), key, message.round)) return
    if (message.type === 'forward') edges.forwarded(key, message)
    const { round, version, examples } = message
    if (message.type === 'forward' && examples === 0)
      return happen({ type: 'update-arrived', device: key, round, version, examples })
    const complaint = updates.take(key, message, bytes)
    if (complaint) {
      refuse(key, message.round, complaint)
      return happen({ type: 'update-refused', device: key, round: message.round, reason: complaint })
    }
    tab.setDevice(key, { refused: null })
    happen({ type: 'update-arrived', device: key, round, version, examples })
  }

  function receive(peer: Peer, message: FromDevice, attachment: Uint8Array | null): void {
    const key = peer.deviceKey
    switch (message.type) {
      case 'ready': {
        const { modelHash } = engine().opened
        if (message.modelHash !== modelHash) {
          const reason =
            'It has another base model than this room. Reload that tab so that it loads the model again.'
          send(key, { type: 'refused', round: 0, reason })
          return tab.problem('other-model', `${peer.name}: ${reason}`)
        }
        tab.setDevice(key, {
          backend: message.backend,
          examples: message.examples,
          corpus: message.corpus,
          activity: 'idle',
        })
        return happen({ type: 'text-held', device: key, examples: message.examples })
      }
      case 'status':
        view.status(key, message)
        if (
          (message.activity === 'paused') !==
          state().members.some((member) => member.key === key && member.paused)
        )
          happen({ type: message.activity === 'paused' ? 'device-paused' : 'device-resumed', device: key })
        return
      case 'update':
      case 'forward':
        return receiveUpdate(key, message, attachment)
      case 'loaded': {
        const { adapter, version, hash } = message
        const expected = hashOf({ adapter, version })
        if (expected !== null && hash !== expected)
          tab.problem(
            'other-adapter',
            `${peer.name} holds another adapter than everybody else. Reload that tab.`,
          )
        return happen({ type: 'loaded', device: key, adapter, version })
      }
      case 'lacks':
        return deliver(key, { adapter: message.adapter, version: message.version })
      case 'report':
        return measurements.report(key, message)
      case 'tried':
        return parts.trials.hear(key, message)
      case 'volunteer':
        return volunteered(peer, message)
      case 'measured': {
        const { type, ...measured } = message
        const { roundTripMs } = peer
        return happen({ type, device: key, capability: { ...measured, roundTripMs } })
      }
      // Said to edges; nobody enrols here.
      case 'enroll':
      case 'withdraw':
        return
      case 'rename':
        return view.named(key, message.name)
    }
  }

  /**
   * It asks; a person decides. Two things decide in a person's place: an invitation for edges that this coordinator has
   * made, and in a room that starts by itself, where nobody is there to be asked, any link of that role.
   */
  function volunteered(peer: Peer, { isEdge, pass }: FromDevice & { type: 'volunteer' }): void {
    const device = peer.deviceKey
    happen({ type: 'edge-volunteered', device, volunteers: isEdge })
    const appoint = () => happen({ type: 'edge-appointed', device, isEdge: true })
    if (!isEdge) return
    if (peer.role === 'edge' && settings().autostart !== null) appoint()
    else if (pass !== null) void parts.isEdgePass(pass).then((isGenuine) => isGenuine && appoint())
  }

  const welcomed = new Set<string>()

  function welcome(peer: Peer): void {
    if (welcomed.has(peer.id)) return
    welcomed.add(peer.id)
    view.joined(peer)
    happen({ type: 'device-joined', device: peer.deviceKey })
    greet(peer.deviceKey)
  }

  /** Says where a device stands. The adapter comes on the other lane, before or after: a device waits for both. */
  function greet(key: DeviceKey): void {
    const index = state().members.find((member) => member.key === key)?.index ?? 0
    tab.setDevice(key, { index })
    const { history, baseLoss, baseRecall } = tab.store.getState()
    const { modelHash } = engine().opened
    send(key, {
      type: 'welcome',
      index,
      settings: { ...settings() },
      modelHash,
      history: [...history],
      baseLoss,
      baseRecall,
    })
  }

  network.on('join', welcome)
  network.on('leave', (peer) => {
    welcomed.delete(peer.id) // a link that broke comes back under the same id
    view.left(peer)
    measurements.left(peer.deviceKey)
    happen({ type: 'device-left', device: peer.deviceKey })
  })
  network.on('message', (from, message, attachment) => {
    const peer = network.peers.get(from)
    const parsed = fromDevice.safeParse(message)
    if (peer && parsed.success) receive(peer, parsed.data, attachment)
    else if (peer)
      tab.problem(
        'bad-message',
        `${peer.name} sent a message (${message.type}) that makes no sense here. It was dropped: reload that tab if this goes on.`,
      )
  })

  return { welcome, greet }
}
