/** The text of a row, each token in the colour of whoever said it; where it parts from the first row's, it is marked. */
import type { CSSProperties } from 'react'
import type { Asking } from '../../node/reasoning/view/view'
import { lookOf } from '../reason/answer/look'
import type { People } from '../reason/people'
import { useLanguage } from '../words/words'
import styles from './proof.module.css'

interface Props {
  readonly asking: Asking
  readonly people: People
  /** The place of the token from which on it is another text; null: it is not. */
  readonly partsAt: number | null
}

export function ProofText({ asking: { prompt, tokens, isRunning }, people, partsAt }: Props) {
  const language = useLanguage()
  return (
    <p className={styles.text} aria-busy={isRunning}>
      <span className={styles.prompt}>{prompt}</span>
      {tokens.map(({ piece, by }, place) => {
        const { ink, line } = lookOf(by, people, language)
        return (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is its place in the text
            key={place}
            className={styles.token}
            data-parts={place === partsAt || undefined}
            style={{ '--own': ink, '--line': line } as CSSProperties}
          >
            {piece}
          </span>
        )
      })}
      {isRunning && <i className={styles.caret} aria-hidden="true" />}
    </p>
  )
}
