/**
 * Experiments that are known to work, by name: `preset=facts` in the URL stands for all of these values, and any other
 * parameter beside it overrides its own. The figures behind them are in docs/results.md.
 */
export const presets = {
  /** The demo's moment: after it, any tab answers about facts that only another tab has read. */
  facts: {
    model: 'toy',
    corpus: 'facts',
    rounds: 24,
    localSteps: 20,
    batch: 8,
    lr: 5e-3,
    lrSchedule: 'cosine',
    rehearsal: 6,
  },
  /** The same sooner, and not quite as far. */
  quick: {
    model: 'toy',
    corpus: 'facts',
    rounds: 6,
    localSteps: 20,
    batch: 8,
    lr: 5e-3,
    lrSchedule: 'cosine',
    rehearsal: 4,
  },
  /** The larger model; every device reads about other parts of one town. */
  domains: {
    model: 'seedling',
    corpus: 'mixed',
    partition: 'by-domain',
    rounds: 6,
    localSteps: 10,
    batch: 4,
    lr: 2e-3,
  },
  /** The model that sees: every other device holds pictures of things, the next facts about whose they are. */
  pictures: {
    model: 'lens',
    corpus: 'things',
    rounds: 12,
    localSteps: 10,
    batch: 8,
    lr: 5e-3,
    lrSchedule: 'cosine',
    rehearsal: 4,
  },
} as const

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as PresetName[]
