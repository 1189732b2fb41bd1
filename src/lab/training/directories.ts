/** Hands in Node: their models are directories. For Node only. */
import { directorySource } from '../../model/source/directory'
import { loadDirectory } from '../../training/headless'
import { loadModel } from '../../training/loadModel'
import { foldedSource } from './folding'
import { createHand, type Hand, type Workshop } from './hand'

const workshop: Workshop = {
  plain: ({ model, backend }) => loadDirectory(model, backend),
  async folded({ model, backend }, folded) {
    const { machine, config } = await loadDirectory(model, backend)
    return loadModel(foldedSource(directorySource(model), folded, config.family), machine)
  },
}

export const createNodeHand = (): Hand => createHand(workshop)
