/**
 * The experiments of this page: one after the other, each with its curves as they grow. All stay until they are cleared; the chart
 * shows those of the question that is asked.
 */
import { create } from 'zustand'
import { type OpenedLab, openLab } from '../../lab/browser/openLab'
import type { Point, Terms } from '../../lab/measuring/watch'
import type { LabPresetName } from '../../lab/presets'
import type { PresetOutcome } from '../../lab/runPreset'
import { messageOf } from '../../lib/messageOf'
import { besideOf, type LabSettings, labSearch, runOf, seedsOf } from './labSettings'

export interface Curve {
  readonly seed: number
  /** Of a run without a number of rounds: how long it goes on, in virtual seconds; null: it has one, or it is not known yet. */
  readonly lastsSeconds: number | null
  readonly points: readonly Point[]
  /** Of each device, point by point; null where the scheme knows no clusters. */
  readonly clusters: readonly (readonly string[] | null)[]
  readonly terms: readonly Terms[]
  readonly outcome: PresetOutcome | null
}

type RunState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'done' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'failed'; readonly problem: string }

export interface LabRun {
  readonly id: number
  readonly settings: LabSettings
  readonly curves: readonly Curve[]
  readonly state: RunState
}

interface Runs {
  readonly runs: readonly LabRun[]
  readonly selected: number | null
}

export const useRuns = create<Runs>(() => ({ runs: [], selected: null }))

let lab: OpenedLab | null = null
let nextId = 0

const change = (id: number, how: (run: LabRun) => LabRun): void =>
  useRuns.setState(({ runs }) => ({ runs: runs.map((run) => (run.id === id ? how(run) : run)) }))

const changeCurve = (id: number, seed: number, how: (curve: Curve) => Curve): void =>
  change(id, (run) => ({
    ...run,
    curves: run.curves.map((curve) => (curve.seed === seed ? how(curve) : curve)),
  }))

const isUnderWay = ({ state }: LabRun): boolean => state.kind === 'running' || state.kind === 'waiting'

export const isRunning = ({ runs }: Runs): boolean => runs.some(isUnderWay)

/** Has an arm with the same address been through? */
const isKnown = (settings: LabSettings): boolean =>
  useRuns
    .getState()
    .runs.some(({ state, settings: own }) => state.kind === 'done' && labSearch(own) === labSearch(settings))

/**
 * Runs what is asked for and, after it, what its question holds it against, unless that is there already. Does nothing while
 * another experiment runs.
 */
export async function startRuns(settings: LabSettings): Promise<void> {
  if (isRunning(useRuns.getState())) return
  const beside = besideOf(settings)
  const arms = beside && !isKnown(beside) ? [settings, beside] : [settings]
  const added = arms.map(
    (arm): LabRun => ({
      id: nextId++,
      settings: arm,
      curves: [],
      state: { kind: 'waiting' },
    }),
  )
  useRuns.setState(({ runs }) => ({ runs: [...runs, ...added], selected: added[0].id }))
  for (const { id } of added) await run(id)
}

/** Runs the seeds in turn. */
async function run(id: number): Promise<void> {
  const waiting = useRuns.getState().runs.find((one) => one.id === id)
  if (waiting?.state.kind !== 'waiting') return
  const { settings } = waiting
  change(id, (run) => ({ ...run, state: { kind: 'running' } }))
  lab = openLab()
  try {
    for (const seed of seedsOf(settings)) {
      const curve: Curve = { seed, lastsSeconds: null, points: [], clusters: [], terms: [], outcome: null }
      change(id, (run) => ({ ...run, curves: [...run.curves, curve] }))
      const outcome = await lab.run(runOf(settings, seed), {
        lasts: (lastsSeconds) => changeCurve(id, seed, (curve) => ({ ...curve, lastsSeconds })),
        point: (point, clusters) =>
          changeCurve(id, seed, (curve) => ({
            ...curve,
            points: [...curve.points, point],
            clusters: [...curve.clusters, clusters],
          })),
        terms: (terms) => changeCurve(id, seed, (curve) => ({ ...curve, terms: [...curve.terms, terms] })),
      })
      changeCurve(id, seed, (curve) => ({ ...curve, outcome }))
    }
    change(id, (run) => ({ ...run, state: { kind: 'done' } }))
  } catch (error) {
    const problem = messageOf(error)
    change(id, (run) => (run.state.kind === 'running' ? { ...run, state: { kind: 'failed', problem } } : run))
  } finally {
    lab?.close()
    lab = null
  }
}

/** What was measured so far stays. */
export function stopRun(): void {
  for (const run of useRuns.getState().runs)
    if (isUnderWay(run)) change(run.id, (one) => ({ ...one, state: { kind: 'stopped' } }))
  lab?.close()
}

export const selectRun = (selected: number): void => useRuns.setState({ selected })

export const clearRuns = (): void => useRuns.setState({ runs: [], selected: null })

/** The newest run of a question, for what shows one run. */
export const selectQuestion = (question: LabPresetName): void =>
  useRuns.setState(({ runs }) => ({
    selected: runs.findLast(({ settings }) => settings.question === question)?.id ?? null,
  }))
