/** The worlds that several rules share: a preset of the Lab with what the rule changes in it. */
import type { FederationConfig } from '../../src/federation/config'
import { type LabPreset, labPresets } from '../../src/lab/presets'
import type { Experiment } from './rule'

export interface Changes {
  readonly config?: Partial<FederationConfig>
  readonly world?: Partial<LabPreset['world']>
  readonly rest?: Partial<Omit<LabPreset, 'config' | 'world'>>
  readonly centralised?: boolean
  readonly measuresTerms?: boolean
  readonly model?: string
}

export function inTheLab(name: keyof typeof labPresets, changes: Changes = {}): Experiment {
  const preset: LabPreset = labPresets[name]
  const { config, world, rest, centralised = false, measuresTerms = false } = changes
  return {
    kind: 'lab',
    preset: {
      ...preset,
      ...rest,
      config: { ...preset.config, ...config },
      world: { ...preset.world, ...world },
    },
    model: changes.model ?? 'public/models/toy',
    centralised,
    measuresTerms,
  }
}
