/**
 * What a round was worth. After each round the coordinator measures the merged adapter on the pool of all devices'
 * held-out text and asks it for every device's facts; the devices report how far each comes alone. A record is published
 * once, when everything is in or a device has taken too long. It speaks of the round it belongs to, however late it is:
 * the next round is not held up by measuring.
 */
import type { Probe } from '../../corpora/example'
import type { DeviceKey } from '../../federation/types'
import type { Compute, Evaluation } from '../../training/compute'
import type { PoolMember, Report } from '../messages'
import type { Settings } from '../settings'
import { shareFor } from '../shares'
import type { RoundRecord } from '../state'

const reportTimeoutMs = 60_000

export interface CompletedRound {
  readonly round: number
  readonly version: number
  readonly seconds: number
  readonly bytes: number
  readonly adapter: Uint8Array
  readonly pool: readonly PoolMember[]
  /** Last local training loss and weight of each contributor. */
  readonly trained: ReadonlyMap<DeviceKey, { readonly loss: number; readonly examples: number }>
}

export interface Published {
  readonly record: RoundRecord
  readonly baseLoss: number | null
  readonly baseRecall: number | null
}

export interface Measurements {
  completed(round: CompletedRound): void
  report(device: DeviceKey, report: Report): void
  left(device: DeviceKey): void
  /** Resolves when every completed round has been published. */
  settled(): Promise<void>
}

export function measureRounds(
  engine: () => Compute,
  settings: () => Settings,
  publish: (published: Published) => void,
  failed: (error: unknown) => void,
): Measurements {
  const reports = new Map<number, Map<DeviceKey, Report>>()
  const awaited = new Map<number, { devices: Set<DeviceKey>; done: () => void }>()
  let queue: Promise<void> = Promise.resolve()
  let basePool = ''
  let base: { loss: Evaluation | null; recall: number | null } = { loss: null, recall: null }

  /** The base is measured again only when the pool has grown. */
  async function measureBase(compute: Compute, probes: readonly Probe[], pool: readonly PoolMember[]) {
    if (JSON.stringify(pool) === basePool) return
    base = {
      loss: pool.length ? await compute.evaluate(null, 'pool') : null,
      recall: await recallOf(compute, null, probes, 'trained'),
    }
    basePool = JSON.stringify(pool)
  }

  async function measure(round: CompletedRound): Promise<void> {
    const compute = engine()
    const shares = round.pool.map((member) => shareFor(settings(), member))
    const probes = shares.flatMap((share) => share.probes)
    if (JSON.stringify(round.pool) !== basePool && shares.length > 0)
      await compute.hold(
        'pool',
        shares.flatMap((share) => share.heldOut),
      )
    await measureBase(compute, probes, round.pool)
    const merged = shares.length > 0 ? await compute.evaluate(round.adapter, 'pool') : null
    const mergedRecall = await recallOf(compute, round.adapter, probes, 'trained')
    const unseen = await recallOf(compute, round.adapter, probes, 'unseen')
    await reportsOf(round)
    const all = [...(reports.get(round.round) ?? [])]
    const own = all.flatMap(([, report]) => (report.own ? [report.own] : []))
    const alone = all.flatMap(([key, { alone }]) => (alone ? [{ key, ...alone }] : []))
    const aloneRecalls = all.flatMap(([, { aloneRecall }]) => (aloneRecall === null ? [] : [aloneRecall]))
    const trained = [...round.trained]
    publish({
      record: {
        round: round.round,
        version: round.version,
        seconds: round.seconds,
        bytes: round.bytes,
        heldOut: pooled([merged, ...own.map(({ merged }) => merged)]),
        train: weighted(trained.map(([, { loss, examples }]) => ({ value: loss, weight: examples }))),
        // Each device alone counts the same: what a device reaches by itself, on average.
        alone: weighted(alone.map(({ loss }) => ({ value: loss, weight: 1 }))),
        trainByDevice: Object.fromEntries(trained.map(([key, { loss }]) => [key, loss])),
        aloneByDevice: Object.fromEntries(alone.map(({ key, loss }) => [key, loss])),
        recall:
          mergedRecall === null
            ? null
            : {
                merged: mergedRecall,
                alone: weighted(aloneRecalls.map((value) => ({ value, weight: 1 }))) ?? 0,
                base: base.recall ?? 0,
                unseen: unseen ?? 0,
              },
        contributors: trained.length,
      },
      baseLoss: pooled([base.loss, ...own.map((evaluation) => evaluation.base)]),
      baseRecall: base.recall,
    })
    reports.delete(round.round)
    awaited.delete(round.round)
  }

  /** Waits until every contributor that is still here has reported, but not for ever. */
  function reportsOf(round: CompletedRound): Promise<void> {
    const missing = awaited.get(round.round)?.devices ?? new Set()
    if (missing.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, reportTimeoutMs)
      const done = () => {
        clearTimeout(timer)
        resolve()
      }
      awaited.set(round.round, { devices: missing, done })
    })
  }

  const settle = (round: number, device: DeviceKey) => {
    const waiting = awaited.get(round)
    if (waiting?.devices.delete(device) && waiting.devices.size === 0) waiting.done()
  }

  return {
    completed(round) {
      const early = reports.get(round.round)
      const devices = settings().baselines ? [...round.trained.keys()].filter((key) => !early?.has(key)) : []
      awaited.set(round.round, { devices: new Set(devices), done: () => {} })
      queue = queue.then(() => measure(round)).catch(failed)
    },
    report(device, report) {
      const ofRound = reports.get(report.round) ?? new Map<DeviceKey, Report>()
      reports.set(report.round, ofRound.set(device, report))
      settle(report.round, device)
    },
    left(device) {
      for (const round of awaited.keys()) settle(round, device)
    },
    settled: () => queue,
  }
}

/** Share of the probes of one kind that are answered rightly; null where there are none. */
export async function recallOf(
  compute: Compute,
  adapter: Uint8Array | null,
  probes: readonly Probe[],
  phrasing: Probe['phrasing'],
): Promise<number | null> {
  const asked = probes.filter((probe) => probe.phrasing === phrasing)
  if (asked.length === 0) return null
  const answers = await compute.answer(adapter, asked)
  return answers.filter(({ right }) => right).length / asked.length
}

/** Token-weighted mean of evaluations: the loss on all their texts together. */
const pooled = (evaluations: readonly (Evaluation | null)[]): number | null =>
  weighted(evaluations.flatMap((part) => (part ? [{ value: part.loss, weight: part.tokens }] : [])))

function weighted(parts: readonly { readonly value: number; readonly weight: number }[]): number | null {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return total > 0 ? parts.reduce((sum, { value, weight }) => sum + value * weight, 0) / total : null
}
