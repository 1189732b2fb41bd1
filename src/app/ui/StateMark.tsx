/** What a device is doing, as a shape and a colour; the word always stands beside it or in its label. */
import type { ReactNode } from 'react'
import type { Activity } from '../../node/state'
import styles from './StateMark.module.css'

export type Mark = Activity | 'merging' | 'done'

const shapes: Readonly<Record<Mark, ReactNode>> = {
  joining: <circle r="5.5" strokeDasharray="2.2 2.4" />,
  idle: <circle r="5.5" />,
  training: (
    <>
      <circle r="5.5" />
      <path d="M0-5.5A5.5 5.5 0 0 1 0 5.5Z" className={styles.filled} />
    </>
  ),
  sending: <path d="M0-6 6 5H-6Z" className={styles.filled} />,
  loading: <path d="M0 6-6-5H6Z" className={styles.filled} />,
  waiting: (
    <>
      <circle r="5.5" />
      <path d="M0-3V0H2.6" />
    </>
  ),
  paused: <path d="M-2.8-5V5M2.8-5V5" strokeWidth="2.6" />,
  suspect: (
    <>
      <path d="M0-7 7 0 0 7-7 0Z" />
      <path d="M0-3.2V.6M0 3V3.1" />
    </>
  ),
  gone: <path d="M-4.5-4.5 4.5 4.5M4.5-4.5-4.5 4.5" strokeWidth="2" />,
  merging: (
    <>
      <circle cx="-2.6" r="4" />
      <circle cx="2.6" r="4" />
    </>
  ),
  done: <path d="M-5 .5-1.5 4 5-4" strokeWidth="2" />,
}

export function StateMark({ state, size = 16 }: { readonly state: Mark; readonly size?: number }) {
  return (
    <svg
      aria-hidden="true"
      width={size}
      height={size}
      viewBox="-8 -8 16 16"
      className={`${styles.mark} ${styles[state]}`}
    >
      {shapes[state]}
    </svg>
  )
}
