/**
 * `simulate`: one experiment of the Lab, with real training, under a virtual clock. A preset fixes everything; flags
 * override it; `--model quadratic` trains a cheap model of training instead, for a thousand devices. The last line says what came of it; the same seed says the same again.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { aggregationNames } from '../federation/aggregation/registry'
import { compressionNames } from '../federation/compression/registry'
import { schemeNames } from '../federation/config'
import { runExperiment } from '../lab/experiment'
import { type LabPreset, labCorpora, labPresetNames, labPresets } from '../lab/presets'
import { quadraticTrainer } from '../lab/training/quadratic'
import { realTrainer } from '../lab/training/real'
import { groupOf } from '../lab/training/texts'
import { counting, onOff, parseFlags, positive, text, whole } from './flags'
import { printLine } from './output'

const oneOf = <Names extends readonly [string, ...string[]]>(names: Names) =>
  z.enum(names, `must be one of: ${names.join(', ')}`)

const flags = z.object({
  preset: oneOf(labPresetNames as [string, ...string[]]).default('iid'),
  scheme: z.enum(schemeNames, `must be one of: ${schemeNames.join(', ')}`).optional(),
  devices: counting.optional(),
  rounds: counting.optional(),
  seed: whole.default(0),
  aggregation: z
    .enum(aggregationNames as [string, ...string[]], `must be one of: ${aggregationNames.join(', ')}`)
    .optional(),
  compression: z
    .enum(compressionNames as [string, ...string[]], `must be one of: ${compressionNames.join(', ')}`)
    .optional(),
  corpus: z.enum(labCorpora, `must be one of: ${labCorpora.join(', ')}`).optional(),
  baselines: onOff,
  model: text.default('public/models/toy'),
  localSteps: counting.optional(),
  batch: counting.optional(),
  lr: positive.optional(),
  threads: whole.optional(),
})

export const usage =
  `simulate [--preset ${labPresetNames.join('|')}] --scheme NAME --devices N --rounds R --seed S ` +
  '[--aggregation NAME] [--compression NAME] [--corpus NAME] [--baselines] [--model DIR|quadratic] [--local-steps E] [--batch B] [--lr X] [--threads T]'

export async function simulate(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const preset: LabPreset = labPresets[wish.preset as keyof typeof labPresets]
  const { seed } = wish
  const devices = wish.devices ?? preset.world.devices
  const corpus = wish.corpus ?? preset.corpus
  const config = {
    ...preset.config,
    ...{ seed, scheme: wish.scheme ?? preset.config.scheme, rounds: wish.rounds ?? preset.config.rounds },
    localSteps: wish.localSteps ?? preset.config.localSteps,
  }
  const aggregation = (wish.aggregation ?? preset.aggregation) as LabPreset['aggregation']
  const compression = (wish.compression ?? preset.compression) as LabPreset['compression']
  const groups = corpus === 'villages' ? 4 : 1
  const trainer =
    wish.model === 'quadratic'
      ? quadraticTrainer({ devices, seed, groups, spread: 0.1, noise: 0.01 })
      : await realTrainer(
          {
            ...{ model: resolve(wish.model), backend: 'wasm', corpus, devices, seed },
            ...{ rank: 8, alpha: 16, targets: ['c_attn', 'c_proj', 'c_fc'] },
            ...{ batch: wish.batch ?? preset.batch, learningRate: wish.lr ?? preset.learningRate },
          },
          wish.threads ?? Math.max(1, Math.min(availableParallelism(), devices)),
        )
  const beganMs = performance.now()
  try {
    const outcome = await runExperiment(
      {
        ...{ config, aggregation, compression, world: { ...preset.world, devices, seed } },
        ...{ serverRate: preset.serverRate, serverMomentum: preset.serverMomentum },
        edges: config.scheme === 'hierarchical' ? Math.min(preset.edges || preset.world.sites, devices) : 0,
        groupOf: (device) => groupOf(corpus, device),
      },
      trainer,
    )
    console.error(`Simulated in ${((performance.now() - beganMs) / 1000).toFixed(1)} s.`)
    for (const point of outcome.history) printLine(point)
    const everybody = Array.from({ length: devices }, (_, device) => device)
    const perRound = config.scheme === 'hierarchical' ? config.hierarchical.edgeRounds : 1
    const steps = config.rounds * config.localSteps * perRound
    // The centralised run has one thread to itself; the others share what is left.
    const [centralised, alone] = wish.baselines
      ? await Promise.all([trainer.centralised(steps), trainer.alone(steps)])
      : [null, null]
    printLine({
      ...{ scheme: config.scheme, aggregation, devices, rounds: config.rounds, seed, corpus },
      loss: {
        base: await trainer.evaluate([{ adapter: null, devices: everybody }]),
        alone,
        merged: outcome.loss,
        centralised,
      },
      clusters: outcome.clusters,
      bytes: outcome.bytes,
      virtualSeconds: outcome.virtualSeconds,
      history: outcome.history,
    })
  } finally {
    await trainer.close()
  }
}
