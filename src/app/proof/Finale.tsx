/** What the rows have come to: how far they are, then one hash for all, or how many agree. It stays in sight at the foot of the page. */
import { type Proof, type Verdict, verdictOf } from '../../node/reasoning/proof/verdict'
import type { Words } from '../words/en'
import { useWords } from '../words/words'
import styles from './Finale.module.css'

export function Finale({ proof }: { readonly proof: Proof }) {
  const words = useWords()
  const verdict = verdictOf(proof)
  const { title, lead } = sayingOf(words, proof, verdict)
  const tone = verdict.kind === 'differs' && verdict.isExcused ? 'excused' : verdict.kind
  return (
    <div className={styles.finale} data-verdict={tone}>
      <p className={styles.verdict}>{title}</p>
      {lead && <p>{lead}</p>}
      {verdict.kind === 'proven' && (
        <p className={styles.hash}>
          <span className="visually-hidden">{words.reason.hash} </span>
          <code>{verdict.hash}</code>
        </p>
      )}
    </div>
  )
}

export function sayingOf(
  { proof: words }: Words,
  { rows, isRunning }: Proof,
  verdict: Verdict,
): { readonly title: string; readonly lead: string | null } {
  switch (verdict.kind) {
    case 'open': {
      if (!isRunning) return { title: words.nothing, lead: null }
      const over = rows.filter(({ state }) => state.kind === 'done' || state.kind === 'unproven').length
      return { title: words.progress(Math.min(over + 1, rows.length), rows.length), lead: null }
    }
    case 'proven':
      return { title: words.proven, lead: null }
    case 'partly':
      return { title: words.partly(verdict.same, verdict.of), lead: words.partlyLead }
    case 'differs': {
      const { same, of, isExcused } = verdict
      return isExcused
        ? { title: words.differExcused(same, of), lead: words.differExcusedLead }
        : { title: words.differ(same, of), lead: words.differLead }
    }
  }
}
