/**
 * What a round was worth. After each round the coordinator measures the merged adapter on the pool of all devices'
 * held-out text and asks it for every device's facts; the devices report how far each comes alone. A record is published
 * once, when everything is in or a device has taken too long. It speaks of the round it belongs to, however late it is:
 * the next round is not held up by measuring.
 */

import type { Probe } from '../../corpora/example'
import { countedExamples } from '../../federation/aggregation/limits'
import { isPersonal } from '../../federation/compatibility'
import type { DeviceKey } from '../../federation/types'
import type { Clock } from '../../network/time/clock'
import { federatingOf } from '../../settings/derived/merging'
import type { Settings } from '../../settings/table'
import type { Compute, Evaluation } from '../../training/compute'
import { sharesOf } from '../local/shares'
import type { RoundRecord } from '../state'
import type { PoolMember, Report } from '../wire/messages'

const reportTimeoutMs = 60_000

export interface CompletedRound {
  readonly round: number
  readonly version: number
  readonly seconds: number
  readonly bytes: number
  /** The adapters that are shared, each with those whose held-out text it is measured on. */
  readonly parts: readonly MeasuredPart[]
  /** Last local training loss and weight of each contributor. */
  readonly trained: ReadonlyMap<DeviceKey, { readonly loss: number; readonly examples: number }>
  readonly distortion: RoundRecord['distortion']
  readonly staleness: RoundRecord['staleness']
  readonly lanBytes: RoundRecord['lanBytes']
  /** Whether the contributors' reports of this very round are waited for. */
  readonly waits: boolean
}

export interface MeasuredPart {
  readonly adapter: Uint8Array
  readonly pool: readonly PoolMember[]
}

export interface Published {
  readonly record: RoundRecord
  readonly baseLoss: number | null
  readonly baseRecall: number | null
}

interface PartLoss {
  readonly loss: Evaluation | null
  readonly recall: number | null
}

interface MeasuredHere {
  readonly base: PartLoss
  readonly probes: number
  readonly unseenProbes: number
  readonly merged: Evaluation | null
  readonly recall: number | null
  readonly unseen: number | null
}

interface Prepared {
  readonly shelf: string
  readonly probes: readonly Probe[]
  readonly isEmpty: boolean
  readonly base: PartLoss
}

export interface Measurements {
  completed(round: CompletedRound): void
  report(device: DeviceKey, report: Report): void
  left(device: DeviceKey): void
  /** Resolves when every completed round has been published. */
  settled(): Promise<void>
}

export function measureRounds(
  clock: Clock,
  engine: () => Compute,
  settings: () => Settings,
  publish: (published: Published) => void,
  failed: (error: unknown) => void,
): Measurements {
  /** The newest of each device: `round` is that of its order. */
  const reports = new Map<DeviceKey, Report>()
  const awaited = new Map<number, { devices: Set<DeviceKey>; done: () => void }>()
  let queue: Promise<void> = Promise.resolve()
  /** What each part's shelf holds, and what the base makes of it. */
  const shelves = new Map<string, { readonly pool: string; readonly base: PartLoss }>()

  /** Puts a part's text on its shelf and measures the base on it; both again only when the pool has changed. */
  async function prepare(compute: Compute, shelf: string, { pool }: MeasuredPart): Promise<Prepared> {
    const shares = sharesOf(settings(), pool).map(({ share }) => share)
    const probes = shares.flatMap((share) => share.probes)
    const key = JSON.stringify(pool)
    const known = shelves.get(shelf)
    if (known?.pool === key) return { shelf, probes, isEmpty: shares.length === 0, base: known.base }
    if (shares.length > 0)
      await compute.hold(
        shelf,
        shares.flatMap((share) => share.heldOut),
      )
    const base = {
      loss: shares.length > 0 ? await compute.evaluate(null, shelf) : null,
      recall: await recallOf(compute, null, probes, 'trained'),
    }
    shelves.set(shelf, { pool: key, base })
    return { shelf, probes, isEmpty: shares.length === 0, base }
  }

  async function measurePart(compute: Compute, part: MeasuredPart, shelf: string): Promise<MeasuredHere> {
    const { probes, isEmpty, base } = await prepare(compute, shelf, part)
    const isOwn = isPersonal(federatingOf(settings()).rule)
    const of = (phrasing: Probe['phrasing']) => probes.filter((probe) => probe.phrasing === phrasing).length
    return {
      base,
      probes: of('trained'),
      unseenProbes: of('unseen'),
      merged: isEmpty || isOwn ? null : await compute.evaluate(part.adapter, shelf),
      recall: isOwn ? null : await recallOf(compute, part.adapter, probes, 'trained'),
      unseen: isOwn ? null : await recallOf(compute, part.adapter, probes, 'unseen'),
    }
  }

  async function measure(round: CompletedRound): Promise<void> {
    const compute = engine()
    const parts: MeasuredHere[] = []
    for (const [at, part] of round.parts.entries())
      parts.push(await measurePart(compute, part, at === 0 ? 'pool' : `pool ${at}`))
    if (round.waits) await reportsOf(round)
    const all = [...reports]
    const own = all.flatMap(([, report]) => (report.own ? [report.own] : []))
    const alone = all.flatMap(([key, { alone }]) => (alone ? [{ key, ...alone }] : []))
    const aloneRecalls = all.flatMap(([, { aloneRecall }]) => (aloneRecall === null ? [] : [aloneRecall]))
    const trained = [...round.trained]
    const recalled = (of: 'recall' | 'unseen') =>
      weighted(
        parts.flatMap((part) => {
          const value = part[of]
          return value === null ? [] : [{ value, weight: of === 'recall' ? part.probes : part.unseenProbes }]
        }),
      )
    const baseRecall = weighted(
      parts.flatMap(({ base, probes }) =>
        base.recall === null ? [] : [{ value: base.recall, weight: probes }],
      ),
    )
    const mergedRecall = recalled('recall')
    const { seconds, bytes, version, distortion, staleness, lanBytes } = round
    publish({
      record: {
        ...{ round: round.round, version, seconds, bytes, distortion, staleness, lanBytes },
        heldOut: pooled(
          parts.map(({ merged }) => merged),
          own.map(({ merged }) => merged),
        ),
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
                base: baseRecall ?? 0,
                unseen: recalled('unseen') ?? 0,
              },
        contributors: trained.length,
      },
      baseLoss: pooled(
        parts.map(({ base }) => base.loss),
        own.map(({ base }) => base),
      ),
      baseRecall,
    })
    awaited.delete(round.round)
  }

  /** Waits until every contributor that is still here has reported, but not for ever. */
  function reportsOf(round: CompletedRound): Promise<void> {
    const missing = awaited.get(round.round)?.devices ?? new Set()
    if (missing.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = clock.after(reportTimeoutMs, resolve)
      const done = () => {
        cancel()
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
      const isMissing = (key: DeviceKey) => reports.get(key)?.round !== round.round
      const devices = settings().baselines && round.waits ? [...round.trained.keys()].filter(isMissing) : []
      awaited.set(round.round, { devices: new Set(devices), done: () => {} })
      queue = queue.then(() => measure(round)).catch(failed)
    },
    report(device, report) {
      reports.set(device, report)
      settle(report.round, device)
    },
    left(device) {
      reports.delete(device)
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

/**
 * Token-weighted mean of evaluations: the loss on all their texts together. How much text a device has measured is its own
 * claim, and counts as claims of examples do: up to the median.
 * @param claimed by devices, on text that nobody else can see
 */
export function pooled(
  measured: readonly (Evaluation | null)[],
  claimed: readonly Evaluation[],
): number | null {
  const all = [...measured.filter((part) => part !== null), ...claimed]
  const counted = countedExamples(all.map(({ tokens }) => ({ examples: tokens, behind: [] })))
  const isClaim = (at: number) => at >= all.length - claimed.length
  return weighted(
    all.map(({ loss, tokens }, at) => ({ value: loss, weight: isClaim(at) ? counted[at] : tokens })),
  )
}

function weighted(parts: readonly { readonly value: number; readonly weight: number }[]): number | null {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  return total > 0 ? parts.reduce((sum, { value, weight }) => sum + value * weight, 0) / total : null
}
