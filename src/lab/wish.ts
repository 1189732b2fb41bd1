/** What a person may change in a preset, on the page and on the command line; everything else stays the preset's. */
import type { FederationConfig } from '../federation/config'
import type { LabPreset } from './presets'

export interface Wish {
  readonly scheme?: FederationConfig['scheme']
  readonly devices?: number
  readonly rounds?: number
  readonly localSteps?: number
  readonly aggregation?: LabPreset['aggregation']
  readonly compression?: LabPreset['compression']
  readonly corpus?: LabPreset['corpus']
  readonly batch?: number
  readonly lr?: number
  readonly serverRate?: number
}

/** The preset with what is wished otherwise. */
export function wished(preset: LabPreset, wish: Wish): LabPreset {
  const { config, world } = preset
  return {
    ...preset,
    config: {
      ...config,
      scheme: wish.scheme ?? config.scheme,
      rounds: wish.rounds ?? config.rounds,
      localSteps: wish.localSteps ?? config.localSteps,
    },
    world: { ...world, devices: wish.devices ?? world.devices },
    corpus: wish.corpus ?? preset.corpus,
    aggregation: wish.aggregation ?? preset.aggregation,
    compression: wish.compression ?? preset.compression,
    serverRate: wish.serverRate ?? preset.serverRate,
    batch: wish.batch ?? preset.batch,
    learningRate: wish.lr ?? preset.learningRate,
  }
}
