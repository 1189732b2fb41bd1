/**
 * An experiment of the Lab as a page's address: `/?view=lab&preset=stragglers&seeds=1,2,3`. What the address does not say is
 * the preset's; the same address repeats the same experiment. What there is to say are the Lab's controls (src/lab/controls.ts)
 * and what only a page knows: which preset it began with, who trains, which seeds.
 */
import {
  type Control,
  changesOf,
  controlsOf,
  isMeantFor,
  type LabTable,
  labTable,
  readPreset,
  writtenIn,
} from '../../lab/controls'
import { lessons } from '../../lab/lessons'
import { type LabPreset, type LabPresetName, labPresetNames, labPresets } from '../../lab/presets'
import type { PresetRun } from '../../lab/runPreset'
import { changeWith } from '../../settings/changing'
import { oneOf, typed } from '../../settings/kinds'
import { readRows, type SettingProblem, writtenRows } from '../../settings/reading'
import { setting, type ValuesOf } from '../../settings/setting'

/** What only the page says. */
export const pageRows = {
  preset: setting(oneOf(labPresetNames), 'iid'),
  model: setting(oneOf(['toy', 'quadratic']), 'toy'),
  /** Several are drawn as their mean and a band. */
  seeds: setting(typed(/^\d{1,9}(, ?\d{1,9}){0,9}$/, 120, '1,2,3'), '1'),
  /** `on`: alone and centralised are trained too. */
  baselines: setting(oneOf(['on', 'off']), 'off'),
}

export interface LabSettings extends Omit<ValuesOf<typeof pageRows>, 'preset'> {
  /** The preset that it began with. */
  readonly question: LabPresetName
  /** With everything that was changed since. */
  readonly preset: LabPreset
}

/** What the page says of a preset where nobody says otherwise: what is held against yardsticks needs them. */
const usualOf = (question: LabPresetName) => ({
  preset: question,
  model: pageRows.model.usual,
  seeds: pageRows.seeds.usual,
  baselines: lessons[question].beside === null ? ('on' as const) : pageRows.baselines.usual,
})

/** What the preset stands for. */
export function presetSettings(question: LabPresetName): LabSettings {
  const { preset: _, ...own } = usualOf(question)
  return { ...own, question, preset: labPresets[question] }
}

/** The same world with what its question holds it against, or back again; null: nothing but yardsticks. */
export function besideOf(settings: LabSettings): LabSettings | null {
  const { beside } = lessons[settings.question]
  const control = controlsOf().find(({ name }) => name === beside?.control)
  if (beside === null || !control) return null
  const said = (name: string) => (name === control.name ? beside.value : null)
  const own: LabPreset = labPresets[settings.question]
  const arm = isBeside(settings) ? own : readPreset(own, said).preset
  return withControl(settings, control, control.valueIn(arm))
}

/** Whether these are what their question is held against. */
export function isBeside({ question, preset }: LabSettings): boolean {
  const { beside } = lessons[question]
  const control = controlsOf().find(({ name }) => name === beside?.control)
  return control !== undefined && writtenIn(control, preset) === beside?.value
}

/** With another value of a control, and what follows from it. */
export function withControl(settings: LabSettings, control: Control, value: unknown): LabSettings {
  const changed = control.into(settings.preset, value)
  const before = settings.preset.settings
  const follows = changeWith(before, { [control.name]: value }, 'opening')
  const preset =
    control.name in before ? { ...changed, settings: { ...changed.settings, ...follows } } : changed
  return { ...settings, preset }
}

/** Values that cannot be used are named, and the preset's stand. */
export function readLabSettings(
  search: URLSearchParams,
  rows: LabTable = labTable,
): { settings: LabSettings; problems: SettingProblem[] } {
  const asked = readRows({ preset: pageRows.preset }, (name) => search.get(name))
  const { preset: question } = asked.values
  const own = readRows(pageRows, (name) => search.get(name), usualOf(question))
  const { preset: _, ...values } = own.values
  const said = (name: string) => (name in pageRows ? null : search.get(name))
  const read = readPreset(labPresets[question], said, rows)
  return {
    settings: { ...values, question, preset: read.preset },
    problems: [...own.problems, ...read.problems],
  }
}

/** The inverse: only what the preset does not say. */
export function labSearch(settings: LabSettings, rows: LabTable = labTable): string {
  const search = new URLSearchParams({ view: 'lab', preset: settings.question })
  const { question, preset, ...own } = settings
  for (const [name, text] of changesOf(preset, labPresets[question], rows)) search.set(name, text)
  for (const [name, text] of writtenRows(pageRows, own, usualOf(question))) search.set(name, text)
  return search.toString().replaceAll('%2C', ',')
}

/** Names of what is not as the preset has it. */
export const changedControls = ({ question, preset }: LabSettings, rows: LabTable = labTable): string[] =>
  changesOf(preset, labPresets[question], rows).map(([name]) => name)

export const isMeant = ({ preset, model }: LabSettings, control: Control): boolean =>
  isMeantFor(control, preset, model)

export const seedsOf = ({ seeds }: LabSettings): number[] => seeds.split(',').map(Number)

export const runOf = ({ preset, model, baselines }: LabSettings, seed: number): PresetRun => ({
  preset,
  seed,
  model,
  baselines: baselines === 'on' ? ['alone', 'centralised'] : [],
  measuresTerms: true,
})
