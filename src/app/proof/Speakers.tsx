/** The tabs that have said something in any row, each in its colour: one legend for all rows. */
import type { CSSProperties } from 'react'
import type { Proof } from '../../node/reasoning/proof/verdict'
import type { People } from '../reason/people'
import { useWords } from '../words/words'
import styles from './proof.module.css'

interface Props {
  readonly proof: Proof
  readonly people: People
}

export function Speakers({ proof, people }: Props) {
  const { proof: words, reason } = useWords()
  const ids = new Set(proof.rows.flatMap(({ asking }) => asking?.tokens.flatMap(({ by }) => by) ?? []))
  // A tab that was closed comes back as another life, under the same name and colour.
  const speakers = new Map([...ids].map((id) => [people.of(id).name, people.of(id)]))
  if (speakers.size === 0) return null
  return (
    <ul className={styles.speakers} aria-label={words.tabNames}>
      {[...speakers.values()].map(({ peer, name, colour, isSelf }) => (
        <li key={peer} style={{ '--own': colour } as CSSProperties}>
          {isSelf ? reason.you(name) : name}
        </li>
      ))}
    </ul>
  )
}
