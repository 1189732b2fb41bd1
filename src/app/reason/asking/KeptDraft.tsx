/** What this tab guesses with: where a room has trained its first layers for that, whoever asks should know it. */
import type { ModeName } from '../../../node/reasoning/view'
import { useNodeState } from '../../node'
import { useWords } from '../../words/words'
import styles from './asking.module.css'

const guessing: readonly ModeName[] = ['speculative', 'cascade', 'multi-access']

export function KeptDraft({ mode }: { readonly mode: ModeName }) {
  const { reason: words } = useWords()
  const draft = useNodeState(({ reasoning }) => reasoning.keptDraft)
  if (!draft || !guessing.includes(mode)) return null
  return <p className={styles.draft}>{words.keptDraft(draft.layers, draft.room)}</p>
}
