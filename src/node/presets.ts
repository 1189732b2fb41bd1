/**
 * Experiments that are known to work, by name: `preset=facts` in the URL stands for all of these values, and any other
 * parameter beside it overrides its own. The figures behind them are in docs/results.md.
 */
export const presets = {
  /** The demo's moment: after it, any tab answers about facts that only another tab has read. */
  facts: {
    model: 'toy',
    corpus: 'facts',
    rounds: 20,
    localSteps: 20,
    batch: 16,
    lr: 5e-3,
    aggregation: 'fedavg',
  },
  /** The same in half a minute, and not quite as far. */
  quick: {
    model: 'toy',
    corpus: 'facts',
    rounds: 10,
    localSteps: 20,
    batch: 16,
    lr: 5e-3,
    aggregation: 'fedavg',
  },
  /** Every device tells stories of another domain. */
  domains: {
    model: 'seedling',
    corpus: 'mixed',
    partition: 'by-domain',
    rounds: 8,
    localSteps: 20,
    batch: 4,
    lr: 2e-3,
  },
} as const

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as PresetName[]
