/** The controls for the experiment's parameters, as used on the first page (all), in the lobby and during a run (what may change). */
import type { Settings } from '../../node/settings'
import { ChoiceField } from '../ui/controls/Field'
import { useWords } from '../words/words'
import { NumberField } from './NumberField'
import styles from './ParameterFields.module.css'
import { type Change, choose, groupNames, type Moment, shownRows } from './table'

interface Props {
  readonly settings: Settings
  readonly onChange: (change: Change) => void
  readonly moment: Moment
}

export function ParameterFields({ settings, onChange, moment }: Props) {
  const words = useWords()
  const { choices, names, groups } = words.parameters
  const labelOf = (name: string, option: string): string =>
    choices[`${name} ${option}`] ?? choices[option] ?? words.domains[option] ?? option
  return (
    <div className={styles.groups}>
      {groupNames
        .map((group) => ({ group, rows: shownRows(group, settings, moment) }))
        .filter(({ rows }) => rows.length > 0)
        .map(({ group, rows }) => (
          <fieldset key={group} className={styles.group}>
            <legend>{groups[group]}</legend>
            <div className={styles.grid}>
              {rows.map((row) => {
                if (row.kind === 'number')
                  return (
                    <NumberField
                      key={row.name}
                      label={names[row.name]}
                      row={row}
                      value={settings[row.name]}
                      onChange={(value) => onChange({ [row.name]: value })}
                    />
                  )
                const value = String(settings[row.name] ?? row.options[0])
                const options = row.options.includes(value) ? row.options : [...row.options, value]
                return (
                  <ChoiceField
                    key={row.name}
                    label={names[row.name]}
                    value={value}
                    disabled={options.length === 1}
                    options={options.map((option) => ({ value: option, label: labelOf(row.name, option) }))}
                    onChange={(chosen) => onChange(choose(row.name, chosen, moment))}
                  />
                )
              })}
            </div>
          </fieldset>
        ))}
    </div>
  )
}
