/**
 * Which line is which, and which are drawn. A few devices have a switch each; where there are many, one switch is for all of
 * them, and one of them can be picked out by its name. In the chart whoever points at a line reads whose it is.
 */
import type { CSSProperties } from 'react'
import { useWords } from '../../words/words'
import styles from './LossChart.module.css'

export interface NamedLine {
  readonly key: string
  readonly label: string
  readonly colour: string
  readonly look: string
}

/** More lines than these cannot be told apart by colour; in a small frame their names would take the chart's room. */
export const mostNamed = { page: 8, pane: 4 } as const

/** The switch of all devices at once, among the keys of lines. */
export const everybody = 'everybody'

interface Props {
  readonly yardsticks: readonly NamedLine[]
  readonly devices: readonly NamedLine[]
  readonly hidden: ReadonlySet<string>
  readonly picked: string | null
  /** So many devices have a switch each. */
  readonly most: number
  readonly onToggle: (key: string) => void
  readonly onPick: (key: string | null) => void
}

export function LossLegend({ yardsticks, devices, hidden, picked, most, onToggle, onPick }: Props) {
  const words = useWords()
  const isCrowd = devices.length > most
  const switches = isCrowd ? yardsticks : [...yardsticks, ...devices]
  return (
    <fieldset className={styles.legend}>
      <legend className="visually-hidden">{words.loss.legend}</legend>
      {switches.map(({ key, label, colour, look }) => (
        <button
          key={key}
          type="button"
          aria-pressed={!hidden.has(key)}
          style={{ '--line-colour': colour } as CSSProperties}
          onClick={() => onToggle(key)}
        >
          <i className={look} />
          {label}
        </button>
      ))}
      {isCrowd && (
        <>
          <button type="button" aria-pressed={!hidden.has(everybody)} onClick={() => onToggle(everybody)}>
            <span className={styles.many} aria-hidden="true">
              {devices.slice(0, 4).map(({ key, colour }) => (
                <i key={key} style={{ '--line-colour': colour } as CSSProperties} />
              ))}
            </span>
            {words.loss.everybody(devices.length)}
          </button>
          <label className={styles.pick}>
            {words.loss.pick}
            <select value={picked ?? ''} onChange={({ target }) => onPick(target.value || null)}>
              <option value="">{words.loss.pickNobody}</option>
              {devices.map(({ key, label }) => (
                <option key={key} value={key}>
                  {label}
                </option>
              ))}
            </select>
          </label>
        </>
      )}
    </fieldset>
  )
}
