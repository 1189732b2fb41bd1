/** A number as a person types it: keeps what is typed, even while it is no number yet; passes on only what can be used. */
import { useEffect, useState } from 'react'
import { decimal } from '../format'
import { TextField } from '../ui/controls/Field'
import { useLanguage, useWords } from '../words/words'
import { type NumberRow, readNumber } from './table'

interface Props {
  readonly label: string
  readonly row: Pick<NumberRow, 'low' | 'high' | 'whole' | 'optional'>
  readonly value: number | null
  /** Null: left empty. */
  readonly onChange: (value: number | null) => void
}

export function NumberField({ label, row, value, onChange }: Props) {
  const words = useWords()
  const language = useLanguage()
  const [typed, setTyped] = useState(value === null ? '' : String(value))
  useEffect(() => {
    setTyped((before) => (readNumber(before, row) === value ? before : value === null ? '' : String(value)))
  }, [value, row])
  const bound = (one: number) => (one < 0.001 && one > 0 ? '0' : decimal(one, 0, language))
  const isUsable = readNumber(typed, row) !== undefined
  return (
    <TextField
      label={label}
      value={typed}
      placeholder={row.optional ? words.parameters.automatic : undefined}
      inputMode={row.whole ? 'numeric' : 'decimal'}
      error={isUsable ? null : words.parameters.invalid(bound(row.low), bound(row.high))}
      onChange={(next) => {
        setTyped(next)
        const number = readNumber(next, row)
        if (number !== undefined) onChange(number)
      }}
    />
  )
}
