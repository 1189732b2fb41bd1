/**
 * One gossiping tab: it drives its own reducer with what it hears and does what the reducer asks for. It has its adapter
 * trained (`training.ts`), tells its neighbours, pulls theirs (`announcements.ts`) and mixes; nobody tells it to. Who is
 * there and what is being run it knows from its company (`company.ts`).
 */

import { gramOf, modelOf } from '../../federation/aggregation/algebra/models'
import { relativeConsensusError } from '../../federation/analysis/terms'
import { initialState, step } from '../../federation/federation'
import { deviceAdapter, neighboursOfNode } from '../../federation/schemes/gossip'
import type { Command, Effect, FederationEvent, FederationState, Happening } from '../../federation/types'
import type { Network } from '../../network/network'
import type { Clock } from '../../network/time/clock'
import { timersOf } from '../executor/timers'
import type { HeldShare } from '../local/text'
import { measureRounds, type Published } from '../measuring/measurements'
import { keepAdapters } from '../merging/versions'
import type { Settings } from '../settings'
import type { SavedPeer } from '../stored/storage'
import type { Engine, Tab } from '../tab/tab'
import { federatingOf, federationConfigOf } from '../wire/federating'
import type { FromNeighbour } from '../wire/neighbourMessages'
import { announcementsOf } from './announcements'
import { followLives } from './membership/changes'
import type { Company } from './membership/membership'
import { poolOf } from './membership/roster'
import { localTraining } from './training'
import { showPeer } from './view'

/** A neighbour may still ask for a version that was mixed into a newer one meanwhile. */
const versionsKept = 6

export interface PeerParts {
  readonly tab: Tab
  readonly network: Network
  readonly clock: Clock
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

export function gossipAs({ tab, clock, network, company, engine, saved, save }: PeerParts): Peer {
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
  let isClosed = false
  /** A new list with each mixing: what was shown once stays as it was. */
  let consensus: readonly number[] = []
  const timers = timersOf(clock, (timer) => happen({ type: 'timer-fired', timer }))
  const announcements = announcementsOf({
    ...{ network, clock, selfKey, adapters, config: opened.adapter, peerOf: company.peerOf },
  })
  const measurements = measureRounds(
    clock,
    () => compute,
    settings,
    publish,
    (error) => {
      if (!isClosed) tab.problem('measuring-failed', `A round could not be measured: ${messageOf(error)}`)
    },
  )

  const local = localTraining({
    ...{ tab, company, engine, adapters, happen, measured: measurements.settled },
    report: (report) => measurements.report(selfKey, report),
  })
  const lives = followLives(happen, announcements.forget)

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
    const [next, effects] = step(state, { atMs: clock.now(), ...event } as FederationEvent)
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
        if (tab.store.getState().startedAtMs === null) tab.set({ startedAtMs: clock.now() })
        return local.order(effect)
      case 'merge':
        return void clock.after(0, () => merge(effect))
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
        return local.interrupt()
      default:
        throw new Error(`A gossiping tab cannot do "${effect.type}".`)
    }
  }

  function merge(effect: Effect & { type: 'merge' }): void {
    const { adapter, version, round } = effect
    const trained = local.resultOf(round)
    if (isClosed || !trained) return
    try {
      const { hash } = adapters.merge(effect, [trained.update]).issue
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
    consensus = [...consensus, relativeConsensusError(gramOf(models))]
    adapters.combine(effect)
  }

  function complete({ round, version }: Effect & { type: 'round-completed' }): void {
    const { startedAtMs, text } = tab.store.getState()
    tab.setDevice(selfKey, { activity: 'idle' })
    company.say({ activity: 'idle', step: 0 })
    keep()
    const trained = local.resultOf(round)
    measurements.completed({
      ...{ round, version, waits: true, distortion: null, staleness: null, lanBytes: null },
      seconds: startedAtMs === null ? 0 : (clock.now() - startedAtMs) / 1000,
      bytes: network.bytes.sent + network.bytes.received,
      parts: [{ adapter: adapters.newest(ownAdapter).issue.bytes, pool: poolOf(company.roster()) }],
      trained: new Map(trained ? [[selfKey, { loss: trained.loss, examples: text.examples }]] : []),
    })
  }

  function follow(): void {
    lives.follow(company.roster())
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
        if (!announcements.answer(from, message.version))
          happen({ type: 'pull-missed', device, version: message.version })
        return
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
  network.on('join', ({ deviceKey }) => {
    announcements.forget(deviceKey)
    lives.met(deviceKey)
    follow()
  })
  follow()

  return {
    adapter: () => adapters.newest(ownAdapter).issue.bytes,
    alone: local.alone,
    hold(share, index) {
      local.hold(share, index)
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
      local.close()
      timers.stop(null)
    },
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
