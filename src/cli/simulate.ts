/**
 * `simulate`: one experiment of the Lab, with real training, under a virtual clock. A preset fixes everything; flags
 * override it; `--model quadratic` trains a cheap model of training instead, for a thousand devices. The last line says
 * what came of it; the same seed says the same again.
 */
import { resolve } from 'node:path'
import { z } from 'zod'
import { exportWhole } from '../federation/aggregation/exportAdapter'
import { whyNotTogether } from '../federation/compatibility'
import { complaintAboutRanks } from '../lab/assignments'
import {
  controlsOf,
  isMeantFor,
  type LabTable,
  labTable,
  ofRealTraining,
  readPreset,
  writtenIn,
} from '../lab/controls'
import { type LabPreset, type LabPresetName, labPresetNames, labPresets } from '../lab/presets'
import { runPreset } from '../lab/runPreset'
import { quadraticRank } from '../lab/training/quadratic'
import { employThreads } from '../lab/training/threads'
import type { Holding } from '../lab/training/trainer'
import type { AdapterConfig } from '../model/adapter'
import { findModel } from '../model/checkpoint/openModel'
import { adapterLayout, targetsFor } from '../model/lora'
import { directorySource } from '../model/source/directory'
import { adapterConfigOf } from '../settings/derived/adapter'
import { expectationOf } from '../settings/kinds'
import { prepareAdapterDirectory, writeAdapter } from './adapterFiles'
import { flagName, onOff, parseFlags, refusing, text, UsageError, whole, wholeUpTo } from './flags'
import { printLine } from './output'

const mostThreads = 256

const own = {
  preset: z
    .enum(
      labPresetNames as [LabPresetName, ...LabPresetName[]],
      `must be one of: ${labPresetNames.join(', ')}`,
    )
    .default('iid'),
  seed: whole.default(0),
  baselines: onOff,
  model: text.default('public/models/toy'),
  threads: wholeUpTo(mostThreads).optional(),
  out: text.optional(),
}

/** Each of the Lab's controls is a flag; what it may be the control itself says. A switch needs no value. */
export const simulateFlags = (rows: LabTable = labTable) =>
  z.object({
    ...own,
    ...Object.fromEntries(
      controlsOf(rows).map(({ name, setting }) => [
        name,
        setting.kind.shape.kind === 'switch'
          ? z.union([z.literal(true).transform(() => '1'), text]).optional()
          : text.optional(),
      ]),
    ),
  })

const valueNames = { choice: 'NAME', number: 'N', switch: '1|0', text: 'NAME', list: 'N,N' } as const

export const usage = [
  `simulate [--preset ${labPresetNames.join('|')}] [--seed S] [--baselines] [--model DIR|quadratic] [--threads T] [--out DIR]`,
  ...controlsOf().map(({ name, setting }) => `[${flagName(name)} ${valueNames[setting.kind.shape.kind]}]`),
].join(' ')

/** The preset with what the flags say otherwise. */
export function presetOf(
  preset: LabPreset,
  given: Readonly<Record<string, unknown>>,
  rows: LabTable = labTable,
): LabPreset {
  const said = (name: string) => {
    const value = name in own ? undefined : given[name]
    return typeof value === 'string' ? value : null
  }
  const read = readPreset(preset, said, rows)
  for (const { name, unusable } of read.problems)
    if (unusable) throw new UsageError(`${flagName(name)} must be ${expectationOf(unusable.kind)}.`)
  const wrong = whyNotTogether(read.preset.settings)
  if (wrong !== null) throw new UsageError(wrong)
  return read.preset
}

/** Throws where a flag asks for what this run does not have, or where ranks do not fit together. */
export function refuseIdleFlags(
  preset: LabPreset,
  standing: LabPreset,
  given: Readonly<Record<string, unknown>>,
  model: string,
): void {
  const { scheme, aggregation } = preset.settings
  for (const control of controlsOf()) {
    const { name } = control
    // To repeat what stands there anyway changes nothing.
    const isSaid = given[name] !== undefined && writtenIn(control, preset) !== writtenIn(control, standing)
    if (!isSaid || isMeantFor(control, preset, model)) continue
    throw new UsageError(
      model === 'quadratic' && ofRealTraining.includes(name)
        ? `${flagName(name)} means nothing with --model quadratic, which has its own (rank ${quadraticRank}, no text). Leave it out, or choose a model's directory.`
        : `${flagName(name)} means nothing beside the rest: the scheme is “${scheme}”, the aggregation “${aggregation}”. Leave it out, or choose others.`,
    )
  }
  const isQuadratic = model === 'quadratic'
  const wrong = complaintAboutRanks(preset, isQuadratic ? quadraticRank : preset.settings.rank)
  if (wrong === null) return
  throw new UsageError(
    isQuadratic
      ? `--ranks does not fit --model quadratic, whose rank is always ${quadraticRank}. ${wrong}`
      : wrong,
  )
}

/** The room's adapter, with its targets named in the model's own way. Throws where the directory holds no model that it fits. */
async function adapterFor(model: string, { settings }: LabPreset): Promise<AdapterConfig> {
  const { config } = await findModel(directorySource(model), settings.depth)
  const given = adapterConfigOf(settings)
  const adapter = { ...given, targets: targetsFor(config.family, given.targets) }
  refusing(() => adapterLayout(config, adapter))
  return adapter
}

/** The adapter that most devices hold at the end, as a PEFT directory. */
async function takeHome(
  holdings: readonly Holding[],
  { out, model, depth }: { readonly out: string; readonly model: string; readonly depth: number | null },
  config: AdapterConfig,
): Promise<void> {
  const [most] = [...holdings].sort((one, other) => other.devices.length - one.devices.length)
  if (!most?.adapter)
    throw new UsageError(`Nobody has learned anything, so nothing is written to --out ${out}.`)
  await writeAdapter(out, exportWhole(most.adapter, config), resolve(model), depth)
}

export async function simulate(args: readonly string[]): Promise<void> {
  const wish = parseFlags(simulateFlags(), args)
  const { seed, model, threads, out } = wish
  const standing = labPresets[wish.preset]
  const preset = presetOf(standing, wish)
  refuseIdleFlags(preset, standing, wish, model)
  const config = model === 'quadratic' ? null : await adapterFor(model, preset)
  if (out !== undefined) {
    if (!config)
      throw new UsageError(
        '--out needs a real model: what --model quadratic learns is no adapter. Leave it out.',
      )
    await prepareAdapterDirectory(out)
  }
  const { settings, world } = preset
  const beganMs = performance.now()
  const baselines = wish.baselines ? (['alone', 'centralised'] as const) : []
  const outcome = await runPreset({ preset, seed, model, baselines }, (devices) =>
    employThreads(devices, threads),
  )
  console.error(`Simulated in ${((performance.now() - beganMs) / 1000).toFixed(1)} s.`)
  for (const point of outcome.history) printLine(point)
  if (out !== undefined && config)
    await takeHome(outcome.holdings, { out, model, depth: settings.depth }, config)
  const { base, alone, centralised } = outcome.yardsticks
  printLine({
    scheme: settings.scheme,
    aggregation: settings.aggregation,
    devices: world.devices,
    rounds: settings.rounds,
    seed,
    corpus: world.corpus,
    loss: { base, alone, merged: outcome.loss, centralised, general: outcome.general },
    attack:
      settings.attack === 'none'
        ? null
        : { kind: settings.attack, devices: world.attackingDevices, fired: outcome.fired },
    clusters: outcome.clusters,
    allocation: outcome.allocation,
    ...(outcome.forgotten && { forgotten: outcome.forgotten }),
    bytes: outcome.bytes,
    virtualSeconds: outcome.virtualSeconds,
    privacy: outcome.privacy,
    history: outcome.history,
  })
}
