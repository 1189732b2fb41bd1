/** How much was told so far, what is protected and what is not, where the room promises privacy; nothing else. */
import { useMemo } from 'react'
import type { AuditView } from '../../node/state'
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
      <Audited />
      {isSpent && <p className={styles.spent}>{words.spent}</p>}
      <ul className={styles.notes}>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </Panel>
  )
}

/** What this tab's own attack makes of its updates, beside the claim; nothing where the room does not audit itself. */
function Audited() {
  const audit = useNodeState((state): AuditView | null => state.audit)
  const words = useWords().privacy
  if (!audit) return null
  const { epsilonAtLeast, auc, pieces, mostShown, updates } = audit
  return (
    <p className={styles.audited} role="status">
      <strong>{epsilonAtLeast > 0 ? words.shown(epsilonAtLeast) : words.shownNothing}</strong>
      {words.audited(pieces, mostShown, updates)} {words.told(auc)}
    </p>
  )
}
