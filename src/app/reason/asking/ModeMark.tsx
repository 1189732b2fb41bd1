/**
 * A mode as a small picture: one tab, or one that is left early; a fork in the way; a chain of tabs, tabs that speak at once, eyes that
 * look at one thing, adapters poured together;
 * a small tab whose guesses a large one judges, a large one that is seldom asked, a model cut in two, several large ones.
 */
import type { ReactNode } from 'react'
import type { ModeName } from '../../../node/reasoning/modes'
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
  fusion: (
    <>
      <path d="M7 5Q20 5 31 12M7 19Q20 19 31 12" />
      <path d="M3 5Q7 1 11 5 7 9 3 5ZM3 19Q7 15 11 19 7 23 3 19Z" />
      <circle cx="33" cy="12" r="4" />
    </>
  ),
  auto: (
    <>
      <path d="M10 12H18L27 5H32M18 12 27 19H32" />
      <path d="M29.5 2.5 32 5 29.5 7.5" />
      <circle cx="7" cy="12" r="3" />
      <circle cx="18" cy="12" r="1.6" />
    </>
  ),
  mixture: (
    <>
      <circle cx="15" cy="9" r="6" />
      <circle cx="25" cy="9" r="6" />
      <circle cx="20" cy="16" r="6" />
    </>
  ),
  'early-exit': (
    <>
      <path d="M12 4H28M12 9H28M12 14H28M12 19H28" />
      <path d="M31 9H37M34.5 6.5 37 9 34.5 11.5" />
    </>
  ),
  speculative: (
    <>
      <path d="M12 9H24M12 15H24M21 6.5 24 9 21 11.5M15 12.5 12 15 15 17.5" />
      <circle cx="7" cy="12" r="3" />
      <circle cx="32" cy="12" r="6.5" />
    </>
  ),
  cascade: (
    <>
      <path d="M12 12H24" strokeDasharray="2.5 3" />
      <circle cx="7" cy="12" r="4.5" />
      <circle cx="32" cy="12" r="6.5" />
    </>
  ),
  split: (
    <>
      <rect x="5" y="5" width="12" height="14" rx="3" />
      <rect x="23" y="5" width="12" height="14" rx="3" />
      <path d="M20 2V22" strokeDasharray="2.5 2.5" />
    </>
  ),
  'multi-access': (
    <>
      <path d="M9 12 31 4M9 12H31M9 12 31 20" />
      <circle cx="7" cy="12" r="3" />
      <circle cx="33" cy="4.6" r="3.6" />
      <circle cx="33" cy="12.2" r="3.6" />
      <circle cx="33" cy="19.6" r="3.6" />
    </>
  ),
}

export const ModeMark = ({ mode }: { readonly mode: ModeName }) => (
  <svg aria-hidden="true" viewBox="0 0 40 24" width="40" height="24" className={styles.picture}>
    {pictures[mode]}
  </svg>
)
