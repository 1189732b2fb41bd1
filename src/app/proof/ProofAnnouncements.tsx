/** For who does not see it: how each row came out, and what all of them came to. Never a single token. */
import { judgementOf, type Proof, verdictOf } from '../../node/reasoning/proof/verdict'
import { useWords } from '../words/words'
import { sayingOf } from './Finale'
import { lookOf, numberOf, useLookName } from './sayings'

export function ProofAnnouncements({ proof }: { readonly proof: Proof | null }) {
  const words = useWords()
  const nameOf = useLookName()
  const last = proof?.rows.findLast(({ state }) => state.kind === 'done' || state.kind === 'unproven')
  const row = proof && last ? nameOf(lookOf(last, judgementOf(proof, last))) : null
  const saying = proof && !proof.isRunning ? sayingOf(words, proof, verdictOf(proof)) : null
  return (
    <>
      <p role="status" className="visually-hidden">
        {proof && last && row && words.proof.told(numberOf(proof, last.name), row)}
      </p>
      <p role="status" className="visually-hidden">
        {saying && [saying.title, saying.lead].filter(Boolean).join(' ')}
      </p>
    </>
  )
}
