/** What settings and runs of the Lab are called, from the words that rooms use for the same things. */
import type { Words } from '../words/en'
import { type LabSettings, presetSettings } from './labSettings'

export const choiceName = (words: Words, name: string, value: string): string => {
  const own: Readonly<Record<string, string>> = words.lab.choices
  const shared: Readonly<Record<string, string>> = words.parameters.choices
  const domains: Readonly<Record<string, string>> = words.domains
  return own[value] ?? shared[`${name} ${value}`] ?? shared[value] ?? domains[value] ?? value
}

const told = ['scheme', 'aggregation', 'compression', 'corpus', 'model'] as const
const counted = ['devices', 'rounds', 'localSteps', 'batch', 'lr'] as const

/** The scheme, and what else is not as the preset says. */
export function runName(words: Words, settings: LabSettings): string {
  const standing = presetSettings(settings.preset)
  const others = told
    .slice(1)
    .filter((name) => settings[name] !== standing[name])
    .map((name) => choiceName(words, name, settings[name]))
  const numbers = counted
    .filter((name) => settings[name] !== standing[name])
    .map(
      (name) => `${name === 'devices' ? words.lab.devices : words.parameters.names[name]} ${settings[name]}`,
    )
  const preset = words.lab.presets[settings.preset].name
  return [`${preset}: ${choiceName(words, 'scheme', settings.scheme)}`, ...others, ...numbers].join(', ')
}
