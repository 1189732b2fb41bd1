/** All peers by name, each loaded only where it runs: two copies of tfjs must not meet in one realm. */
import type { GeneratorName, TrainerName } from '../plan'
import type { Generator, Peer } from './peer'

const trainers: Readonly<Record<TrainerName, () => Promise<Peer>>> = {
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
}

export const openTrainer = (name: TrainerName): Promise<Peer> => trainers[name]()
export const openGenerator = (name: GeneratorName): Promise<Generator> => generators[name]()
