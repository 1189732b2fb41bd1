/** A labelled control: text, number or choice. The label is always visible; the hint belongs to the control's name. */
import { type ReactNode, useId } from 'react'
import styles from './Field.module.css'

interface Frame {
  readonly label: string
  readonly hint?: string
  readonly error?: string | null
}

function Framed({ label, hint, error, id, children }: Frame & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {(error || hint) && (
        <p id={`${id}-hint`} className={error ? styles.error : styles.hint}>
          {error ?? hint}
        </p>
      )}
    </div>
  )
}

interface TextProps extends Frame {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly maxLength?: number
  readonly rows?: number
  readonly inputMode?: 'text' | 'decimal' | 'numeric'
  readonly className?: string
}

export function TextField({ value, onChange, rows, className, ...frame }: TextProps) {
  const id = useId()
  const shared = {
    id,
    value,
    placeholder: frame.placeholder,
    maxLength: frame.maxLength,
    className: `${styles.control} ${className ?? ''}`,
    autoComplete: 'off',
    spellCheck: false,
    'aria-invalid': frame.error ? true : undefined,
    'aria-describedby': frame.error || frame.hint ? `${id}-hint` : undefined,
  }
  return (
    <Framed {...frame} id={id}>
      {rows ? (
        <textarea {...shared} rows={rows} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...shared} inputMode={frame.inputMode} onChange={(event) => onChange(event.target.value)} />
      )}
    </Framed>
  )
}

interface ChoiceProps extends Frame {
  readonly value: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (value: string) => void
  readonly disabled?: boolean
}

export function ChoiceField({ value, options, onChange, disabled, ...frame }: ChoiceProps) {
  const id = useId()
  return (
    <Framed {...frame} id={id}>
      <select
        id={id}
        value={value}
        disabled={disabled}
        className={styles.control}
        onChange={(event) => onChange(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Framed>
  )
}
