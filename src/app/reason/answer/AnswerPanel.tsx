/** The answer as it grows: the question in grey, then each token in the colour of the tab that said it, and who that was. */
import { toast } from 'sonner'
import type { Asking } from '../../../node/reasoning/view/view'
import { useNode } from '../../node'
import { Button } from '../../ui/controls/Button'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import type { People } from '../people'
import styles from './answer.module.css'
import { ChosenWay } from './ChosenWay'
import { TokenText } from './TokenText'

interface Props {
  readonly asking: Asking | null
  readonly people: People
}

/** The id by which the page is brought there. */
export const answerPlace = 'reason-answer'

export function AnswerPanel({ asking, people }: Props) {
  const words = useWords()
  const node = useNode()
  const { reason } = words
  return (
    <div id={answerPlace} className={styles.place}>
      <Panel
        title={reason.answer}
        aside={
          asking && (
            <span className={styles.aside}>
              {asking.isRunning && (
                <Button look="danger" onClick={() => node.stopAsking()}>
                  {reason.stop}
                </Button>
              )}
              <span className={styles.mode}>
                {reason.modes[asking.mode].name}
                {asking.way !== asking.mode && ` → ${reason.modes[asking.way].name}`}
              </span>
            </span>
          )
        }
      >
        {!asking && <p className={styles.empty}>{reason.empty}</p>}
        {asking?.isTakenOver && <p className={styles.takenOver}>{reason.takenOver}</p>}
        {asking && <ChosenWay asking={asking} people={people} />}
        {asking && <TokenText key={asking.session} asking={asking} people={people} />}
        {asking?.problem && (
          <p role="alert" className={styles.problem}>
            {words.said(asking.problem)}
          </p>
        )}
        {asking?.hash && <Hash hash={asking.hash} />}
      </Panel>
    </div>
  )
}

/** Of the ids: two runs that say the same have the same. */
function Hash({ hash }: { readonly hash: string }) {
  const { reason: words } = useWords()
  const copy = async () => {
    await navigator.clipboard.writeText(hash)
    toast(words.copied)
  }
  return (
    <p className={styles.hash}>
      <span>
        {words.hash} <code title={hash}>{hash.slice(0, 16)}</code>
      </span>
      <Button look="quiet" aria-label={`${words.copyHash}: ${words.hash}`} onClick={() => void copy()}>
        {words.copyHash}
      </Button>
      <small>{words.hashLead}</small>
    </p>
  )
}
