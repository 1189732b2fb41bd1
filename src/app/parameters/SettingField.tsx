/**
 * One setting as a field: a choice, a switch, or something typed, as its kind in the table says. What is typed stays, even
 * while it cannot be used; only what can be used is passed on.
 */
import { useEffect, useState } from 'react'
import { readBy } from '../../lib/schema'
import { expectationOf, type Kind } from '../../settings/kinds'
import { ChoiceField, TextField } from '../ui/controls/Field'
import { SwitchField } from '../ui/controls/SwitchField'
import { useWords } from '../words/words'
import { choiceName } from './names'

interface Props<Value> {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly kind: Kind<Value>
  readonly value: Value
  /** Values that cannot be chosen now. */
  readonly without?: readonly string[]
  readonly onChange: (value: Value) => void
}

export function SettingField<Value>({
  name,
  label,
  hint,
  kind,
  value,
  without = [],
  onChange,
}: Props<Value>) {
  const words = useWords()
  const { shape, schema, write } = kind
  const choose = (text: string) => {
    const { success, data } = readBy(schema, text)
    if (success) onChange(data)
  }
  if (shape.kind === 'switch')
    return (
      <SwitchField label={label} checked={write(value) === '1'} onChange={(on) => choose(on ? '1' : '0')} />
    )
  const options = shape.kind === 'choice' || shape.kind === 'text' ? shape.options : []
  if (options.length === 0)
    return <TypedField label={label} hint={hint} kind={kind} value={value} onChange={onChange} />
  const chosen = write(value) ?? options[0]
  const offered = options.filter((option) => option === chosen || !without.includes(option))
  if (!offered.includes(chosen)) offered.push(chosen)
  return (
    <ChoiceField
      label={label}
      value={chosen}
      options={offered.map((option) => ({ value: option, label: choiceName(words, name, option) }))}
      onChange={choose}
    />
  )
}

interface TypedProps<Value> extends Pick<Props<Value>, 'label' | 'hint' | 'kind' | 'value' | 'onChange'> {}

/** Where nobody need say a value, the field may be left empty. */
export function TypedField<Value>({ label, hint, kind, value, onChange }: TypedProps<Value>) {
  const words = useWords()
  const { shape, unsaid, schema, write } = kind
  const shown = (one: Value): string => {
    const text = write(one) ?? ''
    return text === unsaid ? '' : shape.kind === 'number' ? words.written(text) : text
  }
  const read = (typed: string) => readBy(schema, typed.trim() === '' && unsaid !== null ? unsaid : typed)
  const [typed, setTyped] = useState(shown(value))
  const text = shown(value)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another value replaces what is typed
  useEffect(() => {
    // What means the same and looks otherwise stays, as “0.” does on the way to 0.5.
    const { success, data } = read(typed)
    if (!success || shown(data) !== text) setTyped(text)
  }, [text])
  const isNumber = shape.kind === 'number'
  return (
    <TextField
      label={label}
      value={typed}
      hint={hint}
      placeholder={unsaid ? words.parameters.unsaid[unsaid] : undefined}
      inputMode={isNumber ? (shape.isWhole ? 'numeric' : 'decimal') : 'text'}
      error={
        read(typed).success ? null : words.parameters.unusable(expectationOf(kind, words.parameters.terms))
      }
      onChange={(next) => {
        setTyped(next)
        const { success, data } = read(next)
        if (success) onChange(data)
      }}
    />
  )
}
