/**
 * One preset run whole: trainer, experiment, yardsticks. The page, the command line's `simulate` and the published results
 * (`npm run results`) all come from here, so what one says the others say. Who trains is the caller's to say: threads in
 * Node, the page's own worker.
 */

import { incompatibility } from '../federation/compatibility'
import { adapterConfigOf } from '../settings/derived/adapter'
import { federationConfigOf } from '../settings/derived/federationConfig'
import { allotmentOf } from './allotment'
import { type Outcome, runExperiment, type Watcher } from './experiment'
import type { LabPreset } from './presets'
import type { Employed } from './training/hand'
import { quadraticTrainer } from './training/quadratic'
import { realTrainer } from './training/real'
import { groupOf } from './training/texts'
import type { Trainer } from './training/trainer'

export interface PresetRun {
  readonly preset: LabPreset
  readonly seed: number
  /** As the hands name it, or `quadratic`: a cheap model of training. */
  readonly model: string
  /** Yardsticks to train beside it. */
  readonly baselines: readonly ('alone' | 'centralised')[]
  readonly measuresTerms?: boolean
}

export interface PresetOutcome extends Outcome {
  /** Held-out, the same text for all; null where it was not asked for. */
  readonly yardsticks: {
    readonly base: number
    readonly alone: number | null
    readonly centralised: number | null
  }
}

/** Who trains so many devices. */
export type Employ = (devices: number) => readonly Employed[]

/** @throws RangeError or another error that says what to change, where the settings do not fit together */
export async function runPreset(run: PresetRun, employ: Employ, watcher?: Watcher): Promise<PresetOutcome> {
  const { preset, seed, baselines, measuresTerms } = run
  const { aggregation, compression, serverRate, serverMomentum } = preset.settings
  const { devices, corpus } = preset.world
  const wrong = incompatibility(preset.settings)
  if (wrong !== null) throw new RangeError(wrong)
  const trainer = await trainerOf(run, employ)
  try {
    const allocation = allotmentOf(preset, seed, trainer.initial.adapter.config.rank)
    const crowd = { mostKnown: null, usualDeadlineMs: 60_000 }
    const config = { ...federationConfigOf({ ...preset.settings, seed }, null, crowd), allocation }
    const outcome = await runExperiment(
      {
        ...{ config, aggregation, compression, serverRate, serverMomentum, measuresTerms, watcher },
        world: { ...preset.world, seed },
        edges: config.scheme === 'hierarchical' ? Math.min(preset.settings.edges, devices) : 0,
        groupOf: (device) => groupOf(corpus, device),
      },
      trainer,
    )
    const perRound = config.scheme === 'hierarchical' ? config.hierarchical.edgeRounds : 1
    const steps = config.rounds * config.localSteps * perRound
    // The centralised run has one thread to itself; the others share what is left.
    const [centralised, alone] = await Promise.all([
      baselines.includes('centralised') ? trainer.centralised(steps) : null,
      baselines.includes('alone') ? trainer.alone(steps) : null,
    ])
    const everybody = Array.from({ length: devices }, (_, device) => device)
    const base = await trainer.evaluate([{ adapter: null, devices: everybody }])
    return { ...outcome, yardsticks: { base, alone, centralised } }
  } finally {
    await trainer.close()
  }
}

async function trainerOf({ preset, seed, model }: PresetRun, employ: Employ): Promise<Trainer> {
  const { batch, lr } = preset.settings
  const { devices, corpus } = preset.world
  if (model === 'quadratic')
    return quadraticTrainer({
      devices,
      seed,
      groups: corpus === 'villages' ? 4 : 1,
      spread: 0.1,
      noise: 0.01,
    })
  return realTrainer(
    {
      ...adapterConfigOf(preset.settings),
      model,
      backend: 'wasm',
      corpus,
      devices,
      seed,
      batch,
      learningRate: lr,
    },
    employ(devices),
  )
}
