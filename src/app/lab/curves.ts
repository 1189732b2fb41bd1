/** From runs to lines: the mean over a run's seeds, and every seed faintly behind it. */
import type { Point } from '../../lab/experiment'
import type { Trace } from '../charts/lossLines'
import type { Curve, LabRun } from './runs'

export const axes = ['rounds', 'seconds', 'bytes'] as const
export type LabAxis = (typeof axes)[number]

const at = (point: Point, axis: LabAxis): number => (axis === 'rounds' ? point.round : point[axis])

/** From the base, as soon as that is known. */
export function traceOf({ points, outcome }: Curve, axis: LabAxis): Trace {
  const measured = points.filter(({ loss }) => loss !== null)
  const base = outcome ? [outcome.yardsticks.base] : []
  return {
    x: [...base.map(() => 0), ...measured.map((point) => at(point, axis))],
    y: [...base, ...measured.map(({ loss }) => loss)],
  }
}

/** Point by point over the seeds that are through; of the first one alone while that runs. */
export function meanTrace(curves: readonly Curve[], axis: LabAxis): Trace {
  const through = curves.filter(({ outcome }) => outcome)
  const traces = (through.length > 0 ? through : curves.slice(0, 1))
    .map((curve) => traceOf(curve, axis))
    .filter(({ x }) => x.length > 0)
  const length = Math.min(...traces.map(({ x }) => x.length))
  if (!Number.isFinite(length)) return { x: [], y: [] }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const places = Array.from({ length }, (_, place) => place)
  return {
    x: places.map((place) => mean(traces.map(({ x }) => x[place]))),
    y: places.map((place) => mean(traces.map(({ y }) => y[place] ?? Number.NaN))),
  }
}

/** Mean and standard deviation over the seeds that are through. */
export function over(
  run: LabRun,
  value: (outcome: NonNullable<Curve['outcome']>) => number | null,
): { readonly mean: number; readonly deviation: number } | null {
  const values = run.curves.flatMap(({ outcome }) => {
    const one = outcome && value(outcome)
    return one === null ? [] : [one]
  })
  if (values.length === 0) return null
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}

export const runColour = (id: number): string => `var(--device-${id % 8})`
