/** What happened while the answer was made: who was lost and replaced, who was checked, who lied, who judges now. Newest first. */
import type { Asking } from '../../../node/reasoning/view/view'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import type { People } from '../people'
import styles from './costs.module.css'
import { useTelling } from './telling'
import { tellingsOf } from './tellings'

interface Props {
  readonly asking: Asking | null
  readonly people: People
}

const marks = {
  lost: '✕',
  checked: '✓',
  liar: '!',
  shipped: '↓',
  handover: '⇄',
  threshold: '≈',
  contradiction: '≠',
  mode: '→',
  unseen: '✕',
} as const

export function Happened({ asking, people }: Props) {
  const { reason: words } = useWords()
  const tell = useTelling(people)
  const tellings = tellingsOf(asking?.incidents ?? [])
  return (
    <Panel title={words.events}>
      {tellings.length === 0 && <p className={styles.none}>{words.noEvents}</p>}
      <ol className={styles.events}>
        {tellings
          .map((telling, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: what has been told keeps its place
            <li key={place} data-kind={telling.kind}>
              <i className={styles.mark} aria-hidden="true">
                {marks[telling.kind]}
              </i>
              <p>
                {tell(telling)} <small>{words.at(telling.after)}</small>
              </p>
            </li>
          ))
          .toReversed()}
      </ol>
    </Panel>
  )
}
