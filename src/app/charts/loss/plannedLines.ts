/** Which lines the loss chart has: what all know together, the yardsticks, and each device's training. */
import type { LossPoint, RoundRecord } from '../../../node/roundRecord'
import { everybody, type NamedLine } from './LossLegend'
import { type Axis, brokenAt, localTrace, type PlannedLine, recordTrace, smoothed } from './lossLines'

export interface LossRun {
  readonly history: readonly RoundRecord[]
  readonly lossPoints: Readonly<Record<string, readonly LossPoint[]>>
  readonly baseLoss: number | null
}

interface Wanted {
  readonly yardsticks: readonly NamedLine[]
  readonly devices: readonly NamedLine[]
  readonly hidden: ReadonlySet<string>
  readonly picked: string | null
  readonly axis: Axis
  /** Of smoothing; 0: raw. */
  readonly weight: number
  /** More devices than these are many. */
  readonly most: number
  /** What all devices are called where they are many. */
  readonly crowd: string
}

/** Many devices are one bundle of thin lines, of which one may be picked out; a few are lines with their raw values behind. */
export function plannedLines(
  run: LossRun,
  wanted: Wanted,
): { readonly lines: readonly PlannedLine[]; readonly broken: readonly number[] } {
  const { yardsticks, devices, hidden, picked, axis, weight, most, crowd } = wanted
  const recorded = (of: (record: RoundRecord) => number | null) =>
    recordTrace(run.history, axis, of, run.baseLoss)
  const levels = yardsticks
    .filter(({ key }) => !hidden.has(key))
    .map(({ key, label, colour }): PlannedLine => {
      const line = { key, label, colour }
      if (key === 'merged')
        return { ...line, width: 3.5, points: true, trace: recorded(({ heldOut }) => heldOut) }
      if (key === 'alone') return { ...line, width: 2, dash: [7, 5], trace: recorded(({ alone }) => alone) }
      return { ...line, width: 1.5, dash: [2, 5], trace: recorded(() => run.baseLoss) }
    })
  const isCrowd = devices.length > most
  const own = devices
    .filter(({ key }) => key === picked || !hidden.has(isCrowd ? everybody : key))
    .map((device) => ({ ...device, raw: localTrace(run.lossPoints[device.key] ?? [], axis, run.history) }))
  const courses = own.flatMap(({ key, label, colour, raw }): PlannedLine[] => {
    const line = { key, label, colour, width: 1.5, trace: weight === 0 ? raw : smoothed(raw, weight) }
    if (isCrowd && key === picked) return [{ ...line, width: 3 }]
    if (isCrowd) return [{ ...line, width: 1, faint: picked !== null, crowd }]
    return weight === 0 ? [line] : [{ ...line, key: `${key} raw`, width: 1, ghost: true, trace: raw }, line]
  })
  // What all know together lies on top.
  return {
    lines: [...courses.toSorted((a, b) => a.width - b.width), ...levels],
    broken: own.flatMap(({ raw }) => brokenAt(raw)),
  }
}
