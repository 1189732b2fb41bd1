/**
 * The Lab in a worker of its own: simulation and training share it, so the page stays smooth, and closing the worker ends
 * an experiment at once.
 */
import { expose } from 'comlink'
import { loadInBrowser } from '../../training/browser'
import { createEngine } from '../../training/engine'
import type { Watcher } from '../measuring/watch'
import { type PresetOutcome, type PresetRun, runPreset } from '../runPreset'

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
}
export type Lab = typeof lab

expose(lab)
