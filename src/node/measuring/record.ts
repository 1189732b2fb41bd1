/** The record of a completed round, out of what was measured here and what devices report. */
import type { DeviceKey } from '../../federation/types'
import type { Evaluation } from '../../training/compute'
import type { GeneralLoss, RoundRecord } from '../roundRecord'
import type { Report } from '../wire/messages'
import type { PoolMember } from '../wire/parts'
import { pooled, weighted } from './means'

export interface CompletedRound {
  readonly round: number
  readonly version: number
  readonly seconds: number
  readonly bytes: number
  /** The adapters that are shared, each with those whose held-out text it is measured on. */
  readonly parts: readonly MeasuredPart[]
  /** Last local training loss and weight of each contributor; a private loss is not known. */
  readonly trained: ReadonlyMap<DeviceKey, { readonly loss: number | null; readonly examples: number }>
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

/** Of one adapter, on the text of those who share it. */
export interface PartMeasured {
  readonly base: { readonly loss: Evaluation | null; readonly recall: number | null }
  readonly probes: number
  readonly unseenProbes: number
  /** Null: nobody can rebuild the text, or each device has a model of its own. */
  readonly merged: Evaluation | null
  readonly recall: number | null
  readonly unseen: number | null
  /** On the general text; null where there is none, or each device has a model of its own. */
  readonly general: GeneralLoss | null
  /** Devices that share this adapter. */
  readonly sharedBy: number
}

/**
 * @param measured null: nobody had the time
 * @param reports the newest of each device
 */
export function recordOf(
  { round, version, seconds, bytes, distortion, staleness, lanBytes, trained }: CompletedRound,
  measured: readonly PartMeasured[] | null,
  reports: ReadonlyMap<DeviceKey, Report>,
): Published {
  const all = [...reports.values()]
  const parts = measured ?? []
  // Of a part of the text alone a loss is no point of the same curve.
  const own = measured ? all.flatMap((report) => report.own ?? []) : []
  const alone = [...reports].flatMap(([key, { alone }]) => (alone ? [{ key, loss: alone.loss }] : []))
  const known = [...trained].flatMap(([key, { loss, examples }]) =>
    loss === null ? [] : [{ key, loss, examples }],
  )
  const baseRecall = recalled(parts, ({ base, probes }) => [base.recall, probes])
  const merged = recalled(parts, ({ recall, probes }) => [recall, probes])
  const recall =
    merged === null
      ? null
      : {
          merged,
          alone: equally(all.flatMap(({ aloneRecall }) => aloneRecall ?? [])),
          base: baseRecall,
          unseen: recalled(parts, ({ unseen, unseenProbes }) => [unseen, unseenProbes]),
        }
  return {
    record: {
      round,
      version,
      seconds,
      bytes,
      distortion,
      staleness,
      lanBytes,
      heldOut: pooled(
        parts.map(({ merged }) => merged),
        own.map(({ merged }) => merged),
      ),
      train: weighted(known.map(({ loss, examples }) => ({ value: loss, weight: examples }))),
      alone: equally(alone.map(({ loss }) => loss)),
      trainByDevice: Object.fromEntries(known.map(({ key, loss }) => [key, loss])),
      aloneByDevice: Object.fromEntries(alone.map(({ key, loss }) => [key, loss])),
      recall,
      general: generalOf(parts),
      contributors: trained.size,
    },
    baseLoss: pooled(
      parts.map(({ base }) => base.loss),
      own.map(({ base }) => base),
    ),
    baseRecall,
  }
}

/** Each device's adapter counts the same. */
function generalOf(parts: readonly PartMeasured[]): GeneralLoss | null {
  const measured = parts.flatMap(({ general, sharedBy }) =>
    general ? [{ ...general, weight: sharedBy }] : [],
  )
  const merged = weighted(measured.map(({ merged: value, weight }) => ({ value, weight })))
  return merged === null ? null : { merged, base: measured[0].base }
}

/** Each device alone counts the same: what a device reaches by itself, on average. */
const equally = (values: readonly number[]): number | null =>
  weighted(values.map((value) => ({ value, weight: 1 })))

/** Over the probes of all parts. */
const recalled = (
  parts: readonly PartMeasured[],
  of: (part: PartMeasured) => readonly [recall: number | null, probes: number],
): number | null =>
  weighted(parts.map(of).flatMap(([value, weight]) => (value === null ? [] : [{ value, weight }])))
