/**
 * The Lab's experiments by name: the settings of a federation, and the world in which it is simulated. A preset fixes
 * everything; controls and flags override single values. Each is made to show one thing: `iid` that averaging works,
 * `four-villages` that clusters help where data differs, `stragglers` that nobody need wait, `edges-save-the-uplink` that
 * edges save the wide network, `nobody-in-charge` that gossip arrives too, `liars` that doubt pays, `only-sums` what masks cost.
 */
import { defaultSettings } from '../settings/reading'
import type { Settings } from '../settings/table'
import type { WorldSettings } from './simulation/draws'

/** What only a simulation has to say. */
export interface SimulatedWorld extends Omit<WorldSettings, 'seed'> {
  readonly corpus: LabCorpus
  /** Of the devices' adapters, dealt out in turn, where there are rounds; empty: all have the shared adapter's. */
  readonly ranks: readonly number[]
  /** `DEVICE@ROUND`: it wants to be forgotten after that round; null: nobody does. */
  readonly forget: string | null
}

export interface LabPreset {
  readonly settings: Settings
  readonly world: SimulatedWorld
}

/** `villages`: four domains in turn; `mixed`: all domains alike for everybody; or one domain; or private facts. */
export const labCorpora = [
  'villages',
  'mixed',
  'facts',
  'kitchen',
  'weather',
  'football',
  'clinic',
  'space-station',
  'market',
] as const
export type LabCorpus = (typeof labCorpora)[number]

/** Edges, one in each local network; and a deadline that a device of middling speed meets. */
const settings: Settings = {
  ...defaultSettings,
  rounds: 10,
  localSteps: 8,
  batch: 4,
  lr: 2e-3,
  alpha: null,
  deadline: null,
  edges: 4,
  mostStale: 5,
}

/** Everybody reads about the same kitchens: enough text that nobody learns it by heart, so loss speaks of the scheme. */
const world: SimulatedWorld = {
  devices: 16,
  corpus: 'kitchen',
  ranks: [],
  forget: null,
  jobSeconds: [{ mean: 10, share: 1 }],
  jobDeviation: 1,
  sites: 4,
  lan: { roundTripMs: 4, bytesPerSecond: 10e6 },
  wan: { roundTripMs: 60, bytesPerSecond: 1e6 },
  spread: 0.2,
  churn: null,
  attackingDevices: 0.25,
}

export const labPresets = {
  // Momentum on the server: in few rounds plain averaging stays 5 % behind pooled text (rule 7 of docs/results.md).
  iid: { settings: { ...settings, aggregation: 'fedavgm', serverMomentum: 0.5 }, world },
  'four-villages': {
    settings: { ...settings, scheme: 'clustered', lr: 5e-3 },
    world: { ...world, corpus: 'villages' },
  },
  stragglers: {
    settings: { ...settings, scheme: 'asynchronous', waitsForAll: true },
    world: {
      ...world,
      jobSeconds: [
        { mean: 100, share: 4 },
        { mean: 200, share: 8 },
        { mean: 400, share: 4 },
      ],
      jobDeviation: 4,
      spread: 0,
      // Four seconds of communication for a job. With more no room opens: a handshake takes two and a half round trips.
      wan: { roundTripMs: 1900, bytesPerSecond: 1e6 },
      lan: { roundTripMs: 1900, bytesPerSecond: 1e6 },
    },
  },
  'edges-save-the-uplink': {
    settings: { ...settings, scheme: 'hierarchical', localSteps: 5 },
    world,
  },
  'nobody-in-charge': {
    settings: { ...settings, scheme: 'gossip', aggregation: 'decaf', topology: 'ring' },
    world: { ...world, devices: 8 },
  },
  liars: {
    settings: { ...settings, robust: ['norm-bound', 'multi-krum'], attack: 'sign-flip', lr: 5e-3 },
    world: { ...world, devices: 10, attackingDevices: 0.3 },
  },
  'only-sums': { settings: { ...settings, secure: true }, world: { ...world, devices: 8 } },
} as const satisfies Record<string, LabPreset>

export type LabPresetName = keyof typeof labPresets
export const labPresetNames = Object.keys(labPresets) as LabPresetName[]
