/**
 * Something folded away behind its title. What is given as a function is made only while the fold is open: what nobody looks
 * at costs no elements and no drawing. What is given as elements stays, with all that somebody has typed into it.
 */
import { type ReactNode, useState } from 'react'
import styles from './Fold.module.css'

interface Props {
  readonly title: string
  readonly quiet?: boolean
  readonly open?: boolean
  readonly children: ReactNode | (() => ReactNode)
}

export function Fold({ title, quiet = false, open = false, children }: Props) {
  const [isOpen, setIsOpen] = useState(open)
  return (
    <details
      open={open}
      className={`${styles.fold} ${quiet ? styles.quiet : ''}`}
      onToggle={(event) => setIsOpen(event.currentTarget.open)}
    >
      <summary>{title}</summary>
      {typeof children === 'function' ? isOpen && children() : children}
    </details>
  )
}
