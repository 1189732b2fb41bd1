/**
 * `simulate`: one experiment of the Lab, with real training, under a virtual clock. A preset fixes everything; flags
 * override it; `--model quadratic` trains a cheap model of training instead, for a thousand devices. The last line says what came of it; the same seed says the same again.
 */
import { z } from 'zod'
import { aggregationNames } from '../federation/aggregation/registry'
import { compressionNames } from '../federation/compression/registry'
import { schemeNames } from '../federation/config'
import { type LabPreset, labCorpora, labPresetNames, labPresets } from '../lab/presets'
import { runPreset } from '../lab/runPreset'
import { employThreads } from '../lab/training/threads'
import { wished } from '../lab/wish'
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
  serverRate: positive.optional(),
  threads: whole.optional(),
})

export const usage =
  `simulate [--preset ${labPresetNames.join('|')}] --scheme NAME --devices N --rounds R --seed S ` +
  '[--aggregation NAME] [--compression NAME] [--corpus NAME] [--baselines] [--model DIR|quadratic] [--local-steps E] [--batch B] [--lr X] [--server-rate X] [--threads T]'

export async function simulate(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const { seed, model, threads } = wish
  const aggregation = wish.aggregation as LabPreset['aggregation'] | undefined
  const compression = wish.compression as LabPreset['compression'] | undefined
  const preset = wished(labPresets[wish.preset as keyof typeof labPresets], {
    ...wish,
    aggregation,
    compression,
  })
  const { config, world, corpus } = preset
  const beganMs = performance.now()
  const baselines = wish.baselines ? (['alone', 'centralised'] as const) : []
  const outcome = await runPreset({ preset, seed, model, baselines }, (devices) =>
    employThreads(devices, threads),
  )
  console.error(`Simulated in ${((performance.now() - beganMs) / 1000).toFixed(1)} s.`)
  for (const point of outcome.history) printLine(point)
  const { base, alone, centralised } = outcome.yardsticks
  printLine({
    ...{
      scheme: config.scheme,
      aggregation: preset.aggregation,
      devices: world.devices,
      rounds: config.rounds,
      seed,
      corpus,
    },
    loss: { base, alone, merged: outcome.loss, centralised },
    clusters: outcome.clusters,
    bytes: outcome.bytes,
    virtualSeconds: outcome.virtualSeconds,
    history: outcome.history,
  })
}
