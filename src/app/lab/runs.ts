/** The experiments of this page: one after the other, each with its curves as they grow. All stay until they are cleared. */
import { create } from 'zustand'
import { type OpenedLab, openLab } from '../../lab/browser/openLab'
import type { Point, Terms } from '../../lab/measuring/watch'
import type { PresetOutcome } from '../../lab/runPreset'
import { messageOf } from '../../lib/messageOf'
import { type LabSettings, runOf, seedsOf } from './labSettings'

export interface Curve {
  readonly seed: number
  readonly points: readonly Point[]
  /** Of each device, point by point; null where the scheme knows no clusters. */
  readonly clusters: readonly (readonly string[] | null)[]
  readonly terms: readonly Terms[]
  readonly outcome: PresetOutcome | null
}

type RunState =
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

export const isRunning = ({ runs }: Runs): boolean => runs.some(({ state }) => state.kind === 'running')

/** Runs the seeds in turn. Does nothing while another experiment runs. */
export async function startRun(settings: LabSettings): Promise<void> {
  if (isRunning(useRuns.getState())) return
  const id = nextId++
  const run: LabRun = { id, settings, curves: [], state: { kind: 'running' } }
  useRuns.setState(({ runs }) => ({ runs: [...runs, run], selected: id }))
  lab = openLab()
  try {
    for (const seed of seedsOf(settings)) {
      const curve: Curve = { seed, points: [], clusters: [], terms: [], outcome: null }
      change(id, (run) => ({ ...run, curves: [...run.curves, curve] }))
      const outcome = await lab.run(runOf(settings, seed), {
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
  for (const { id, state } of useRuns.getState().runs)
    if (state.kind === 'running') change(id, (run) => ({ ...run, state: { kind: 'stopped' } }))
  lab?.close()
}

export const selectRun = (selected: number): void => useRuns.setState({ selected })

export const clearRuns = (): void => useRuns.setState({ runs: [], selected: null })
