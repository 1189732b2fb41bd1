/** The Lab as a page sees it: starts the worker and speaks with it through comlink. */
import { proxy, wrap } from 'comlink'
import { lifeline } from '../../lib/lifeline'
import type { Arm, AttackName } from '../attacks/attack'
import type { Cost, Priced } from '../attacks/prices'
import type { Watcher } from '../measuring/watch'
import type { PresetOutcome, PresetRun } from '../runPreset'
import type { Lab } from './lab.worker'

export interface OpenedLab {
  /** Rejects with what the experiment says, or when the Lab is closed. */
  run(run: PresetRun, watcher: Watcher): Promise<PresetOutcome>
  /** Tells what each arm comes to, as it is measured. Rejects as `run` does. */
  attack(
    name: AttackName,
    arms: readonly Arm[],
    seed: number,
    tell: (arm: Arm, found: number) => void,
  ): Promise<void>
  /** Tells what each room costs, as it is through. Rejects as `run` does. */
  costs(seed: number, tell: (what: Priced, cost: Cost) => void): Promise<void>
  /** Ends whatever runs. */
  close(): void
}

export function openLab(): OpenedLab {
  const worker = new Worker(new URL('./lab.worker.ts', import.meta.url), { type: 'module', name: 'lab' })
  const remote = wrap<Lab>(worker)
  const { call, end } = lifeline(worker, 'The Lab failed')
  return {
    run: (run, { lasts, point, terms }) =>
      call(() => remote.run(run, proxy(lasts), proxy(point), proxy(terms))),
    attack: (name, arms, seed, tell) => call(() => remote.attack(name, arms, seed, proxy(tell))),
    costs: (seed, tell) => call(() => remote.costs(seed, proxy(tell))),
    close: () => end(new Error('The experiment was stopped.')),
  }
}
