/**
 * The ways to answer, in groups: each with what it does, who sees what, and whether it says what one tab would say. One that cannot
 * be had now says why, and may still be chosen. All are one choice: arrow keys go from one to the next, across groups.
 */
import { useId } from 'react'
import { isLossless, type ModeName, type Terms } from '../../../node/reasoning/modes'
import { useNodeState } from '../../node'
import { useWords } from '../../words/words'
import styles from './asking.module.css'
import { modeGroups, partOfWeak } from './groups'
import { ModeMark } from './ModeMark'

interface Props {
  readonly mode: ModeName
  readonly terms: Terms
  readonly onChoose: (mode: ModeName) => void
}

export function ModeChoice({ mode, terms, onChoose }: Props) {
  const { reason: words } = useWords()
  const id = useId()
  const holds = useNodeState(({ reasoning }) => reasoning.holds)
  return (
    <fieldset className={styles.modes}>
      <legend>{words.how}</legend>
      {holds && holds.layers < holds.of && (
        <p className={styles.weak}>{words.weak[partOfWeak(mode)](holds.layers, holds.of)}</p>
      )}
      {modeGroups.map(([group, names]) => (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset in a fieldset would be read out as two choices
        <div key={group} role="group" aria-labelledby={`${id}-${group}`}>
          <p id={`${id}-${group}`} className={styles.groupName}>
            {words.groups[group]}
          </p>
          <div className={styles.group}>
            {names.map((name) => (
              <ModeCard
                key={name}
                name={name}
                form={id}
                isChosen={name === mode}
                isLossless={isLossless(name, terms)}
                onChoose={onChoose}
              />
            ))}
          </div>
        </div>
      ))}
    </fieldset>
  )
}

interface CardProps extends Pick<Props, 'onChoose'> {
  readonly name: ModeName
  /** By which the radio buttons belong together. */
  readonly form: string
  readonly isChosen: boolean
  readonly isLossless: boolean
}

function ModeCard({ name, form, isChosen, isLossless, onChoose }: CardProps) {
  const words = useWords()
  const why = useNodeState(({ reasoning }) => reasoning.lacking[name])
  const { name: title, does, sees } = words.reason.modes[name]
  const id = `${form}-${name}`
  return (
    <label className={styles.mode} data-lacks={why !== undefined || undefined}>
      <input
        type="radio"
        name={form}
        value={name}
        checked={isChosen}
        aria-labelledby={id}
        aria-describedby={`${id}-promise ${id}-about`}
        onChange={() => onChoose(name)}
      />
      <ModeMark mode={name} />
      <strong id={id}>{title}</strong>
      <span id={`${id}-promise`} className={styles.promise} data-lossless={isLossless || undefined}>
        <b aria-hidden="true">{isLossless ? '=' : '≈'}</b>{' '}
        {isLossless ? words.reason.lossless : words.reason.lossy}
      </span>
      <span id={`${id}-about`} className={styles.about}>
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
}
