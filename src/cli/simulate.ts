/**
 * `simulate`: one experiment of the Lab, with real training, under a virtual clock. A preset fixes everything; flags
 * override it; `--model quadratic` trains a cheap model of training instead, for a thousand devices. The last line says
 * what came of it; the same seed says the same again.
 */
import { z } from 'zod'
import { controlNames, controls } from '../lab/controls/controls'
import { type LabPreset, type LabPresetName, labPresetNames, labPresets } from '../lab/presets'
import { runPreset } from '../lab/runPreset'
import { employThreads } from '../lab/training/threads'
import { flagName, onOff, parseFlags, text, UsageError, whole } from './flags'
import { printLine } from './output'

/** Each of the Lab's controls is a flag; what it may be the control itself says. */
const controlFlags = Object.fromEntries(controlNames.map((name) => [name, text.optional()]))

const flags = z.object({
  preset: z
    .enum(
      labPresetNames as [LabPresetName, ...LabPresetName[]],
      `must be one of: ${labPresetNames.join(', ')}`,
    )
    .default('iid'),
  seed: whole.default(0),
  baselines: onOff,
  model: text.default('public/models/toy'),
  threads: whole.optional(),
  ...controlFlags,
})

export const usage = [
  `simulate [--preset ${labPresetNames.join('|')}] [--seed S] [--baselines] [--model DIR|quadratic] [--threads T]`,
  ...controlNames.map((name) => `[${flagName(name)} ${controls[name].options ? 'NAME' : 'N'}]`),
].join(' ')

/** The preset with what the flags say otherwise. */
function changed(preset: LabPreset, given: Readonly<Record<string, unknown>>): LabPreset {
  return controlNames.reduce((before, name) => {
    const value = given[name]
    if (typeof value !== 'string') return before
    const { read, expects } = controls[name]
    const next = read(before, value)
    if (!next) throw new UsageError(`${flagName(name)} must be ${expects}.`)
    return next
  }, preset)
}

export async function simulate(args: readonly string[]): Promise<void> {
  const wish = parseFlags(flags, args)
  const { seed, model, threads } = wish
  const preset = changed(labPresets[wish.preset], wish)
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
    allocation: outcome.allocation,
    bytes: outcome.bytes,
    virtualSeconds: outcome.virtualSeconds,
    history: outcome.history,
  })
}
