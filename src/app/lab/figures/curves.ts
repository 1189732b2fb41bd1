/** From runs to lines: the mean over a run's seeds and how far they spread around it. */
import type { Point } from '../../../lab/measuring/watch'
import type { Axis, PlannedLine, Trace } from '../../charts/loss/lossLines'
import { paletteColour } from '../../colours/palette'
import type { Words } from '../../words/en'
import { runName } from '../names'
import type { Curve, LabRun } from '../runs'

export const yardsticks = [
  { name: 'base', dash: [2, 5] },
  { name: 'alone', dash: [7, 5] },
  { name: 'centralised', dash: [12, 4] },
] as const

/** Bytes are those over the wide network: what stays in a room's own costs next to nothing. */
function at({ round, seconds, wanBytes }: Point, axis: Axis): number {
  switch (axis) {
    case 'rounds':
      return round
    case 'seconds':
      return seconds
    case 'bytes':
      return wanBytes
  }
}

/** From the base, as soon as that is known. */
export function traceOf({ points, outcome }: Curve, axis: Axis): Trace {
  const measured = points.filter(({ loss }) => loss !== null)
  const base = outcome ? [outcome.yardsticks.base] : []
  return {
    x: [...base.map(() => 0), ...measured.map((point) => at(point, axis))],
    y: [...base, ...measured.map(({ loss }) => loss)],
  }
}

type Mean = Pick<PlannedLine, 'trace' | 'band'>

/**
 * Point by point over the seeds that are through, as far as all of them go; of the first one alone while that runs. The
 * band goes from the lowest to the highest of them: with a few seeds that says more than a deviation, and no loss in it is
 * one that nobody had. A single seed has none.
 */
export function meanOf(curves: readonly Curve[], axis: Axis): Mean {
  const through = curves.filter(({ outcome }) => outcome)
  const traces = (through.length > 0 ? through : curves.slice(0, 1))
    .map((curve) => traceOf(curve, axis))
    .filter(({ x }) => x.length > 0)
  const length = Math.min(...traces.map(({ x }) => x.length))
  if (!Number.isFinite(length)) return { trace: { x: [], y: [] }, band: null }
  const places = Array.from({ length }, (_, place) => place)
  const x = places.map((place) => spreadOf(traces.map((trace) => trace.x[place])).mean)
  const losses = places.map((place) => traces.map((trace) => trace.y[place] ?? Number.NaN))
  return {
    trace: { x, y: losses.map((all) => spreadOf(all).mean) },
    band:
      traces.length > 1
        ? { low: losses.map((all) => Math.min(...all)), high: losses.map((all) => Math.max(...all)) }
        : null,
  }
}

/** Of one run: its mean in bold with its band, a seed that is under way faintly, and the yardsticks that were asked for. */
export function linesOf(words: Words, run: LabRun, axis: Axis): PlannedLine[] {
  const name = runName(words, run.settings)
  const colour = paletteColour(run.id)
  const mean = meanOf(run.curves, axis)
  const { x } = mean.trace
  const last = run.curves.at(-1)
  const isFurther = run.curves.length > 1 && last && !last.outcome
  const underWay = isFurther
    ? [{ key: `${run.id} under way`, label: name, colour, width: 1, ghost: true, trace: traceOf(last, axis) }]
    : []
  const levels = yardsticks.flatMap(({ name: which, dash }) => {
    const value = over(run, (outcome) => outcome.yardsticks[which])
    if (!value || x.length === 0 || (which === 'base' && run.settings.baselines === 'off')) return []
    const label = words.lab.yardstick(words.lab[which], name)
    const trace = { x: [x[0], x[x.length - 1]], y: [value.mean, value.mean] }
    return [{ key: `${run.id} ${which}`, label, colour, width: 1.5, dash, trace }]
  })
  return [
    ...underWay,
    ...levels,
    { key: `${run.id}`, label: name, colour, width: 3, points: x.length < 30, ...mean },
  ]
}

/** Mean and standard deviation over the seeds that are through. */
export function over(
  run: LabRun,
  value: (outcome: NonNullable<Curve['outcome']>) => number | null,
): Spread | null {
  const values = run.curves.flatMap(({ outcome }) => {
    const one = outcome && value(outcome)
    return one === null ? [] : [one]
  })
  return values.length > 0 ? spreadOf(values) : null
}

interface Spread {
  readonly mean: number
  /** Of a sample; 0 of a single value. */
  readonly deviation: number
}

function spreadOf(values: readonly number[]): Spread {
  const mean = values.reduce((sum, one) => sum + one, 0) / values.length
  const squares = values.reduce((sum, one) => sum + (one - mean) ** 2, 0)
  return { mean, deviation: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 }
}
