/**
 * The screen on which a room proves itself: one prompt and one seed, five ways to make the text, and one hash for all of them. Made
 * to be projected.
 */
import { rowNames } from '../../node/reasoning/proof/rows'
import { useNode, useNodeState } from '../node'
import { Problems } from '../problems'
import { useEscape } from '../reason/escape'
import { useLookingAround } from '../reason/lookingAround'
import { usePeople } from '../reason/people'
import { Button } from '../ui/controls/Button'
import { Page } from '../ui/page/Page'
import { useWords } from '../words/words'
import { Finale } from './Finale'
import { ProofAnnouncements } from './ProofAnnouncements'
import { ProofForm } from './ProofForm'
import { ProofRow } from './ProofRow'
import styles from './proof.module.css'
import { Speakers } from './Speakers'

export function ProofPage() {
  const { proof: words } = useWords()
  const people = usePeople()
  const proof = useNodeState((state) => state.proof)
  useLookingAround()
  useEscape(proof?.isRunning ?? false, useNode().stopProving)
  return (
    <Page wide>
      <header className={styles.head}>
        <h1>{words.title}</h1>
        <p>{words.lead}</p>
      </header>
      <Problems />
      <ProofForm />
      <Learning />
      {proof && <Speakers proof={proof} people={people} />}
      <ol className={styles.rows} aria-label={words.rows}>
        {rowNames.map((name, place) => (
          <ProofRow key={name} name={name} number={place + 1} proof={proof} people={people} />
        ))}
      </ol>
      {proof && <Finale proof={proof} />}
      <ProofAnnouncements proof={proof} />
    </Page>
  )
}

/** While the room learns, rows may ask different models. */
function Learning() {
  const { proof: words } = useWords()
  const node = useNode()
  const isLearning = useNodeState(({ phase }) => phase.kind === 'running')
  const mayPause = useNodeState(({ role }) => role === 'coordinator')
  if (!isLearning) return null
  return (
    <p className={styles.learning}>
      {words.learning}
      {mayPause && <Button onClick={() => node.pause()}>{words.pause}</Button>}
    </p>
  )
}
