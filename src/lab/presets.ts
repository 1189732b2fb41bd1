/**
 * The Lab's experiments by name. A preset fixes everything; flags override single values. Each is made to show one thing:
 * `iid` that averaging works, `four-villages` that clusters help where data differs, `stragglers` that nobody need wait,
 * `edges-save-the-uplink` that edges save the wide network, `nobody-in-charge` that gossip arrives too.
 */
import type { AggregationName } from '../federation/aggregation/registry'
import type { CompressionName } from '../federation/compression/registry'
import { defaultConfig, type FederationConfig } from '../federation/config'
import type { WorldSettings } from './simulation/draws'

export interface LabPreset {
  readonly config: FederationConfig
  readonly world: Omit<WorldSettings, 'seed'>
  readonly corpus: LabCorpus
  readonly aggregation: AggregationName
  readonly compression: CompressionName
  readonly serverRate: number | null
  readonly serverMomentum: number
  readonly edges: number
  readonly batch: number
  readonly learningRate: number
  /** Of the shared adapter; alpha is twice as much. */
  readonly rank: number
  /** Dealt out to the devices in turn, where there are rounds; empty: all have the shared adapter's. */
  readonly ranks: readonly number[]
  /** Whether a device's local steps follow from its speed, where there are rounds. */
  readonly stepsBySpeed: boolean
  /** By when all are to be ready then; null: when a device of middling speed is through with `localSteps`. */
  readonly deadlineSeconds: number | null
}

/** `villages`: four domains in turn; `mixed`: all domains alike for everybody; or one domain; or private facts. */
export const labCorpora = [
  ...['villages', 'mixed', 'facts'],
  ...['kitchen', 'weather', 'football', 'clinic', 'space-station', 'market'],
] as const
export type LabCorpus =
  | 'villages'
  | 'mixed'
  | 'facts'
  | 'kitchen'
  | 'weather'
  | 'football'
  | 'clinic'
  | 'space-station'
  | 'market'

const config: FederationConfig = { ...defaultConfig, rounds: 10, localSteps: 8 }

const world: LabPreset['world'] = {
  devices: 16,
  jobSeconds: [{ mean: 10, share: 1 }],
  jobDeviation: 1,
  sites: 4,
  lan: { roundTripMs: 4, bytesPerSecond: 10e6 },
  wan: { roundTripMs: 60, bytesPerSecond: 1e6 },
  spread: 0.2,
  churn: null,
}

/** Everybody reads about the same kitchens: enough text that nobody learns it by heart, so loss speaks of the scheme. */
const iid: LabPreset = {
  ...{ config, world, corpus: 'kitchen', aggregation: 'fedavg', compression: 'none' },
  ...{ serverRate: null, serverMomentum: 0.5, edges: 0, batch: 4, learningRate: 2e-3 },
  ...{ rank: 8, ranks: [], stepsBySpeed: false, deadlineSeconds: null },
}

export const labPresets = {
  iid,
  'four-villages': {
    ...iid,
    ...{ config: { ...config, scheme: 'clustered' }, corpus: 'villages', learningRate: 5e-3 },
  },
  stragglers: {
    ...iid,
    config: { ...config, scheme: 'asynchronous', waitsForAll: true },
    world: {
      ...world,
      jobSeconds: [
        { mean: 100, share: 4 },
        { mean: 200, share: 8 },
        { mean: 400, share: 4 },
      ],
      ...{ jobDeviation: 4, spread: 0 },
      // Five seconds of communication for a job.
      wan: { roundTripMs: 2400, bytesPerSecond: 1e6 },
      lan: { roundTripMs: 2400, bytesPerSecond: 1e6 },
    },
  },
  'edges-save-the-uplink': {
    ...iid,
    config: {
      ...config,
      scheme: 'hierarchical',
      localSteps: 5,
      hierarchical: { ...config.hierarchical, edgeRounds: 2 },
    },
    edges: 4,
  },
  'nobody-in-charge': {
    ...iid,
    config: { ...config, scheme: 'gossip', gossip: { ...config.gossip, topology: 'ring' } },
    ...{ world: { ...world, devices: 8 }, aggregation: 'decaf' },
  },
} as const satisfies Record<string, LabPreset>

export type LabPresetName = keyof typeof labPresets
export const labPresetNames = Object.keys(labPresets) as LabPresetName[]
