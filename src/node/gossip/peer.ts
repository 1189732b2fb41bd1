/**
 * One gossiping tab: it drives its own reducer with what it hears and does what the reducer asks for. It trains its
 * adapter on its text, tells its neighbours, pulls theirs and mixes; nobody tells it to. Who is there and what is being
 * run it knows from its company; adapters travel by announcements.
 */

import { gramOf, modelOf } from '../../federation/aggregation/algebra/models'
import { updateComplaint } from '../../federation/aggregation/check'
import { only } from '../../federation/aggregation/global/downlink'
import { updateFromEnd } from '../../federation/aggregation/global/mean'
import { relativeConsensusError } from '../../federation/analysis/terms'
import { initialState, step } from '../../federation/federation'
import { deviceAdapter, neighboursOfNode } from '../../federation/schemes/gossip'
import type { Command, Effect, FederationEvent, FederationState } from '../../federation/types'
import { decodeSafetensors } from '../../model/safetensors'
import type { Network } from '../../network/network'
import type { TrainProgress } from '../../training/compute'
import { keepAdapters } from '../coordinator/adapters'
import { measureRounds, type Published } from '../coordinator/measurements'
import type { Happening } from '../coordinator/reception'
import { timersOf } from '../coordinator/timers'
import { addLossPoint } from '../coordinator/view'
import type { HeldShare } from '../device/text'
import { type Training, trainingOf } from '../device/training'
import type { Order, PoolMember } from '../messages'
import type { Settings } from '../settings'
import type { SavedPeer } from '../storage'
import type { Engine, Tab } from '../tab'
import { federatingOf, federationConfigOf } from '../wire/federating'
import { announcementsOf } from './announcements'
import type { Company } from './company'
import type { FromNeighbour } from './messages'
import { isSeated } from './roster'
import { showPeer } from './view'

/** A neighbour may still ask for a version that was mixed into a newer one meanwhile. */
const versionsKept = 6
const statusEveryMs = 200

export interface PeerParts {
  readonly tab: Tab
  readonly network: Network
  readonly company: Company
  readonly engine: Engine
  readonly saved: SavedPeer | null
  /** Keeps what a reload must find again. */
  save(change: Pick<SavedPeer, 'state' | 'adapters' | 'history' | 'startedAtMs'>): void
}

export interface Peer {
  adapter(): Uint8Array
  alone(): Uint8Array | null
  hold(held: HeldShare, index: number): void
  /** The roster has changed. */
  follow(): void
  /** Other settings, before anything has begun. */
  configure(settings: Settings): void
  hasBegun(): boolean
  command(command: Command): void
  pause(isPaused: boolean): void
  receive(from: string, message: FromNeighbour, bytes: Uint8Array | null): void
  close(): void
}

export function gossipAs({ tab, network, company, engine, saved, save }: PeerParts): Peer {
  const { selfKey } = tab
  const { compute, opened } = engine
  const settings = () => tab.store.getState().settings
  const federating = () => federatingOf(settings())
  const ownAdapter = deviceAdapter(selfKey)
  const adapters = keepAdapters(
    { federating, config: () => opened.adapter, versions: () => versionsKept },
    opened.initialAdapter,
    saved?.adapters ?? [],
  )
  if (!saved) adapters.take({ adapter: ownAdapter, version: 0 }, opened.initialAdapter, 0)
  let state: FederationState = saved?.state ?? initialState(federationConfigOf(settings(), null), selfKey)
  let held: HeldShare | null = null
  let training: Training | null = null
  let isClosed = false
  let work: Promise<void> = Promise.resolve()
  /** What the last local training ended with, until the reducer has it merged. */
  let trained: { readonly round: number; readonly end: Uint8Array; readonly loss: number } | null = null
  /** Whose lives the reducer has been told of. */
  const followed = new Map<string, { readonly peer: string; readonly examples: number }>()
  const consensus: number[] = []
  const timers = timersOf((timer) => happen({ type: 'timer-fired', timer }))
  const announcements = announcementsOf({
    ...{ network, selfKey, adapters, config: opened.adapter, peerOf: company.peerOf },
  })
  const measurements = measureRounds(
    () => compute,
    settings,
    publish,
    (error) => {
      if (!isClosed) tab.problem('measuring-failed', `A round could not be measured: ${messageOf(error)}`)
    },
  )

  const keep = () => {
    const { history, startedAtMs } = tab.store.getState()
    save({ state, adapters: adapters.saved(), history, startedAtMs })
  }

  function publish({ record, baseLoss, baseRecall }: Published): void {
    if (isClosed) return
    tab.set({ history: [...tab.store.getState().history, record], baseLoss, baseRecall })
    company.say({ round: record.round })
    keep()
  }

  function happen(event: Happening): void {
    if (isClosed) return
    const before = state.control.kind
    const [next, effects] = step(state, { atMs: Date.now(), ...event } as FederationEvent)
    state = next
    // A run that began by itself begins for those who come later, too; what a person says counts more.
    if (before === 'lobby' && next.control.kind === 'running') company.order('start', 1)
    for (const effect of effects) perform(effect)
    show()
  }

  function show(): void {
    const version = state.adapters[ownAdapter] ?? 0
    const { hash } = adapters.newest(ownAdapter).issue
    showPeer(tab, network, company, state, { version, hash, consensus })
    if (version !== company.self().version) company.say({ version })
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'order':
        return order(effect)
      case 'merge':
        return queueMicrotask(() => merge(effect))
      case 'combine':
        return combine(effect)
      case 'tell':
        return announcements.tell(effect)
      case 'pull':
        return announcements.pull(effect)
      case 'take-share':
        return announcements.takeShare(effect)
      case 'start-timer':
        return timers.start(effect.timer, effect.afterMs)
      case 'stop-timers':
        return timers.stop(effect.adapter)
      case 'round-completed':
        return complete(effect)
      case 'finished':
        return training?.interrupt()
      default:
        throw new Error(`A gossiping tab cannot do "${effect.type}".`)
    }
  }

  function order({ adapter, version, round, steps, proximal }: Effect & { type: 'order' }): void {
    if (tab.store.getState().startedAtMs === null) tab.set({ startedAtMs: Date.now() })
    const { batch, lr } = settings()
    const order: Order = {
      ...{
        type: 'order',
        round,
        adapter,
        version,
        steps,
        proximal,
        batch,
        rank: opened.adapter.rank,
        precision: null,
        learningRate: lr,
      },
      ...{ learns: federating().rule.learns(round), pool: pool(), edge: null },
    }
    work = work
      .then(() => train(order))
      .catch((error: unknown) => {
        if (isClosed) return
        tab.problem('training-failed', messageOf(error))
        stall(order.round, messageOf(error))
      })
  }

  async function train(order: Order): Promise<void> {
    const start = adapters.at(order)
    if (isClosed || !start || !training || !held) return
    const { round, version } = order
    const result = await training.fromMerged(start.issue.bytes, order, progressOf(round))
    if (isClosed || !result) return
    const end = only(decodeSafetensors(result.adapter).tensors, federating().rule.sends(round))
    const { tensors } = start.issue.global.adapter
    const { examples } = tab.store.getState().text
    const { delta } = updateFromEnd(selfKey, start.issue.global.adapter, end, 1)
    const complaint = updateComplaint(tensors, delta, examples, federating().rule.sends(round))
    if (complaint || !Number.isFinite(result.loss)) {
      tab.problem('update-refused', `Round ${round} did not count: ${complaint ?? 'its loss is no number'}.`)
      return stall(round, complaint ?? 'not finite')
    }
    trained = { round, end: result.adapter, loss: result.loss }
    tab.setDevice(selfKey, { activity: 'waiting', trainLoss: result.loss })
    company.say({ activity: 'waiting', trainLoss: result.loss })
    happen({ type: 'update-arrived', device: selfKey, round, version, examples })
    if (!settings().baselines) return
    const isOwn = { text: held.corpus === null, model: false }
    measurements.report(
      selfKey,
      await training.byItself(order, adapters.newest(ownAdapter).issue.bytes, isOwn),
    )
  }

  /** A round that failed would fail again: it waits for a person. */
  function stall(round: number, reason: string): void {
    happen({ type: 'command', command: 'pause' })
    happen({ type: 'update-refused', device: selfKey, round, reason })
  }

  function progressOf(round: number): (progress: TrainProgress) => void {
    let shownAtMs = 0
    return ({ step, steps, loss, tokensPerSecond }) => {
      const shown = Number.isFinite(loss) ? loss : null
      if (shown !== null) addLossPoint(tab, selfKey, round - 1 + step / steps, shown)
      if (Date.now() - shownAtMs < statusEveryMs && step < steps) return
      shownAtMs = Date.now()
      const progress = { activity: 'training', step, steps, tokensPerSecond } as const
      const all = shown === null ? progress : { ...progress, trainLoss: shown }
      tab.set({ tokensPerSecond })
      tab.setDevice(selfKey, all)
      company.say(all)
    }
  }

  function merge(effect: Effect & { type: 'merge' }): void {
    const { adapter, version, round, from } = effect
    const start = adapters.at(from)
    if (isClosed || !start || trained?.round !== round) return
    try {
      const end = only(decodeSafetensors(trained.end).tensors, federating().rule.sends(round))
      const update = updateFromEnd(selfKey, start.issue.global.adapter, end, 1)
      const { hash } = adapters.merge(effect, [update]).issue
      happen({ type: 'merged', adapter, version, round, adapterHash: hash })
    } catch (error) {
      const reason = messageOf(error)
      tab.problem('update-refused', `Round ${round} could not be merged: ${reason}`)
      happen({ type: 'command', command: 'pause' })
      happen({ type: 'merge-failed', adapter, round, reason })
    }
  }

  function combine(effect: Effect & { type: 'combine' }): void {
    const models = effect.of.map((part) => {
      const { wanted } = adapters.at(part) ?? adapters.newest(part.adapter)
      return modelOf(wanted.adapter)
    })
    consensus.push(relativeConsensusError(gramOf(models)))
    adapters.combine(effect)
  }

  /** Of everybody this tab has heard of whose text can be rebuilt, whether still here or not. */
  function pool(): PoolMember[] {
    return [...company.roster().values()]
      .flatMap(({ index, corpus }) => (index !== null && corpus !== null ? [{ index, corpus }] : []))
      .toSorted((a, b) => a.index - b.index)
  }

  function complete({ round, version }: Effect & { type: 'round-completed' }): void {
    const { startedAtMs, text } = tab.store.getState()
    tab.setDevice(selfKey, { activity: 'idle' })
    company.say({ activity: 'idle', step: 0 })
    keep()
    if (!trained) return
    measurements.completed({
      ...{ round, version, waits: true, distortion: null, staleness: null, lanBytes: null },
      seconds: (Date.now() - (startedAtMs ?? Date.now())) / 1000,
      bytes: network.bytes.sent + network.bytes.received,
      parts: [{ adapter: adapters.newest(ownAdapter).issue.bytes, pool: pool() }],
      trained: new Map([[selfKey, { loss: trained.loss, examples: text.examples }]]),
    })
  }

  function follow(): void {
    const roster = company.roster()
    for (const entry of roster.values()) {
      const { key, peer, examples } = entry
      const known = followed.get(key)
      if (known && (!entry.isPresent || known.peer !== peer)) {
        followed.delete(key)
        announcements.left(key)
        happen({ type: 'device-left', device: key })
      }
      // A clash of places does not send anybody away who takes part: one of the two takes other text.
      if (!entry.isPresent || !(followed.has(key) || isSeated(roster, entry))) continue
      if (!followed.has(key)) happen({ type: 'device-joined', device: key })
      if (followed.get(key)?.examples !== examples) {
        followed.set(key, { peer, examples })
        happen({ type: 'text-held', device: key, examples })
      }
    }
    announcements.remind(neighboursOfNode(state, selfKey))
    show()
  }

  function receive(from: string, message: FromNeighbour, bytes: Uint8Array | null): void {
    const device = network.peers.get(from)?.deviceKey
    if (device === undefined || !company.roster().has(device)) return
    switch (message.type) {
      case 'news':
        return
      case 'announcement': {
        const { version, hash, degree, share } = message
        return happen({ type: 'heard', device, version, adapterHash: hash, degree, share })
      }
      case 'pull':
        return announcements.answer(from, message.version)
      case 'adapter': {
        const complaint = announcements.take(device, message, bytes)
        if (complaint === null) return happen({ type: 'pulled', device, version: message.version })
        const name = company.roster().get(device)?.name ?? 'a tab'
        return tab.problem('update-refused', `The adapter of ${name} was not mixed in: ${complaint}.`)
      }
      case 'share-taken':
        return happen({ type: 'share-taken', device, version: message.version })
    }
  }

  if (saved) {
    tab.set({ history: saved.history, startedAtMs: saved.startedAtMs })
    happen({ type: 'coordinator-resumed' })
  }
  network.on('join', ({ deviceKey }) => announcements.joined(deviceKey))
  follow()

  return {
    adapter: () => adapters.newest(ownAdapter).issue.bytes,
    alone: () => training?.alone() ?? null,
    hold(share, index) {
      held = share
      training = trainingOf(engine, settings(), index, share.share)
      const { examples } = tab.store.getState().text
      tab.setDevice(selfKey, { activity: 'idle' })
      company.say({ examples, corpus: share.corpus, activity: 'idle' })
    },
    follow,
    configure(next) {
      happen({ type: 'configured', config: federationConfigOf(next, null) })
    },
    hasBegun: () => state.control.kind !== 'lobby',
    command: (command) => happen({ type: 'command', command }),
    pause: (isPaused) => happen({ type: isPaused ? 'device-paused' : 'device-resumed', device: selfKey }),
    receive,
    close() {
      isClosed = true
      timers.stop(null)
    },
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
