/** A titled part of a screen. `tour` is the name by which the guided tour finds it. */
import { type ReactNode, useId } from 'react'
import styles from './Panel.module.css'

interface Props {
  readonly title: string
  readonly lead?: ReactNode
  readonly aside?: ReactNode
  readonly tour?: string
  readonly bare?: boolean
  readonly className?: string
  readonly children: ReactNode
}

export function Panel({ title, lead, aside, tour, bare, className, children }: Props) {
  const heading = useId()
  return (
    <section
      aria-labelledby={heading}
      data-tour={tour}
      className={`${styles.panel} ${bare ? styles.bare : ''} ${className ?? ''}`}
    >
      <header className={styles.head}>
        <div>
          <h2 id={heading} className={styles.title}>
            {title}
          </h2>
          {lead && <p className={styles.lead}>{lead}</p>}
        </div>
        {aside}
      </header>
      {children}
    </section>
  )
}
