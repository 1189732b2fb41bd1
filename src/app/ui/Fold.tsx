/** Something folded away behind its title. */
import type { ReactNode } from 'react'
import styles from './Fold.module.css'

interface Props {
  readonly title: string
  readonly quiet?: boolean
  readonly open?: boolean
  readonly children: ReactNode
}

export function Fold({ title, quiet = false, open, children }: Props) {
  return (
    <details open={open} className={`${styles.fold} ${quiet ? styles.quiet : ''}`}>
      <summary>{title}</summary>
      {children}
    </details>
  )
}
