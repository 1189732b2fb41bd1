/** A button. `primary` is the one next step of a screen, `quiet` sits inside lines, `danger` cannot be taken back. */
import type { ComponentProps } from 'react'
import styles from './Button.module.css'

type Props = ComponentProps<'button'> & { readonly look?: 'primary' | 'plain' | 'quiet' | 'danger' }

export function Button({ look = 'plain', className, ...rest }: Props) {
  return <button type="button" {...rest} className={`${styles.button} ${styles[look]} ${className ?? ''}`} />
}
