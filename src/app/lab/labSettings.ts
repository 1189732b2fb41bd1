/**
 * An experiment of the Lab as a page's address: `/?view=lab&preset=stragglers&seeds=1,2,3`. What the address does not say is
 * the preset's; the same address repeats the same experiment. What there is to say is the table of controls
 * (src/lab/controls) and what only a page knows: which preset it began with, who trains, which seeds.
 */
import { z } from 'zod'
import { type ControlName, controlNames, controls } from '../../lab/controls/controls'
import { type LabPreset, type LabPresetName, labPresetNames, labPresets } from '../../lab/presets'
import type { PresetRun } from '../../lab/runPreset'
import { readBy } from '../../lib/schema'

export const labModels = ['toy', 'quadratic'] as const

const own = {
  model: z.enum(labModels),
  /** Several are drawn as their mean and a band. */
  seeds: z.string().regex(/^\d{1,9}(,\d{1,9}){0,9}$/),
  /** `on`: alone and centralised are trained too. */
  baselines: z.enum(['on', 'off']),
} as const

type Own = { readonly [Name in keyof typeof own]: z.output<(typeof own)[Name]> }
const ownNames = Object.keys(own) as (keyof Own)[]
const usual: Own = { model: 'toy', seeds: '1', baselines: 'off' }

export interface LabSettings extends Own {
  /** The preset that it began with. */
  readonly question: LabPresetName
  /** With everything that was changed since. */
  readonly preset: LabPreset
}

/** What the preset stands for. */
export const presetSettings = (question: LabPresetName): LabSettings => ({
  ...{ question, preset: labPresets[question] },
  ...usual,
})

/** A control as typed; null where it cannot be used. */
export function withControl(settings: LabSettings, name: ControlName, typed: string): LabSettings | null {
  const preset = controls[name].read(settings.preset, typed)
  return preset && { ...settings, preset }
}

/** One of the page's own settings as typed; null where it cannot be used. */
export function withOwn(settings: LabSettings, name: keyof Own, typed: string): LabSettings | null {
  const { success, data } = readBy(own[name], typed.replace(/\s/g, ''))
  return success ? { ...settings, [name]: data } : null
}

/** Values that cannot be used fall back to the preset's. */
export function readLabSettings(search: URLSearchParams): LabSettings {
  const named = search.get('preset')
  const standing = presetSettings(labPresetNames.find((name) => name === named) ?? 'iid')
  const changed = controlNames.reduce(
    (before, name) => withControl(before, name, search.get(name) ?? '') ?? before,
    standing,
  )
  return ownNames.reduce((before, name) => withOwn(before, name, search.get(name) ?? '') ?? before, changed)
}

/** The inverse: only what the preset does not say. */
export function labSearch(settings: LabSettings): string {
  const search = new URLSearchParams({ view: 'lab', preset: settings.question })
  for (const name of changedControls(settings)) search.set(name, controls[name].written(settings.preset))
  for (const name of ownNames) if (settings[name] !== usual[name]) search.set(name, settings[name])
  return search.toString().replaceAll('%2C', ',')
}

/** Those that are not as the preset has them. */
export function changedControls({ question, preset }: LabSettings): ControlName[] {
  const standing: LabPreset = labPresets[question]
  return controlNames.filter((name) => controls[name].written(preset) !== controls[name].written(standing))
}

/** The quadratic model has its own rank and rate, and no batches. */
const ofRealTraining: readonly ControlName[] = ['lr', 'batch', 'rank']

export const isMeant = ({ preset, model }: LabSettings, name: ControlName): boolean =>
  controls[name].isMeant(preset) && !(model === 'quadratic' && ofRealTraining.includes(name))

export const seedsOf = ({ seeds }: LabSettings): number[] => seeds.split(',').map(Number)

export const runOf = ({ preset, model, baselines }: LabSettings, seed: number): PresetRun => ({
  ...{ preset, seed, model },
  baselines: baselines === 'on' ? ['alone', 'centralised'] : [],
  measuresTerms: true,
})
