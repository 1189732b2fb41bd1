/** What runs of the Lab are called, from the words that rooms use for the same things. */
import { type Control, controlsOf, writtenIn } from '../../lab/controls'
import { choiceName, settingLabel } from '../parameters/names'
import type { Words } from '../words/en'
import { changedControls, isMeant, type LabSettings } from './labSettings'

/** The scheme, and what else is not as the preset says. */
export function runName(words: Words, settings: LabSettings): string {
  const changed = changedControls(settings)
  const others = controlsOf()
    .filter(
      (control) => control.name !== 'scheme' && changed.includes(control.name) && isMeant(settings, control),
    )
    .map((control) => nameOf(words, control, writtenIn(control, settings.preset)))
  const model = settings.model === 'toy' ? [] : [choiceName(words, 'model', settings.model)]
  const question = words.lab.presets[settings.question].name
  const scheme = choiceName(words, 'scheme', settings.preset.settings.scheme)
  return [`${question}: ${scheme}`, ...others, ...model].join(', ')
}

function nameOf(words: Words, { name, theme, setting }: Control, value: string): string {
  const label = settingLabel(words, name)
  if (setting.kind.shape.kind !== 'choice') return `${label} ${words.written(value)}`
  const chosen = choiceName(words, name, value)
  return theme === 'experiment' ? chosen : `${label}: ${chosen}`
}
