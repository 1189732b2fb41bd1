/**
 * The Lab in a worker of its own: simulation, training and attacks share it, so the page stays smooth, and closing the worker ends
 * what is under way at once.
 */
import { expose } from 'comlink'
import { memoryStore } from '../../model/source/download/store'
import { sourceNamed } from '../../model/source/named'
import { loadInBrowser } from '../../training/browser'
import { createEngine } from '../../training/engine'
import type { Arm, AttackName, Site } from '../attacks/attack'
import { tryAttack } from '../attacks/attacks'
import { privacyCosts } from '../attacks/costs'
import type { Cost, Priced } from '../attacks/prices'
import type { Watcher } from '../measuring/watch'
import { type PresetOutcome, type PresetRun, runPreset } from '../runPreset'

/** On the smallest model, which every server of these pages has. */
const siteOf = (seed: number): Site => ({
  seed,
  model: 'toy',
  load: loadInBrowser,
  files: sourceNamed('toy', self.location.href, memoryStore()),
})

const lab = {
  run: (
    run: PresetRun,
    lasts: Watcher['lasts'],
    point: Watcher['point'],
    terms: Watcher['terms'],
  ): Promise<PresetOutcome> =>
    runPreset(run, () => [{ compute: createEngine({ load: loadInBrowser }), close: async () => {} }], {
      lasts,
      point,
      terms,
    }),
  attack: (
    name: AttackName,
    arms: readonly Arm[],
    seed: number,
    tell: (arm: Arm, found: number) => void,
  ): Promise<void> => tryAttack(name, arms, siteOf(seed), tell),
  costs: (seed: number, tell: (what: Priced, cost: Cost) => void): Promise<void> =>
    privacyCosts(siteOf(seed), tell),
}
export type Lab = typeof lab

expose(lab)
