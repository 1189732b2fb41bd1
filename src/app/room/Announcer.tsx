/** One spoken line for each round done, for screen readers. Never for a step. */
import { lossIn } from '../format'
import { useNodeState } from '../node'
import { useLanguage, useWords } from '../words/words'

export function Announcer() {
  const words = useWords()
  const language = useLanguage()
  const latest = useNodeState((state) => state.history.at(-1))
  return (
    <p role="status" className="visually-hidden">
      {latest &&
        words.run.announce(
          latest.round,
          lossIn(latest.heldOut, language),
          latest.recall && words.percent(latest.recall.merged),
        )}
    </p>
  )
}
