/**
 * One preset run whole, in Node: trainer, experiment, yardsticks. The command line's `simulate` and the published results
 * (`npm run results`) both come from here, so what one says the other says.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { type Outcome, runExperiment } from './experiment'
import type { LabPreset } from './presets'
import { quadraticTrainer } from './training/quadratic'
import { realTrainer } from './training/real'
import { groupOf } from './training/texts'
import type { Trainer } from './training/trainer'

export interface PresetRun {
  readonly preset: LabPreset
  readonly seed: number
  /** A Hugging Face directory, or `quadratic`: a cheap model of training. */
  readonly model: string
  /** Yardsticks to train beside it. */
  readonly baselines: readonly ('alone' | 'centralised')[]
  /** 0: train in this thread; absent: as many as there are cores. */
  readonly threads?: number
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

const targets = ['c_attn', 'c_proj', 'c_fc']
const [rank, alpha] = [8, 16]

/** @throws RangeError or another error that says what to change, where the settings do not fit together */
export async function runPreset(run: PresetRun): Promise<PresetOutcome> {
  const { preset, seed, baselines, measuresTerms } = run
  const { aggregation, compression, serverRate, serverMomentum, corpus } = preset
  const { devices } = preset.world
  const config = { ...preset.config, seed }
  const trainer = await trainerOf(run)
  try {
    const outcome = await runExperiment(
      {
        ...{ config, aggregation, compression, serverRate, serverMomentum, measuresTerms },
        world: { ...preset.world, seed },
        edges: config.scheme === 'hierarchical' ? Math.min(preset.edges || preset.world.sites, devices) : 0,
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

async function trainerOf({ preset, seed, model, threads }: PresetRun): Promise<Trainer> {
  const { corpus, batch, learningRate } = preset
  const { devices } = preset.world
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
      ...{ model: resolve(model), backend: 'wasm', corpus, devices, seed },
      ...{ rank, alpha, targets, batch, learningRate },
    },
    threads ?? Math.max(1, Math.min(availableParallelism(), devices)),
  )
}
