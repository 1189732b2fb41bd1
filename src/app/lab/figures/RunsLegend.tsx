/** Which line is which: every run by its colour, then once for all of them what dashes and bands mean. */
import type { CSSProperties } from 'react'
import type { ChartLine } from '../../charts/drawing/chartProps'
import { useWords } from '../../words/words'
import { yardsticks } from './curves'
import styles from './figures.module.css'

export function RunsLegend({ lines }: { readonly lines: readonly ChartLine[] }) {
  const words = useWords()
  const runs = lines.filter(({ dash }) => !dash)
  const dashes = yardsticks.filter((one) => lines.some(({ dash }) => dash === one.dash))
  return (
    <ul className={styles.legend}>
      {runs.map(({ key, label, colour }) => (
        <li key={key} style={{ '--line-colour': colour } as CSSProperties}>
          <svg viewBox="0 0 28 10" aria-hidden="true">
            <path d="M0 5H28" strokeWidth="4" />
          </svg>
          {label}
        </li>
      ))}
      {dashes.map(({ name, dash }) => (
        <li key={name}>
          <svg viewBox="0 0 28 10" aria-hidden="true">
            <path d="M0 5H28" strokeWidth="2" strokeDasharray={dash.join(' ')} />
          </svg>
          {words.lab[name]}
        </li>
      ))}
      {runs.some(({ band }) => band) && (
        <li>
          <svg viewBox="0 0 28 10" aria-hidden="true">
            <path d="M0 5H28" strokeWidth="10" opacity="0.25" />
          </svg>
          {words.lab.band}
        </li>
      )}
    </ul>
  )
}
