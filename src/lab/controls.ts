/**
 * What a person may change in a preset of the Lab: every setting of a federation that has a place there (src/settings), and
 * what only a simulation has to say, in rows of the same kind. The page's fields, its address and the flags of `simulate`
 * are all read from these; what nobody changes stays the preset's.
 */
import { incompatibility, ledgerMisfit, whyNotTogether } from '../federation/compatibility'
import { schemes } from '../federation/schemes/registry'
import { between, listOf, oneOf, optional, typed, whole } from '../settings/kinds'
import { readRows, type SettingProblem, writtenRows } from '../settings/reading'
import { hasRounds, type LabTheme, type Setting, setting, type Table } from '../settings/setting'
import { type Settings, table } from '../settings/table'
import { type LabPreset, labCorpora } from './presets'

const worldRows = {
  corpus: setting(oneOf(labCorpora), 'kitchen', { lab: 'experiment' }),
  devices: setting(whole(1, 5000), 16, { lab: 'experiment' }),
  /** A device that wants to be forgotten, and after which round: such a room keeps a ledger. */
  forget: setting(optional(typed(/^\d{1,4}@\d{1,4}$/, 12, '1@5')), null, {
    lab: 'trust',
    isMeant: (chosen) => ledgerMisfit({ ...chosen, ledger: true }) === null,
  }),
  /** The share of devices that lie, where there is something that they do. */
  attackingDevices: setting(between(0, 1), 0.25, {
    lab: 'trust',
    isMeant: ({ attack }) => attack !== 'none',
  }),
  ranks: setting<readonly number[]>(listOf(whole(1, 64)), [], { lab: 'devices', isMeant: hasRounds }),
}

export interface LabTable {
  /** Of the federation. */
  readonly settings: Table
  /** Of the world around it. */
  readonly world: Table
}

const inTheLab = (rows: Table): Table =>
  Object.fromEntries(Object.entries(rows).filter(([, { lab }]) => lab !== null))

/** @param all every setting; those without a place in the Lab are left out */
export const labTableOf = (all: Table): LabTable => ({ settings: inTheLab(all), world: worldRows })
export const labTable: LabTable = labTableOf(table)

export interface Control {
  readonly name: string
  readonly theme: LabTheme
  readonly setting: Setting<unknown>
  valueIn(preset: LabPreset): unknown
  /** The preset with this value, which is one of the setting's kind. */
  into(preset: LabPreset, value: unknown): LabPreset
}

/** In the order in which they stand there. */
export const controlsOf = (rows: LabTable = labTable): Control[] =>
  (['settings', 'world'] as const).flatMap((place) =>
    Object.entries(rows[place]).flatMap(([name, setting]): Control[] => {
      const { lab } = setting
      if (lab === null) return []
      return [
        {
          name,
          theme: lab,
          setting,
          valueIn(preset) {
            const values: Readonly<Record<string, unknown>> = { ...preset[place] }
            return values[name]
          },
          into: (preset, value) => ({ ...preset, [place]: { ...preset[place], [name]: value } }),
        },
      ]
    }),
  )

/** The quadratic model has its own rank and rate, and no batches. */
export const ofRealTraining: readonly string[] = [
  'lr',
  'lrSchedule',
  'batch',
  'rank',
  'alpha',
  'targets',
  'depth',
  'audit',
  'maxGradientNorm',
  'rehearsal',
]

/** Whether a control means something in this preset, where this model is trained. */
export const isMeantFor = ({ name, setting }: Control, { settings }: LabPreset, model: string): boolean =>
  setting.isMeant(settings) && !(model === 'quadratic' && ofRealTraining.includes(name))

/** Why this cannot run; null: it can. */
export const incompatibilityIn = ({ settings }: LabPreset): string | null => whyNotTogether(settings)

/** What a setting's value looks like in a preset. */
export const writtenIn = ({ setting, valueIn }: Control, preset: LabPreset): string =>
  setting.kind.write(valueIn(preset)) ?? ''

/** What a preset has found best gives way where it cannot go with another scheme. */
const aggregationFor = (chosen: Settings): Settings['aggregation'] =>
  Object.hasOwn(schemes, chosen.scheme) &&
  incompatibility({ scheme: chosen.scheme, aggregation: chosen.aggregation }) !== null
    ? table.aggregation.usualFor(chosen)
    : chosen.aggregation

/** A preset with what is said otherwise; what cannot be used is named, and the preset's value stands. */
export function readPreset(
  standing: LabPreset,
  said: (name: string) => string | null,
  rows: LabTable = labTable,
): { preset: LabPreset; problems: SettingProblem[] } {
  const settings = readRows(rows.settings, said, { ...standing.settings })
  const world = readRows(rows.world, said, { ...standing.world })
  const chosen: Settings = { ...standing.settings, ...settings.values }
  return {
    preset: {
      settings: said('aggregation') === null ? { ...chosen, aggregation: aggregationFor(chosen) } : chosen,
      world: { ...standing.world, ...world.values },
    },
    problems: [...settings.problems, ...world.problems],
  }
}

/** Names and texts of what is not as in the preset that it began with. */
export const changesOf = (
  { settings, world }: LabPreset,
  standing: LabPreset,
  rows: LabTable = labTable,
): [string, string][] => [
  ...writtenRows(rows.settings, { ...settings }, { ...standing.settings }),
  ...writtenRows(rows.world, { ...world }, { ...standing.world }),
]
