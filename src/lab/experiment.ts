/**
 * One experiment of the Lab: a world, what its nodes are asked to do, and what is measured. Schemes with rounds run R of
 * them; asynchronous and gossiping federations run for the virtual time that R synchronous rounds take in the same world.
 */

import { adjustedRandIndex } from '../federation/clustering/scores'
import { isPersonal } from '../federation/compatibility'
import type { Assignment } from '../federation/resources/allocation'
import { largestOf } from '../lib/extremes'
import type { GossamerNode } from '../node/gossamerNode'
import type { GeneralLoss } from '../node/roundRecord'
import type { AssignedView, AuditView, Phase } from '../node/state'
import type { Snapshot } from '../node/tab/snapshot'
import { federatingOf } from '../settings/derived/merging'
import { type Forget, type ForgottenDevice, watchForgetting } from './measuring/forgetting'
import { changesOf } from './measuring/terms'
import { clustersOf, holdingsOf, type Point, type Terms, type Watcher, watchRoom } from './measuring/watch'
import { openSimulatedRoom, type RoomParts, type SimulatedRoom } from './simulation/room'
import type { Holding, Trainer } from './training/trainer'

export interface ExperimentSettings extends Omit<RoomParts, 'trainer'> {
  /** The planted group of a device. */
  groupOf(device: number): number
  /** Who wants to be forgotten, and when; null: nobody. */
  readonly forget?: Forget | null
  /** What a person gives to each device by hand, in their order; empty: nothing. */
  readonly assignments: readonly Partial<Assignment>[]
  /** What convergence bounds rest on, after every round. */
  readonly measuresTerms?: boolean
  /** Is told as it happens. */
  readonly watcher?: Watcher
}

export interface Outcome {
  readonly history: readonly Point[]
  /** Who holds which adapter at the end. */
  readonly holdings: readonly Holding[]
  readonly loss: number | null
  readonly general: GeneralLoss | null
  /** How often a phrase that liars have hidden in the model fires; null where none did, or where nothing speaks. */
  readonly fired: number | null
  readonly clusters: { readonly count: number; readonly ari: number } | null
  readonly bytes: { readonly lan: number; readonly wan: number }
  /** By the kind of link and of message, as in `wan update`. */
  readonly byCargo: Readonly<Record<string, number>>
  readonly virtualSeconds: number
  /** What the accountant says of the text that most was told of; null where nothing is promised. */
  readonly privacy: Snapshot['privacy']
  /** What an attack on their own updates shows devices, as far as the device that it shows most; null where none looks. */
  readonly audit: AuditView | null
  readonly terms: readonly Terms[]
  /** What each device is given for a round; null: all the same. */
  readonly allocation: readonly AssignedView[] | null
  /** Of the web of neighbours, where nobody coordinates. */
  readonly spectralGap: number | null
  /** Null: nobody was to be forgotten, or the run was over before. */
  readonly forgotten: ForgottenDevice | null
  /** Why it ended. */
  readonly why: string
}

/** More rounds than there is time for. */
const endless = 1000
const hourMs = 3_600_000

/** @throws RangeError where a node refuses what it is asked for, in its words */
export async function runExperiment(experiment: ExperimentSettings, trainer: Trainer): Promise<Outcome> {
  const { scheme } = experiment.settings
  if (scheme !== 'asynchronous' && scheme !== 'gossip') return run(experiment, trainer, null)
  const forMs = await synchronousMs(experiment, trainer)
  experiment.watcher?.lasts(forMs / 1000)
  return run({ ...experiment, settings: { ...experiment.settings, rounds: endless } }, trainer, forMs)
}

/** How long as many synchronous rounds take in the same world. Nothing is learned meanwhile. */
async function synchronousMs(experiment: ExperimentSettings, trainer: Trainer): Promise<number> {
  const settings = { ...experiment.settings, scheme: 'synchronous' as const, aggregation: 'fedavg' as const }
  const idle: Trainer = {
    ...trainer,
    train: async (_, { adapter, steps, batch }) => ({
      adapter,
      loss: 0,
      seconds: 0,
      examples: steps * batch,
      tokens: steps * batch,
    }),
    evaluate: async () => 0,
    general: async () => null,
    fires: async () => null,
  }
  const { virtualSeconds } = await run(
    { ...experiment, settings, measuresTerms: false, watcher: undefined },
    idle,
    null,
  )
  return 1000 * virtualSeconds
}

/** @param forMs null: until the nodes say that it is over */
async function run(experiment: ExperimentSettings, trainer: Trainer, forMs: number | null): Promise<Outcome> {
  const { settings, measuresTerms = false, watcher = null } = experiment
  const changes = measuresTerms ? changesOf(trainer) : null
  const room = await openSimulatedRoom({ ...experiment, trainer: changes?.trainer ?? trainer })
  const { clock, draws, links, coordinator, devices } = room
  const watched = { room, isPersonal: isPersonal(federatingOf(settings).rule) }
  const watch = watchRoom({ ...watched, trainer, changes, watcher })
  const beganMs = clock.now()
  const leader = coordinator ?? [...devices.values()][0]
  const forgetting = watchForgetting(room, trainer, experiment.forget ?? null)
  const isOver = () => {
    const { kind } = leader.store.getState().phase
    return (kind === 'finished' || kind === 'paused') && forgetting.isDone()
  }
  const stalled = forMs === null ? stallOf(leader, room) : () => false
  for (const [device, given] of experiment.assignments.entries()) leader.assign(draws.keys[device], given)
  leader.start()
  // A void round pauses after three: a simulation that has nobody to resume it is over then.
  const untilMs = forMs === null ? Number.POSITIVE_INFINITY : beganMs + forMs
  await clock.run(untilMs, () => isOver() || stalled())
  const virtualSeconds = (clock.now() - beganMs) / 1000
  const { phase, web } = leader.store.getState()
  const holdings = holdingsOf(watched)
  return {
    history: await watch.points(),
    holdings,
    loss: await trainer.evaluate(holdings),
    general: await trainer.general(holdings),
    fired: settings.attack === 'backdoor' ? await trainer.fires(holdings) : null,
    clusters: clusterScores(experiment, room),
    bytes: { lan: links.lan, wan: links.wan },
    byCargo: links.byCargo(),
    virtualSeconds,
    privacy: leader.snapshot().privacy,
    audit: strongestAudit(room),
    terms: watch.terms,
    allocation: allocationOf(room),
    spectralGap: web?.spectralGap ?? null,
    forgotten: await forgetting.outcome(),
    why: whyOver(phase, stalled()),
  }
}

function strongestAudit({ devices }: SimulatedRoom): AuditView | null {
  const audits = [...devices.values()].flatMap((node) => node.store.getState().audit ?? [])
  return audits.reduce<AuditView | null>(
    (most, audit) => (most === null || audit.epsilonAtLeast > most.epsilonAtLeast ? audit : most),
    null,
  )
}

function whyOver(phase: Phase, isStalled: boolean): string {
  if (phase.kind === 'finished' || phase.kind === 'paused') return phase.why ?? ''
  return isStalled ? 'No round begins, and none ends: see who may take part in one.' : 'The time was over.'
}

/** Whether a run has stood still for longer than any job of its world takes, twenty times over: it will not go on by itself. */
function stallOf({ store }: GossamerNode, { clock, draws }: SimulatedRoom): () => boolean {
  const longestMs = 1000 * largestOf(draws.settings.jobSeconds.map(({ mean }) => mean))
  const limitMs = hourMs + 20 * longestMs
  let movedAtMs = clock.now()
  store.subscribe(({ round: now, version }, { round: before, version: last }) => {
    if (
      now.number !== before.number ||
      now.stage !== before.stage ||
      now.arrived !== before.arrived ||
      version !== last
    )
      movedAtMs = clock.now()
  })
  return () => clock.now() - movedAtMs > limitMs
}

/** How many clusters there are, and how well they agree with what was planted. */
function clusterScores({ groupOf }: ExperimentSettings, room: SimulatedRoom): Outcome['clusters'] {
  const clusters = clustersOf(room)
  if (!clusters) return null
  const planted = clusters.map((_, device) => groupOf(device))
  return { count: new Set(clusters).size, ari: adjustedRandIndex<string | number>(planted, clusters) }
}

function allocationOf({ coordinator, draws }: SimulatedRoom): Outcome['allocation'] {
  const views = new Map((coordinator?.store.getState().devices ?? []).map((device) => [device.key, device]))
  const given = draws.keys.flatMap((key) => views.get(key)?.assigned ?? [])
  return given.length > 0 ? given : null
}
