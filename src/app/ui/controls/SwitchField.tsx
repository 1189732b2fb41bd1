/** A switch with its words beside it. */
import { Switch } from 'radix-ui'
import { useId } from 'react'
import styles from './SwitchField.module.css'

interface Props {
  readonly label: string
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}

export function SwitchField({ label, checked, onChange }: Props) {
  const id = useId()
  return (
    <div className={styles.row}>
      <Switch.Root id={id} checked={checked} onCheckedChange={onChange} className={styles.switch}>
        <Switch.Thumb className={styles.knob} />
      </Switch.Root>
      <label htmlFor={id}>{label}</label>
    </div>
  )
}
