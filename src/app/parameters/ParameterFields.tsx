/** The controls for the experiment's settings, as used on the first page (all), in the lobby and during a run (what may change). */
import { changeWith, type Moment } from '../../settings/changing'
import { pageGroups, type Table } from '../../settings/setting'
import { type Settings, table } from '../../settings/table'
import { useWords } from '../words/words'
import { settingLabel } from './names'
import styles from './ParameterFields.module.css'
import { SettingField } from './SettingField'
import { shownIn } from './shown'

interface Props {
  readonly settings: Settings
  readonly onChange: (change: Partial<Settings>) => void
  readonly moment: Moment
  readonly rows?: Table
}

export function ParameterFields({ settings, onChange, moment, rows = table }: Props) {
  const words = useWords()
  const values: Readonly<Record<string, unknown>> = settings
  return (
    <div className={styles.groups}>
      {pageGroups
        .map((group) => ({ group, shown: shownIn(group, settings, moment, rows) }))
        .filter(({ shown }) => shown.length > 0)
        .map(({ group, shown }) => (
          <fieldset key={group} className={styles.group}>
            <legend>{words.parameters.groups[group]}</legend>
            <div className={styles.grid}>
              {shown.map(({ name, setting, without }) => (
                <SettingField
                  key={name}
                  name={name}
                  label={settingLabel(words, name)}
                  hint={words.parameters.hints[name]}
                  kind={setting.kind}
                  value={values[name]}
                  without={without}
                  onChange={(value) => onChange(changeWith(settings, { [name]: value }, moment))}
                />
              ))}
            </div>
          </fieldset>
        ))}
    </div>
  )
}
