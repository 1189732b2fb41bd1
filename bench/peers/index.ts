/** All peers by name, each loaded only where it runs: two copies of tfjs must not meet in one realm. */
import type { GeneratorName, TrainerName } from '../plan'
import type { Generator, Peer } from './peer'

/** PyTorch is a process (pytorch.ts). */
type InBrowser = Exclude<TrainerName, 'pytorch' | 'pytorch-threads'>

const trainers: Readonly<Record<InBrowser, () => Promise<Peer>>> = {
  gossamer: async () => (await import('./gossamer')).gossamerTrainer(),
  'gossamer-threads': async () => (await import('./gossamer')).gossamerTrainer('gossamer-threads'),
  stock: async () => (await import('./stock')).stockTrainer(),
  jax: async () => (await import('./jax')).jaxTrainer(),
  nanogpt: async () => (await import('./nanogpt')).nanogptTrainer(),
}

const generators: Readonly<Record<GeneratorName, () => Promise<Generator>>> = {
  gossamer: async () => (await import('./gossamer')).gossamerGenerator(),
  stock: async () => (await import('./stock')).stockGenerator(),
  ort: async () => (await import('./ort')).ortGenerator(),
  transformers: async () => (await import('./transformers')).transformersGenerator(),
}

/** Throws where that is no peer of a browser. */
export function openTrainer(name: TrainerName): Promise<Peer> {
  if (name === 'pytorch' || name === 'pytorch-threads') throw new Error(`${name} runs in no browser.`)
  return trainers[name]()
}
export const openGenerator = (name: GeneratorName): Promise<Generator> => generators[name]()
