/** The controls for the experiment's parameters, as used on the first page (all) and in the lobby (what may change). */
import { useEffect, useState } from 'react'
import type { Settings } from '../../node/settings'
import { decimal } from '../format'
import { ChoiceField, TextField } from '../ui/Field'
import { useLanguage, useWords } from '../words/words'
import styles from './ParameterFields.module.css'
import { type Change, choose, isShown, type NumberRow, readNumber, rows } from './table'

interface Props {
  readonly settings: Settings
  readonly onChange: (change: Change) => void
  readonly lobby?: boolean
}

export function ParameterFields({ settings, onChange, lobby = false }: Props) {
  const words = useWords()
  return (
    <div className={styles.grid}>
      {rows
        .filter((row) => row.inLobby || !lobby)
        .filter((row) => isShown(row, settings))
        // A room is opened with or without a coordinator, and stays so.
        .filter((row) => !(lobby && row.name === 'scheme' && settings.scheme === 'gossip'))
        .map((row) =>
          lobby && row.name === 'scheme'
            ? { ...row, options: row.options.filter((option) => option !== 'gossip') }
            : row,
        )
        .map((row) => {
          if (row.kind === 'number')
            return <NumberField key={row.name} row={row} value={settings[row.name]} onChange={onChange} />
          const value = String(settings[row.name] ?? row.options[0])
          const options = row.options.includes(value) ? row.options : [...row.options, value]
          return (
            <ChoiceField
              key={row.name}
              label={words.parameters[row.name]}
              value={value}
              disabled={options.length === 1}
              options={options.map((option) => ({
                value: option,
                label:
                  words.parameters.choices[`${row.name} ${option}`] ??
                  words.parameters.choices[option] ??
                  words.domains[option] ??
                  option,
              }))}
              onChange={(chosen) => onChange(choose(row.name, chosen))}
            />
          )
        })}
    </div>
  )
}

interface NumberProps {
  readonly row: NumberRow
  readonly value: number
  readonly onChange: (change: Change) => void
}

/** Keeps what is typed, even while it is no number yet; passes on only what can be used. */
function NumberField({ row, value, onChange }: NumberProps) {
  const words = useWords()
  const language = useLanguage()
  const [typed, setTyped] = useState(String(value))
  const read = readNumber(typed, row)
  useEffect(() => {
    setTyped((before) => (readNumber(before, row) === value ? before : String(value)))
  }, [value, row])
  const bound = (one: number) => (one < 0.001 && one > 0 ? '0' : decimal(one, 0, language))
  return (
    <TextField
      label={words.parameters[row.name]}
      value={typed}
      inputMode={row.whole ? 'numeric' : 'decimal'}
      error={read === null ? words.parameters.invalid(bound(row.low), bound(row.high)) : null}
      onChange={(next) => {
        setTyped(next)
        const number = readNumber(next, row)
        if (number !== null) onChange({ [row.name]: number })
      }}
    />
  )
}
