/** A tab's whole screen: rows of panels in the middle of the window. Skip links lead here. */
import type { ReactNode } from 'react'
import styles from './Page.module.css'

interface Props {
  /** For screens with three panels beside each other. */
  readonly wide?: boolean
  readonly children: ReactNode
}

export function Page({ wide = false, children }: Props) {
  return (
    <main id="content" tabIndex={-1} className={wide ? `${styles.page} ${styles.wide}` : styles.page}>
      {children}
    </main>
  )
}
