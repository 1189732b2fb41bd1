/**
 * An experiment of the Lab as a page's address: `/?view=lab&preset=stragglers&seeds=1,2,3`. What the address does not say is
 * the preset's; the same address repeats the same experiment.
 */
import { z } from 'zod'
import { type LabPresetName, labCorpora, labPresetNames, labPresets } from '../../lab/presets'
import type { PresetRun } from '../../lab/runPreset'
import { wished } from '../../lab/wish'
import { aggregationNames, compressionNames } from '../../node/settings'

export const labSchemes = ['synchronous', 'clustered', 'hierarchical', 'asynchronous', 'gossip'] as const
export const labModels = ['toy', 'quadratic'] as const

const integer = (low: number, high: number) => z.coerce.number().int().min(low).max(high)

const table = {
  scheme: z.enum(labSchemes),
  devices: integer(1, 2000),
  rounds: integer(1, 500),
  localSteps: integer(1, 500),
  batch: integer(1, 64),
  lr: z.coerce.number().gt(0).max(1),
  aggregation: z.enum(aggregationNames),
  compression: z.enum(compressionNames),
  corpus: z.enum(labCorpora),
  model: z.enum(labModels),
  /** Several are drawn as mean and single lines. */
  seeds: z.string().regex(/^\d{1,9}(,\d{1,9}){0,9}$/),
  /** `on`: alone and centralised are trained too. */
  baselines: z.enum(['on', 'off']),
} as const

type Table = typeof table
export type LabSettings = { readonly preset: LabPresetName } & {
  readonly [Name in keyof Table]: z.output<Table[Name]>
}
export type LabSettingName = keyof Table
export const labSettingNames = Object.keys(table) as LabSettingName[]

/** What the preset stands for. */
export function presetSettings(preset: LabPresetName): LabSettings {
  const { config, world, aggregation, compression, corpus, batch, learningRate } = labPresets[preset]
  const { scheme, rounds, localSteps } = config
  return {
    ...{ preset, scheme, devices: world.devices, rounds, localSteps, batch, lr: learningRate },
    ...{ aggregation, compression, corpus, model: 'toy', seeds: '1', baselines: 'off' },
  }
}

/** One setting as typed; null where it cannot be used. */
export function readLabSetting(name: LabSettingName, typed: string): Partial<LabSettings> | null {
  const { data, success } = table[name].safeParse(typed.trim())
  return success ? { [name]: data } : null
}

/** Values that cannot be used fall back to the preset's. */
export function readLabSettings(search: URLSearchParams): LabSettings {
  const named = search.get('preset')
  const preset = labPresetNames.find((name) => name === named) ?? 'iid'
  const changes = labSettingNames.map((name) => readLabSetting(name, search.get(name) ?? ''))
  return Object.assign(presetSettings(preset), ...changes)
}

/** The inverse: only what the preset does not say. */
export function labSearch(settings: LabSettings): string {
  const standing = presetSettings(settings.preset)
  const search = new URLSearchParams({ view: 'lab', preset: settings.preset })
  for (const name of labSettingNames)
    if (settings[name] !== standing[name]) search.set(name, String(settings[name]))
  return search.toString().replaceAll('%2C', ',')
}

export const seedsOf = ({ seeds }: LabSettings): number[] => seeds.split(',').map(Number)

export const runOf = (settings: LabSettings, seed: number): PresetRun => ({
  ...{ preset: wished(labPresets[settings.preset], settings), seed, model: settings.model },
  baselines: settings.baselines === 'on' ? ['alone', 'centralised'] : [],
  measuresTerms: true,
})
