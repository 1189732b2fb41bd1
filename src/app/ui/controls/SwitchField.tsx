/** A switch with its words beside it. */
import { Switch } from 'radix-ui'
import { useId } from 'react'
import styles from './SwitchField.module.css'

interface Props {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
  readonly disabled?: boolean
  /** The id of what explains it. */
  readonly describedBy?: string
}

export function SwitchField({ label, checked, onChange, disabled, describedBy }: Props) {
  const id = useId()
  return (
    <div className={styles.row}>
      <Switch.Root
        id={id}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        aria-describedby={describedBy}
        className={styles.switch}
      >
        <Switch.Thumb className={styles.knob} />
      </Switch.Root>
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
