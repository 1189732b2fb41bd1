/** A mode as a small picture: one tab, a chain of tabs, tabs that speak at once, adapters poured together. */
import type { ReactNode } from 'react'
import type { ModeName } from '../../../node/reasoning/view'
import styles from './asking.module.css'

const pictures: Readonly<Record<ModeName, ReactNode>> = {
  alone: <circle cx="20" cy="12" r="5" />,
  pipeline: (
    <>
      <path d="M9 12H31" />
      <circle cx="7" cy="12" r="4" />
      <circle cx="20" cy="12" r="4" />
      <circle cx="33" cy="12" r="4" />
    </>
  ),
  ensemble: (
    <>
      <path d="M9 4 31 12M9 12H31M9 20 31 12" />
      <circle cx="8" cy="4" r="2.6" />
      <circle cx="8" cy="12" r="2.6" />
      <circle cx="8" cy="20" r="2.6" />
      <circle cx="32" cy="12" r="4" />
    </>
  ),
  mixture: (
    <>
      <circle cx="15" cy="9" r="6" />
      <circle cx="25" cy="9" r="6" />
      <circle cx="20" cy="16" r="6" />
    </>
  ),
}

export const ModeMark = ({ mode }: { readonly mode: ModeName }) => (
  <svg aria-hidden="true" viewBox="0 0 40 24" width="40" height="24" className={styles.picture}>
    {pictures[mode]}
  </svg>
)
