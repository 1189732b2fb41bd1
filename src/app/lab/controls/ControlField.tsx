/** One control of the Lab as a field: a choice, a switch, or something typed, as its row in the table says. */
import { useEffect, useState } from 'react'
import { type ControlName, controls } from '../../../lab/controls/controls'
import { ChoiceField, TextField } from '../../ui/controls/Field'
import { useWords } from '../../words/words'
import { type LabSettings, withControl } from '../labSettings'
import { choiceName, controlLabels } from '../names'

export interface ControlsProps {
  readonly settings: LabSettings
  readonly onChange: (settings: LabSettings) => void
}

export function ControlField({ name, settings, onChange }: ControlsProps & { readonly name: ControlName }) {
  const words = useWords()
  const label = controlLabels(words)[name]
  const hints: Readonly<Partial<Record<ControlName, string>>> = words.lab.hints
  const { options, inputMode, written } = controls[name]
  const value = written(settings.preset)
  const read = (typed: string) => withControl(settings, name, typed)
  const choose = (chosen: string) => onChange(read(chosen) ?? settings)
  if (options)
    return (
      <ChoiceField
        label={label}
        value={value}
        options={options.map((option) => ({ value: option, label: choiceName(words, name, option) }))}
        onChange={choose}
      />
    )
  return (
    <TypedField
      label={label}
      hint={hints[name]}
      value={value}
      inputMode={inputMode}
      read={read}
      writtenIn={({ preset }) => written(preset)}
      onChange={onChange}
    />
  )
}

interface TypedProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly inputMode?: 'numeric' | 'decimal' | 'text'
  /** Null where it cannot be used. */
  readonly read: (typed: string) => LabSettings | null
  readonly writtenIn: (settings: LabSettings) => string
  readonly onChange: (settings: LabSettings) => void
}

/** Keeps what is typed while it cannot be used; passes on only what can. */
export function TypedField({ label, hint, value, inputMode, read, writtenIn, onChange }: TypedProps) {
  const words = useWords()
  const [typed, setTyped] = useState(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another value replaces what is typed
  useEffect(() => {
    // What means the same and looks otherwise stays, as “0.” does on the way to 0.5.
    const meant = read(typed)
    if (!meant || writtenIn(meant) !== value) setTyped(value)
  }, [value])
  return (
    <TextField
      label={label}
      value={typed}
      hint={hint}
      inputMode={inputMode}
      error={read(typed) ? null : words.lab.unusable}
      onChange={(next) => {
        setTyped(next)
        const change = read(next)
        if (change) onChange(change)
      }}
    />
  )
}
