/**
 * From a plan to a report: the reference first, then the peers in turn, round after round, each in a fresh place. Times
 * of all rounds are pooled. A peer whose first loss (or first token) disagrees with the reference stays in the report,
 * marked: its times say nothing. A peer that fails is named with its reason and does not stop the others.
 */

import { availableParallelism, loadavg } from 'node:os'
import { argMax } from '../src/model/sampling'
import type { Runner } from './browser'
import type { Job, Plan, Run } from './plan'
import { gpt2, nanogpt, referenceLogits, referenceLoss } from './reference'
import { type Reference, references } from './references'
import type { Counts } from './run/counters'
import { adapter, promptLength, type Shape, stepOperations, weightFormat } from './shapes'
import { type Spread, spreadOf } from './statistics'
import { batchOfStep, promptOf, randomWeights, streamLength } from './weights'

/** How far a first loss may lie from the reference, in nats. */
export const lossTolerance = 1e-3

export interface PeerReport {
  readonly peer: Job['peer']
  readonly device: string
  readonly note: string
  /** Of a step, or of a token. */
  readonly timesMs: Spread
  readonly perSecond: number
  /** Generation: until the first token, its prompt read; null of training. */
  readonly toFirstMs: Spread | null
  readonly prepareMs: number
  readonly firstMs: number
  readonly counts: Counts
  readonly gpuPeakBytes: number
  readonly wasmBytes: number
  readonly agrees: boolean
  readonly agreement: Agreement
  readonly runs: readonly Run[]
}

export type Agreement =
  | {
      readonly kind: 'training'
      readonly firstLoss: number
      readonly reference: number
      /** Largest difference of a later loss to the first exact peer's. Null where the model is another. */
      readonly laterDifference: number | null
      /** How much the first batch's loss fell over the run. */
      readonly fall: number
    }
  | {
      readonly kind: 'generation'
      readonly firstId: number
      readonly reference: number
      /** How many ids from the start equal the first peer's. */
      readonly equalIds: number
    }

export interface Report {
  readonly plan: Plan
  readonly machine: string
  readonly cores: number
  /** Processes that wanted a core, before and after: more than the cores means that somebody else was measured too. */
  readonly load: readonly [before: number, after: number]
  readonly date: string
  readonly adapter: typeof adapter
  readonly peers: readonly PeerReport[]
  /** Peers that could not be measured. */
  readonly failures: readonly { readonly peer: Job['peer']; readonly problem: string }[]
}

/** False where a peer failed or disagrees. */
export const isSound = ({ peers, failures }: Report): boolean =>
  failures.length === 0 && peers.every(({ agrees }) => agrees)

export async function compare(
  plan: Plan,
  runner: Pick<Runner, 'machine' | 'run'>,
  say: (line: string) => void,
): Promise<Report> {
  const [loadBefore] = loadavg()
  const reference = referenceOf(plan)
  const runs = new Map<Job['peer'], Run[]>(plan.round.map(({ peer }) => [peer, []]))
  const failures: { peer: Job['peer']; problem: string }[] = []
  for (let round = 0; round < plan.rounds; round++)
    for (const job of plan.round.filter(({ peer }) => runs.has(peer))) {
      const answer = await runner.run(job)
      if ('problem' in answer) {
        failures.push({ peer: job.peer, problem: answer.problem })
        runs.delete(job.peer)
        say(`${job.peer} failed: ${answer.problem}`)
        continue
      }
      runs.get(job.peer)!.push(answer.run)
      const { median } = spreadOf(answer.run.timesMs)
      const place = `round ${round + 1} of ${plan.rounds}`
      say(`${place}: ${job.peer}, median ${median.toFixed(1)} ms (${answer.run.device})`)
    }
  const [, exact = []] = [...runs].find(([peer]) => peer !== 'nanogpt') ?? []
  const peers = [...runs].map(([peer, own]) => reportOf(plan, peer, own, exact, reference))
  const date = new Date().toISOString()
  const load = [loadBefore, loadavg()[0]] as const
  const cores = availableParallelism()
  return { plan, machine: runner.machine, cores, load, date, adapter, peers, failures }
}

/** What float64 says of the plan: the first loss, or the first token, of each dialect; from store where it is stored. */
function referenceOf({ kind, shape, round }: Plan): { readonly own: number; readonly nanogpt: number } {
  const stored = references[shape.name]
  if (kind === 'generation') {
    // After another prompt float64 takes minutes where a model is large: there the first peer is the measure.
    const computed =
      shape.name === 'S0' || shape.name === 'C1'
        ? () => computedReference(shape, 'firstId')
        : () => Number.NaN
    return { own: shape.prompt === undefined ? stored.firstId : computed(), nanogpt: Number.NaN }
  }
  const asked = round.some(({ peer }) => peer === 'nanogpt')
  return {
    own: stored.loss,
    nanogpt: asked ? (stored.nanogpt ?? computedReference(shape, 'nanogpt')) : Number.NaN,
  }
}

/** The same without the store: minutes for GPT-2 small and for Qwen3-0.6B. */
export function computedReference(shape: Shape, which: keyof Reference): number {
  const weights = randomWeights(shape)
  if (which !== 'firstId')
    return referenceLoss(shape, weights, batchOfStep(shape, 0), which === 'loss' ? gpt2 : nanogpt)
  const { data, columns } = referenceLogits(shape, weights, promptOf(shape, promptLength(shape)))
  return argMax(data.subarray(data.length - columns))
}

function reportOf(
  plan: Plan,
  peer: Job['peer'],
  runs: readonly Run[],
  exact: readonly Run[],
  reference: { readonly own: number; readonly nanogpt: number },
): PeerReport {
  const [run] = runs
  const timesMs = spreadOf(runs.flatMap(({ timesMs }) => timesMs))
  const isOther = peer === 'nanogpt'
  const expected = isOther ? reference.nanogpt : Number.isNaN(reference.own) ? exact[0].ids[0] : reference.own
  const agreement: Agreement =
    plan.kind === 'training'
      ? {
          kind: 'training',
          firstLoss: run.losses[0],
          reference: expected,
          laterDifference: isOther ? null : largestDifference(run.losses, exact[0].losses),
          fall: run.losses[0] - run.losses[lastOfFirstBatch(run.losses.length)],
        }
      : {
          kind: 'generation',
          firstId: run.ids[0],
          reference: expected,
          equalIds: run.ids.findIndex((id, index) => id !== exact[0].ids[index]),
        }
  return {
    peer,
    device: run.device,
    note: isOther ? 'another model (RMS norm, rotary positions, no biases) at equal FLOPs' : keptAs(plan),
    timesMs,
    perSecond: 1000 / timesMs.median,
    toFirstMs: plan.kind === 'generation' ? spreadOf(runs.flatMap(({ toFirstMs }) => toFirstMs)) : null,
    prepareMs: spreadOf(runs.map(({ prepareMs }) => prepareMs)).median,
    firstMs: spreadOf(runs.map(({ firstMs }) => firstMs)).median,
    counts: run.counts,
    gpuPeakBytes: run.gpuPeakBytes,
    wasmBytes: run.wasmBytes,
    agrees: agrees(runs, expected, plan.kind),
    agreement:
      agreement.kind === 'generation' && agreement.equalIds < 0
        ? { ...agreement, equalIds: run.ids.length }
        : agreement,
    runs,
  }
}

/** A large model's weights are kept as everybody keeps them who has it. */
const keptAs = ({ shape }: Plan): string =>
  weightFormat(shape) === 'float32' ? '' : `weights kept as ${weightFormat(shape)}`

function agrees(runs: readonly Run[], expected: number, kind: Plan['kind']): boolean {
  return runs.every(({ losses, ids }) =>
    kind === 'training' ? Math.abs(losses[0] - expected) <= lossTolerance : ids[0] === expected,
  )
}

/** Of the steps that both took: a fast peer warms up with more of them. */
const largestDifference = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.slice(0, other.length).map((loss, step) => Math.abs(loss - other[step])))

/** The last step that saw the same batch as the first one. */
const lastOfFirstBatch = (steps: number): number => steps - 1 - ((steps - 1) % streamLength)

/** Useful floating-point operations per second of a training step. */
export const operationsPerSecond = ({ plan }: Report, { timesMs }: PeerReport): number =>
  (1000 * stepOperations(plan.shape)) / timesMs.median
