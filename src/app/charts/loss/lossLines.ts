/** From the run's records to the lines of the loss chart: one shared x for all, smoothed beside raw. */
import type { LossPoint, RoundRecord } from '../../../node/roundRecord'
import type { ChartLine } from '../drawing/chartProps'
import { smooth } from './smoothing'

export const axes = ['rounds', 'seconds', 'bytes'] as const
export type Axis = (typeof axes)[number]

/** One line before alignment: x ascending. */
export interface Trace {
  readonly x: readonly number[]
  readonly y: readonly (number | null)[]
}

/** More points than pixels draw nothing new: longer traces keep every n-th point. */
const mostPoints = 1200

/** Bytes grow with rounds; a point inside a round lies between the totals of its neighbours. */
export function bytesAt(rounds: number, history: readonly RoundRecord[]): number {
  const before = Math.floor(rounds)
  const at = (index: number) => (index <= 0 ? 0 : (history[Math.min(index, history.length) - 1]?.bytes ?? 0))
  const perRound = history.length > 0 ? (history.at(-1)?.bytes ?? 0) / history.length : 0
  const known = at(before)
  const next = before < history.length ? at(before + 1) : known + perRound
  return known + (next - known) * (rounds - before)
}

export function localTrace(points: readonly LossPoint[], axis: Axis, history: readonly RoundRecord[]): Trace {
  const stride = Math.max(1, Math.ceil(points.length / mostPoints))
  const kept =
    stride === 1
      ? points
      : points.filter((point, index) => index % stride === 0 || !Number.isFinite(point.loss))
  return {
    x: kept.map((point) => (axis === 'bytes' ? bytesAt(point.rounds, history) : point[axis])),
    y: kept.map(({ loss }) => loss),
  }
}

export function recordTrace(
  history: readonly RoundRecord[],
  axis: Axis,
  value: (record: RoundRecord) => number | null,
  start: number | null,
): Trace {
  const at = (record: RoundRecord) => (axis === 'rounds' ? record.round : record[axis])
  const beginning = start === null || history.length === 0 ? [] : [{ x: 0, y: start }]
  const points = [...beginning, ...history.map((record) => ({ x: at(record), y: value(record) }))]
  return { x: points.map(({ x }) => x), y: points.map(({ y }) => y) }
}

/** All traces over one ascending x; what a trace does not have there is null. */
export function align(traces: readonly Trace[]): { x: number[]; values: (number | null)[][] } {
  const x = [...new Set(traces.flatMap((trace) => trace.x))].sort((a, b) => a - b)
  const place = new Map(x.map((value, index) => [value, index]))
  const values = traces.map((trace) => {
    const row: (number | null)[] = new Array(x.length).fill(null)
    trace.x.forEach((value, index) => {
      const y = trace.y[index]
      row[place.get(value) ?? 0] = y !== null && Number.isFinite(y) ? y : null
    })
    return row
  })
  return { x, values }
}

/** A line of a chart with its own places. */
export interface PlannedLine extends Omit<ChartLine, 'values' | 'band'> {
  readonly trace: Trace
  /** Around it, at its places. */
  readonly band?: { readonly low: Trace['y']; readonly high: Trace['y'] } | null
}

/** Planned lines as a chart wants them: over one x. */
export function alignLines(planned: readonly PlannedLine[]): { x: number[]; lines: ChartLine[] } {
  const traces = planned.flatMap(({ trace, band }) =>
    [trace.y, ...(band ? [band.low, band.high] : [])].map((y) => ({ x: trace.x, y })),
  )
  const { x, values } = align(traces)
  const lines = planned.map(({ trace: _, band, ...line }): ChartLine => {
    const [own, low, high] = values.splice(0, band ? 3 : 1)
    return { ...line, values: own, band: band ? { low, high } : undefined }
  })
  return { x, lines }
}

export const smoothed = (trace: Trace, weight: number): Trace => ({ x: trace.x, y: smooth(trace.y, weight) })

/** Where a trace has points that are not numbers. */
export const brokenAt = (trace: Trace): number[] =>
  trace.x.filter((_, index) => trace.y[index] !== null && !Number.isFinite(trace.y[index]))
