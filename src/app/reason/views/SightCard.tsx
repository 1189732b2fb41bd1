/**
 * What this tab alone sees: its person says it here, in words, and takes it back. It stays in the tab; others may ask about it. A
 * picture would have its place below the words.
 */
import { useEffect, useState } from 'react'
import { messageOf } from '../../../lib/messageOf'
import { useNode, useNodeState } from '../../node'
import { Button } from '../../ui/controls/Button'
import { TextField } from '../../ui/controls/Field'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import styles from './views.module.css'

/** In letters: what a person may type; how many tokens there may be, the model decides. */
const mostLetters = 4000

export function SightCard() {
  const words = useWords()
  const { reason } = words
  const node = useNode()
  const { sees, mostSeen } = useNodeState(({ reasoning }) => reasoning)
  const [text, setText] = useState(sees?.text ?? '')
  const [failure, setFailure] = useState<string | null>(null)
  const seen = sees?.text ?? null
  // Kept from before a reload, or given from elsewhere: what is being typed stands.
  useEffect(() => setText((typed) => seen ?? typed), [seen])

  const see = async (given: string | null) => {
    setFailure(null)
    try {
      await node.see(given)
      if (given === null) setText('')
    } catch (problem) {
      setFailure(messageOf(problem))
    }
  }
  return (
    <Panel title={reason.sight}>
      <p className={styles.lead}>{reason.sightLead}</p>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void see(text)
        }}
      >
        <TextField
          label={reason.sightText}
          value={text}
          onChange={setText}
          rows={3}
          maxLength={mostLetters}
          hint={mostSeen === null ? undefined : reason.sightMost(mostSeen)}
          error={failure && words.said(failure)}
        />
        <div className={styles.buttons}>
          <Button type="submit" disabled={text.trim() === '' || text.trim() === seen}>
            {reason.sightKeep}
          </Button>
          {seen !== null && (
            <Button look="quiet" onClick={() => void see(null)}>
              {reason.sightForget}
            </Button>
          )}
          <p role="status" className={styles.kept}>
            {sees ? reason.sightKept(sees.tokens) : reason.sightNone}
          </p>
        </div>
      </form>
    </Panel>
  )
}
