/** One adapter's continuation of the prompt, and whether it holds the answer that was looked for. */
import type { Answers } from '../../node/gossamerNode'
import { PictureText } from '../pictures/PictureText'
import { useWords } from '../words/words'
import styles from './AskPanel.module.css'

interface Props {
  readonly kind: 'base' | 'alone' | 'federated'
  /** Null while they are on their way. */
  readonly answers: Answers | null
  readonly expected: string | null
}

const leads = { base: 'baseLead', alone: 'aloneLead', federated: 'federatedLead' } as const

/** Greedy answers begin with the completion: whatever follows the right words does not make them wrong. */
export const holdsAnswer = (text: string, expected: string): boolean =>
  text.trim().toLowerCase().startsWith(expected.trim().toLowerCase())

export function Answer({ kind, answers, expected }: Props) {
  const words = useWords()
  const generation = answers?.[kind] ?? null
  const right = generation && expected ? holdsAnswer(generation.text, expected) : null
  return (
    <article className={`${styles.answer} ${kind === 'federated' ? styles.together : ''}`}>
      <h3>
        {words.ask[kind]} <small>{words.ask[leads[kind]]}</small>
      </h3>
      {!answers && <p className={styles.pending} />}
      {answers && !generation && <p className={styles.none}>{words.ask.noAlone}</p>}
      {answers && generation && (
        <p className={styles.text}>
          <span>
            <PictureText text={answers.prompt} />
          </span>
          <mark>{generation.text || words.ask.empty}</mark>
        </p>
      )}
      {right !== null && (
        <p className={right ? styles.right : styles.wrong}>
          {right ? `✓ ${words.ask.right}` : `✕ ${words.ask.wrong}`}
        </p>
      )}
    </article>
  )
}
