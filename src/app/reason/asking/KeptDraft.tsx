/** What this tab guesses with: where a room has trained its first layers for that, whoever asks should know it. */
import { isJudged, type ModeName } from '../../../node/reasoning/modes'
import { useNodeState } from '../../node'
import { useWords } from '../../words/words'
import styles from './asking.module.css'

export function KeptDraft({ mode }: { readonly mode: ModeName }) {
  const { reason: words } = useWords()
  const kept = useNodeState(({ reasoning }) => reasoning.keptDraft)
  if (!kept || !isJudged(mode)) return null
  return <p className={styles.kept}>{words.keptDraft(kept.layers, kept.room)}</p>
}
