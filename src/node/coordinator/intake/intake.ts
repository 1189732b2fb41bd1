/**
 * What devices say, turned into events for the reducer. It has passed admission and the router; of those who have no place
 * here nothing is heard.
 */

import type { AdapterName, CoordinatorHappening, DeviceKey, FederationState } from '../../../federation/types'
import { isAwaited, isLoading } from '../../../federation/view'
import type { Network, Peer } from '../../../network/network'
import type { Clock } from '../../../network/time/clock'
import type { Crowd } from '../../../settings/derived/federationConfig'
import type { Turn } from '../../executor/eventLoop'
import type { Post } from '../../executor/post'
import type { ReceiveUpdate } from '../../executor/receiveUpdates'
import type { SecureRounds } from '../../executor/secure'
import type { Ear, Router } from '../../router'
import type { Testator } from '../../succession/testator'
import { isLargeRoom } from '../../tab/largeRoom'
import type { Engine, Tab } from '../../tab/tab'
import { historyInPieces, roundOfDevice } from '../../wire/history'
import type { FromDevice } from '../../wire/messages'
import type { Edges } from '../edges'
import type { Forgetting } from '../forgetting'
import type { Publishing } from '../publishing'
import type { Trials } from '../trials'
import type { CoordinatorView } from '../view'
import type { Votes } from '../votes'
import { hearOften, type Often } from './often'
import { type Seats, seatsOf } from './seats'

export interface IntakeParts {
  readonly tab: Tab
  readonly clock: Clock
  readonly crowd: Crowd
  readonly network: Network
  readonly router: Router
  readonly fromDevices: Ear<FromDevice>
  readonly engine: () => Engine
  readonly receiveUpdate: ReceiveUpdate
  readonly secure: SecureRounds
  readonly edges: Edges
  readonly trials: Trials
  readonly forgetting: Forgetting
  readonly votes: Votes
  readonly testator: Testator
  readonly publishing: Publishing
  readonly view: CoordinatorView
  readonly send: Post['send']
  readonly happen: (event: CoordinatorHappening, turn?: Turn) => void
  readonly state: () => FederationState
  /** Null: that version is no longer kept. */
  readonly hashOf: (name: AdapterName) => string | null
  readonly isEdgePass: (pass: string) => Promise<boolean>
  /** It cannot read a version that it was sent. */
  readonly lacking: (device: DeviceKey, name: AdapterName) => void
  /** Keys of those who are not let in again. */
  readonly barred: () => readonly string[]
}

export class Intake {
  readonly #parts: IntakeParts
  readonly #seats: Seats
  readonly #often: Often
  /** Peers who have a place. */
  readonly #welcomed = new Set<string>()

  /** Listens from now on. */
  constructor(parts: IntakeParts) {
    const { tab, clock, crowd, network, router, fromDevices, view, publishing, happen, state } = parts
    this.#parts = parts
    this.#seats = seatsOf(network, tab.selfKey, state, clock, crowd.mostPresent)
    this.#often = hearOften({
      clock,
      state,
      happen,
      show: view.status,
      volunteered: (device, word) => this.#volunteered(device, word),
    })
    network.on('join', (peer) => this.welcome(peer))
    network.on('leave', (peer) => {
      // A link that broke comes back under the same id; who was sent away at once was never here.
      if (!this.#welcomed.delete(peer.id)) return
      this.#often.forget(peer.deviceKey)
      view.left(peer)
      publishing.left(peer.deviceKey)
      this.#parts.votes.left(peer.deviceKey)
      happen({ type: 'device-left', device: peer.deviceKey })
    })
    fromDevices.hear((peer, message, attachment) => this.#receive(peer, message, attachment))
    router.listen(network, ({ id }) => this.#welcomed.has(id))
  }

  /** A tab is in: it gets its place, once. */
  welcome(peer: Peer): void {
    const { network, view, happen } = this.#parts
    if (this.#welcomed.has(peer.id)) return
    const why = this.#seats.refusal(peer)
    if (why) return network.dismiss(peer.id, why)
    this.#welcomed.add(peer.id)
    this.#often.forget(peer.deviceKey)
    view.joined(peer)
    happen({ type: 'device-joined', device: peer.deviceKey }, { taken: () => this.greet(peer.deviceKey) })
  }

  /** Says (again) where a device stands and what is being run. The adapter comes on the other lane, before or after: a device waits for both. */
  greet(key: DeviceKey): void {
    const { tab, clock, engine, view, send, state, barred } = this.#parts
    const index = state().members.find((member) => member.key === key)?.index ?? 0
    tab.setDevice(key, { index })
    const { settings, history, baseLoss, baseRecall } = tab.store.getState()
    const { modelHash } = engine().opened
    send(key, {
      type: 'welcome',
      index,
      settings: { ...settings },
      modelHash,
      baseLoss,
      baseRecall,
    })
    const told = isLargeRoom(tab) ? history.map((record) => roundOfDevice(record, key)) : history
    for (const piece of historyInPieces(told)) send(key, piece)
    const keys = [...barred()]
    if (keys.length > 0) send(key, { type: 'shut-out', number: Math.floor(clock.now()), keys })
    this.#parts.testator.joined(key)
    view.introduce(key)
    this.#parts.forgetting.welcome(key)
  }

  #receive(peer: Peer, message: FromDevice, attachment: Uint8Array | null): void {
    const {
      tab,
      edges,
      publishing,
      view,
      trials,
      forgetting,
      votes,
      testator,
      state,
      happen,
      hashOf,
      lacking,
      receiveUpdate,
      secure,
    } = this.#parts
    const [key, often] = [peer.deviceKey, this.#often]
    switch (message.type) {
      case 'ready':
        return this.#ready(peer, message)
      case 'accounted':
        return tab.set({ accounts: { ...tab.store.getState().accounts, [key]: message.account } })
      case 'status':
        return often.status(key, message)
      case 'forward':
        if (isAwaited(state(), key, message.round) && !edges.forwarded(key, message)) return
        return void receiveUpdate(key, message, attachment)
      case 'update':
        return void receiveUpdate(key, message, attachment)
      case 'loaded': {
        const { adapter, version, hash } = message
        const expected = hashOf({ adapter, version })
        if (expected !== null && hash !== expected)
          tab.problem(
            'other-adapter',
            `${peer.name} holds another adapter than everybody else. Reload that tab.`,
          )
        if (isLoading(state(), key, message)) happen({ type: 'loaded', device: key, adapter, version })
        return
      }
      case 'lacks':
        return lacking(key, message)
      case 'report':
        return publishing.report(key, message)
      case 'tried':
        return trials.hear(key, message)
      case 'forget':
        return forgetting.ask({ device: key, of: message.of }, message.isAgain)
      case 'certified':
        return forgetting.certified(key, message)
      case 'judged':
        return votes.hear(key, message)
      case 'volunteer':
        return often.volunteer(key, message)
      case 'measured': {
        const { type: _, ...measured } = message
        const { roundTripMs } = peer
        return often.measured(key, { ...measured, roundTripMs })
      }
      case 'secure-keys':
      case 'secure-shared':
      case 'masked':
      case 'secure-told':
      case 'secure-refusal':
        return secure.hear(key, message, attachment)
      // Said to edges; nobody enrols here.
      case 'enroll':
      case 'withdraw':
        return
      case 'will-known':
      case 'estate-kept':
      case 'estate-lacking':
        return testator.hear(key, message)
      case 'rename':
        return view.named(key, message.name)
    }
  }

  #ready(peer: Peer, message: FromDevice & { type: 'ready' }): void {
    const { tab, engine, send, state, happen } = this.#parts
    const key = peer.deviceKey
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
    const isSpent = message.isSpent ?? false
    // At once: nobody else should be asked for what cannot come.
    if (isSpent && !state().members.find((member) => member.key === key)?.isSpent)
      happen({ type: 'text-held', device: key, examples: message.examples, isSpent })
    this.#often.textHeld(key, message.examples, isSpent)
  }

  /**
   * It asks; a person decides. One thing decides in a person's place: an invitation for edges that this coordinator has made.
   */
  #volunteered(device: DeviceKey, { isEdge, pass }: FromDevice & { type: 'volunteer' }): void {
    const { state, happen, isEdgePass } = this.#parts
    const member = () => state().members.find(({ key }) => key === device)
    // Who has been let go says the same again with every welcome.
    const isNews = member()?.volunteers !== isEdge
    if (isNews) happen({ type: 'edge-volunteered', device, volunteers: isEdge })
    const appoint = () => happen({ type: 'edge-appointed', device, isEdge: true })
    if (!isEdge || !isNews) return
    if (pass !== null) void isEdgePass(pass).then((isGenuine) => isGenuine && appoint())
  }
}
