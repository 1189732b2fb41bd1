/** A labelled control: text, number or choice. The label is always visible; the hint belongs to the control's name. */
import { type ReactNode, useId } from 'react'
import styles from './Field.module.css'

interface Frame {
  readonly label: string
  readonly hint?: string
  readonly error?: string | null
}

interface FramedProps extends Frame {
  readonly id: string
  /** Needs the room of two where several stand beside each other. */
  readonly isWide?: boolean
  readonly children: ReactNode
}

function Framed({ label, hint, error, id, isWide, children }: FramedProps) {
  return (
    <div className={styles.field} data-wide={isWide || undefined}>
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

/** Letters of a choice for which a narrow field has room. */
const mostLetters = 15

export function ChoiceField({ value, options, onChange, disabled, ...frame }: ChoiceProps) {
  const id = useId()
  return (
    <Framed {...frame} id={id} isWide={options.some(({ label }) => label.length > mostLetters)}>
      <select
        id={id}
        value={value}
        title={options.find((option) => option.value === value)?.label}
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
