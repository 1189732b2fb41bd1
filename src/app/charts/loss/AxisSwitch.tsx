/** What a chart of losses runs along: rounds, seconds, or bytes. And how a place on that axis is written. */
import { ToggleGroup } from 'radix-ui'
import { compact } from '../../format'
import { useLanguage, useWords } from '../../words/words'
import styles from './AxisSwitch.module.css'
import { type Axis, axes } from './lossLines'

interface Props {
  readonly axis: Axis
  readonly names: Readonly<Record<Axis, string>>
  readonly onChange: (axis: Axis) => void
}

export function AxisSwitch({ axis, names, onChange }: Props) {
  const words = useWords()
  return (
    <ToggleGroup.Root
      type="single"
      value={axis}
      aria-label={words.loss.axis}
      className={styles.axes}
      onValueChange={(value) => value && onChange(value as Axis)}
    >
      {axes.map((name) => (
        <ToggleGroup.Item key={name} value={name}>
          {names[name]}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  )
}

export function useAxisText(axis: Axis): (value: number) => string {
  const words = useWords()
  const language = useLanguage()
  switch (axis) {
    case 'rounds':
      return (value) => compact(value, language)
    case 'seconds':
      return words.duration
    case 'bytes':
      return words.bytes
  }
}
