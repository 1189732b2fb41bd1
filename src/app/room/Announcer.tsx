/** One spoken line for each round done, and one for the end, for screen readers. Never for a step. */
import { lossIn } from '../format'
import { useNodeState } from '../node'
import { useLanguage, useWords } from '../words/words'

export function Announcer() {
  const words = useWords()
  const language = useLanguage()
  const latest = useNodeState((state) => state.history.at(-1))
  const why = useNodeState(({ phase }) => (phase.kind === 'finished' ? phase.why : null))
  return (
    <p role="status" className="visually-hidden">
      {latest &&
        words.run.announce(
          latest.round,
          lossIn(latest.heldOut, language),
          latest.recall && words.percent(latest.recall.merged),
        )}
      {why !== null && ` ${words.run.finished(why)}`}
    </p>
  )
}
