/** Four ways to answer, each with what it does and who sees what. One that cannot be had now says why, and may still be chosen. */
import { useId } from 'react'
import { type ModeName, modeNames } from '../../../node/reasoning/view'
import { useNodeState } from '../../node'
import { useWords } from '../../words/words'
import styles from './asking.module.css'
import { ModeMark } from './ModeMark'

interface Props {
  readonly mode: ModeName
  readonly onChoose: (mode: ModeName) => void
}

export function ModeChoice({ mode, onChoose }: Props) {
  const words = useWords()
  const id = useId()
  const lacking = useNodeState(({ reasoning }) => reasoning.lacking)
  return (
    <fieldset className={styles.modes}>
      <legend>{words.reason.how}</legend>
      {modeNames.map((name) => {
        const { name: title, does, sees } = words.reason.modes[name]
        const why = lacking[name]
        return (
          <label key={name} className={styles.mode} data-lacks={why !== undefined || undefined}>
            <input
              type="radio"
              name={id}
              value={name}
              checked={name === mode}
              aria-labelledby={`${id}-${name}`}
              aria-describedby={`${id}-${name}-about`}
              onChange={() => onChoose(name)}
            />
            <ModeMark mode={name} />
            <strong id={`${id}-${name}`}>{title}</strong>
            <span id={`${id}-${name}-about`} className={styles.about}>
              <span>{does}</span>
              <span className={styles.sees}>
                <svg aria-hidden="true" viewBox="-8 -8 16 16" width="14" height="14">
                  <path d="M-7 0Q0-8 7 0 0 8-7 0Z" />
                  <circle r="2" />
                </svg>
                {sees}
              </span>
              {why !== undefined && (
                <span className={styles.why}>
                  <b>{words.reason.cannot}</b> {words.said(why)}
                </span>
              )}
            </span>
          </label>
        )
      })}
    </fieldset>
  )
}
