/**
 * One experiment of the Lab: a world, a scheme, a way to train, and what came of it. Schemes with rounds run R of them;
 * asynchronous and gossiping federations run for the virtual time that R synchronous rounds take in the same world.
 */

import { gramOf } from '../federation/aggregation/algebra/models'
import { wholeModel } from '../federation/aggregation/exportAdapter'
import type { AggregationName } from '../federation/aggregation/registry'
import { relativeConsensusError, type Staleness } from '../federation/analysis/terms'
import { neighboursOf, spectralGap } from '../federation/analysis/topology'
import { adjustedRandIndex } from '../federation/clustering/scores'
import type { CompressionName } from '../federation/compression/registry'
import { globalAdapter } from '../federation/names'
import type { Allocated } from '../federation/resources/allocation'
import { allocationFor } from '../federation/rounds/orders'
import type { FederationConfig, FederationState, PeerState } from '../federation/types'
import { clusterOfEach, stalenessIn } from '../federation/view'
import { virtualClock } from '../network/time/virtual-clock'
import { coordinate } from './coordinated'
import { type MergeTerms, openDepot } from './depot'
import { gossiping } from './gossiping'
import type { LogEntry, Scene } from './scene'
import { countTraffic } from './simulation/traffic'
import { drawWorld, type WorldSettings } from './simulation/world'
import type { Holding, Trainer } from './training/trainer'

export interface ExperimentSettings {
  readonly config: FederationConfig
  readonly world: WorldSettings
  readonly aggregation: AggregationName
  readonly compression: CompressionName
  readonly serverRate: number | null
  readonly serverMomentum: number
  /** How many devices volunteer as edges: the first of each site. */
  readonly edges: number
  /** The planted group of a device. */
  groupOf(device: number): number
  readonly records?: boolean
  /** What convergence bounds rest on, after every merge. */
  readonly measuresTerms?: boolean
  /** Is told as it happens. */
  readonly watcher?: Watcher
  /** Losses are measured after every round; not where only speed is asked for. */
  readonly evaluates?: boolean
}

export interface Point {
  readonly round: number
  readonly version: number
  readonly seconds: number
  readonly bytes: number
  readonly loss: number | null
}

/** Measured quantities of one merge, or with nobody in charge of one round of all nodes. */
export interface Terms extends Partial<MergeTerms> {
  readonly round: number
  readonly staleness?: Staleness | null
  readonly consensusError?: number
}

export interface Watcher {
  /** `clusters`: of each device; null where the scheme knows none. */
  point(point: Point, clusters: readonly string[] | null): void
  terms(terms: Terms): void
}

export interface Outcome {
  readonly history: readonly Point[]
  readonly loss: number | null
  readonly clusters: { readonly count: number; readonly ari: number } | null
  readonly bytes: { readonly lan: number; readonly wan: number }
  readonly byCargo: Readonly<Record<string, number>>
  readonly virtualSeconds: number
  readonly terms: readonly Terms[]
  /** What each device is given for a round; null: all the same. */
  readonly allocation: readonly Allocated[] | null
  /** Of the web of neighbours, where nobody coordinates. */
  readonly spectralGap: number | null
  readonly log: readonly LogEntry[]
  /** Why it ended. */
  readonly why: string
}

export async function runExperiment(settings: ExperimentSettings, trainer: Trainer): Promise<Outcome> {
  const { config } = settings
  const untilMs = await spanOf(settings, trainer)
  return config.scheme === 'gossip'
    ? runGossip(settings, trainer, untilMs)
    : runCoordinated(settings, trainer, untilMs)
}

/** Virtual time of R synchronous rounds; schemes with rounds of their own take what they take. */
async function spanOf(settings: ExperimentSettings, trainer: Trainer): Promise<number> {
  const { config } = settings
  if (config.scheme !== 'asynchronous' && config.scheme !== 'gossip') return Number.POSITIVE_INFINITY
  const timed = {
    ...settings,
    ...{ config: { ...config, scheme: 'synchronous' as const }, records: false, evaluates: false },
    ...{ measuresTerms: false, watcher: undefined },
  }
  const idle: Trainer = {
    ...trainer,
    train: async ({ start }) => ({ end: start.adapter.tensors, loss: 0 }),
  }
  const { virtualSeconds } = await runCoordinated(timed, idle, Number.POSITIVE_INFINITY)
  return 1000 * virtualSeconds
}

/** Rounds enough for as long as the time lasts. */
const endless = 1_000_000

async function runCoordinated(
  settings: ExperimentSettings,
  trainer: Trainer,
  untilMs: number,
): Promise<Outcome> {
  const isTimed = Number.isFinite(untilMs)
  const config = isTimed ? { ...settings.config, rounds: endless } : settings.config
  const stage = stageOf(settings, trainer)
  const { scene, points, terms } = stage
  const edges = scene.world.keys.slice(0, settings.edges)
  const holdings = (): Holding[] =>
    federation.holdings().flatMap(({ name, devices }) =>
      devices.map((device) => ({
        adapter: scene.depot.heldBy(device, name),
        devices: [scene.world.indexOf(device)],
      })),
    )
  const federation = coordinate(
    config,
    {
      ...scene,
      onRound(state) {
        stage.record(state, holdings())
        if (config.scheme === 'asynchronous' && settings.measuresTerms)
          stage.note({ round: state.completedRounds, staleness: 'self' in state ? null : stalenessIn(state) })
      },
    },
    edges,
  )
  federation.happen({ type: 'command', command: 'start' })
  // A void round pauses after three: a simulation that has nobody to resume it is over then.
  await scene.clock.run(untilMs, () => ['finished', 'paused'].includes(federation.state.control.kind))
  if (isTimed) federation.happen({ type: 'command', command: 'stop' })
  const { control } = federation.state
  const history = await points()
  const loss = settings.evaluates === false ? null : await trainer.evaluate(holdings())
  return {
    ...{ history, loss, terms, spectralGap: null, log: federation.log },
    clusters: clustersOf(federation.state, settings, scene),
    allocation: allocationFor(federation.state, scene.world.keys),
    bytes: { lan: scene.traffic.lan, wan: scene.traffic.wan },
    byCargo: scene.traffic.byCargo(),
    virtualSeconds: (isTimed ? untilMs : scene.clock.now()) / 1000,
    why:
      control.kind === 'finished' || control.kind === 'paused'
        ? (control.why ?? '')
        : 'Nothing was left to do.',
  }
}

async function runGossip(settings: ExperimentSettings, trainer: Trainer, untilMs: number): Promise<Outcome> {
  const stage = stageOf(settings, trainer)
  const { scene, points, terms } = stage
  const config = { ...settings.config, rounds: endless }
  const holdings = (): Holding[] =>
    [...federation.states].map(([device, { adapters }]) => {
      const adapter = `device-${device}`
      const held = scene.depot.heldBy(device, { adapter, version: adapters[adapter] })
      return { adapter: held, devices: [scene.world.indexOf(device)] }
    })
  const federation = gossiping(config, {
    ...scene,
    onRound(state) {
      const held = holdings()
      stage.record(state, held)
      if (!settings.measuresTerms) return
      const models = held.map(({ adapter }) => wholeModel(adapter!))
      stage.note({ round: state.completedRounds, consensusError: relativeConsensusError(gramOf(models)) })
    },
  })
  federation.happenEverywhere({ type: 'command', command: 'start' })
  await scene.clock.run(untilMs)
  const history = await points()
  return {
    ...{ history, terms, log: federation.log, clusters: null, allocation: null },
    spectralGap: spectralGap(neighboursOf(config.gossip, scene.world.keys.length, config.seed)),
    loss: settings.evaluates === false ? null : await trainer.evaluate(holdings()),
    bytes: { lan: scene.traffic.lan, wan: scene.traffic.wan },
    byCargo: scene.traffic.byCargo(),
    virtualSeconds: untilMs / 1000,
    why: 'The time was over.',
  }
}

function stageOf(settings: ExperimentSettings, trainer: Trainer) {
  const { aggregation, compression, serverRate, serverMomentum, config } = settings
  const clock = virtualClock()
  const traffic = countTraffic()
  const terms: Terms[] = []
  const waiting: Promise<Point>[] = []
  const depot = openDepot(trainer.initial, {
    ...{ aggregation, compression, serverRate, serverMomentum, seed: config.seed },
    measuresTerms: settings.measuresTerms ?? false,
  })
  const note = (measured: Terms): void => {
    terms.push(measured)
    settings.watcher?.terms(measured)
  }
  const scene: Scene = {
    ...{ clock, traffic, depot, trainer, world: drawWorld(settings.world) },
    records: settings.records ?? false,
    onRound: () => {},
    onMerge: (round, merge) => note({ round, ...merge }),
  }
  return {
    ...{ scene, terms, note },
    points: () => Promise.all(waiting),
    record(state: FederationState | PeerState, holdings: readonly Holding[]): void {
      const point = {
        round: state.completedRounds,
        version: Math.max(...Object.values(state.adapters)),
        seconds: clock.now() / 1000,
        bytes: traffic.lan + traffic.wan,
      }
      const measured = settings.evaluates === false ? Promise.resolve(null) : trainer.evaluate(holdings)
      const clusters = clusterOfDevices(state, scene.world.keys)
      const pending = measured.then((loss) => {
        const whole = { ...point, loss }
        settings.watcher?.point(whole, clusters)
        return whole
      })
      pending.catch(() => {})
      waiting.push(pending)
    },
  }
}

function clusterOfDevices(state: FederationState | PeerState, keys: readonly string[]): string[] | null {
  if ('self' in state) return null
  const clusterOf = clusterOfEach(state)
  return clusterOf.size > 0 ? keys.map((key) => clusterOf.get(key) ?? globalAdapter) : null
}

/** How many clusters there are, and how well they agree with what was planted. */
function clustersOf(
  state: FederationState,
  { groupOf }: ExperimentSettings,
  { world }: Scene,
): Outcome['clusters'] {
  const clusterOf = clusterOfEach(state)
  if (clusterOf.size === 0) return null
  const devices = world.keys.filter((key) => clusterOf.has(key))
  const labels = devices.map((key) => clusterOf.get(key)!)
  const planted = devices.map((key) => groupOf(world.indexOf(key)))
  return { count: new Set(labels).size, ari: adjustedRandIndex<string | number>(planted, labels) }
}
