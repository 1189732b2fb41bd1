/** One control of the Lab as a field. */
import type { Control } from '../../../lab/controls'
import { unfitting } from '../../../settings/changing'
import { settingLabel } from '../../parameters/names'
import { SettingField } from '../../parameters/SettingField'
import { useWords } from '../../words/words'
import { type LabSettings, withControl } from '../labSettings'

export interface ControlsProps {
  readonly settings: LabSettings
  readonly onChange: (settings: LabSettings) => void
}

export function ControlField({ control, settings, onChange }: ControlsProps & { readonly control: Control }) {
  const words = useWords()
  const { name, setting, valueIn } = control
  return (
    <SettingField
      name={name}
      label={settingLabel(words, name)}
      hint={words.parameters.hints[name]}
      kind={setting.kind}
      value={valueIn(settings.preset)}
      without={unfitting(settings.preset.settings, name)}
      onChange={(value) => onChange(withControl(settings, control, value))}
    />
  )
}
