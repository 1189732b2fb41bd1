/** How much was told so far, what is protected and what is not, where the room promises privacy; nothing else. */
import { useMemo } from 'react'
import { privacyIn } from '../../node/tab/privacy'
import { useNodeState } from '../node'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './PrivacyPanel.module.css'

export function PrivacyPanel() {
  const words = useWords().privacy
  const settings = useNodeState((state) => state.settings)
  const accounts = useNodeState((state) => state.accounts)
  const coordinates = useNodeState((state) => state.role === 'coordinator')
  const told = useMemo(() => privacyIn({ settings, accounts }), [settings, accounts])
  if (!told) return null
  const { unit, epsilon, epsilonIfReplaced, delta, budget, updates, isSpent } = told
  const notes = [
    words.beside(delta, updates),
    ...(epsilonIfReplaced === null ? [] : [words.replaced(epsilonIfReplaced)]),
    budget === null ? words.counted : words.budget(budget),
    words.chance,
  ]
  return (
    <Panel title={words.title} lead={words[unit]}>
      <p className={styles.epsilon} aria-live="polite">
        <strong>{epsilon === null ? words.noGuarantee : words.epsilon(epsilon)}</strong>
        {epsilon === null ? words.withoutNoise : coordinates ? words.most : words.own}
      </p>
      {isSpent && <p className={styles.spent}>{words.spent}</p>}
      <ul className={styles.notes}>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Panel>
  )
}
