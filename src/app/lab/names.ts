/** What settings and runs of the Lab are called, from the words that rooms use for the same things. */
import { type ControlName, controls } from '../../lab/controls/controls'
import type { Words } from '../words/en'
import { changedControls, isMeant, type LabSettings } from './labSettings'

export const choiceName = (words: Words, name: string, value: string): string => {
  const own: Readonly<Record<string, string>> = words.lab.choices
  const shared: Readonly<Record<string, string>> = words.parameters.choices
  const domains: Readonly<Record<string, string>> = words.domains
  return own[value] ?? shared[`${name} ${value}`] ?? shared[value] ?? domains[value] ?? value
}

export const controlLabels = (words: Words): Readonly<Record<ControlName, string>> => ({
  ...words.parameters.names,
  ...words.lab.controls,
})

/** The scheme, and what else is not as the preset says. */
export function runName(words: Words, settings: LabSettings): string {
  const labels = controlLabels(words)
  const others = changedControls(settings)
    .filter((name) => name !== 'scheme' && isMeant(settings, name))
    .map((name) => {
      const value = controls[name].written(settings.preset)
      const isNamed = controls[name].options !== null && controls[name].theme === 'experiment'
      if (isNamed) return choiceName(words, name, value)
      return controls[name].options
        ? `${labels[name]}: ${choiceName(words, name, value)}`
        : `${labels[name]} ${value}`
    })
  const model = settings.model === 'toy' ? [] : [choiceName(words, 'model', settings.model)]
  const question = words.lab.presets[settings.question].name
  const scheme = choiceName(words, 'scheme', settings.preset.config.scheme)
  return [`${question}: ${scheme}`, ...others, ...model].join(', ')
}
