/** The worlds that several rules share: a preset of the Lab with what the rule changes in it. */

import { type LabPreset, labPresets } from '../../src/lab/presets'
import { defaultSettings } from '../../src/settings/reading'
import type { Settings } from '../../src/settings/table'
import type { Experiment } from './rule'

export interface Changes {
  readonly settings?: Partial<Settings>
  readonly world?: Partial<LabPreset['world']>
  readonly centralised?: boolean
  readonly measuresTerms?: boolean
  readonly model?: string
}

/** Rules begin with plain averaging, also where a preset has found something better. */
export function inTheLab(name: keyof typeof labPresets, changes: Changes = {}): Experiment {
  const preset: LabPreset = labPresets[name]
  const { serverMomentum } = defaultSettings
  const plain = name === 'iid' ? { aggregation: 'fedavg' as const, serverMomentum } : null
  const { settings, world, centralised = false, measuresTerms = false } = changes
  return {
    kind: 'lab',
    preset: {
      settings: { ...preset.settings, ...plain, ...settings },
      world: { ...preset.world, ...world },
    },
    model: changes.model ?? 'public/models/toy',
    centralised,
    measuresTerms,
  }
}
