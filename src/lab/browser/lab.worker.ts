/**
 * The Lab in a worker of its own: simulation and training share it, so the page stays smooth, and closing the worker ends
 * an experiment at once.
 */
import { expose } from 'comlink'
import { loadInBrowser, sourceInBrowser } from '../../training/browser'
import type { Watcher } from '../experiment'
import { type PresetOutcome, type PresetRun, runPreset } from '../runPreset'
import { foldedSource } from '../training/folding'
import { createHand, type Workshop } from '../training/hand'

const workshop: Workshop = {
  plain: (settings) => loadInBrowser(settings),
  async folded(settings, folded) {
    const source = foldedSource(await sourceInBrowser(settings.model), folded, 'gpt2')
    return loadInBrowser(settings, undefined, source)
  },
}

const lab = {
  run: (run: PresetRun, point: Watcher['point'], terms: Watcher['terms']): Promise<PresetOutcome> =>
    runPreset(run, () => [{ hand: createHand(workshop), close: async () => {} }], { point, terms }),
}
export type Lab = typeof lab

expose(lab)
