/** A single question whose answer only another tab has read, for panes too small for the whole ask panel. */
import { useState } from 'react'
import { messageOf } from '../../lib/messageOf'
import { holdsAnswer } from '../ask/Answer'
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { useWords } from '../words/words'
import styles from './Pane.module.css'

type Outcome = { readonly text: string; readonly right: boolean } | { readonly failure: string }

export function AskOne() {
  const words = useWords()
  const node = useNode()
  const learned = useNodeState((state) => state.version > 0)
  const question = useNodeState((state) => {
    const self = state.devices.find(({ isSelf }) => isSelf)
    const others = state.suggestedPrompts.filter(({ owner }) => owner !== null && owner !== self?.name)
    return others.length > 0 ? others[Math.max(self?.index ?? 0, 0) % others.length] : null
  })
  const [busy, setBusy] = useState(false)
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  if (!question || !learned) return null
  const { prompt, owner, answer } = question
  const ask = async () => {
    setBusy(true)
    try {
      const { text } = (await node.ask(prompt, { tokens: 12, temperature: 0 })).federated
      setOutcome({ text, right: answer !== null && holdsAnswer(text, answer) })
    } catch (error) {
      setOutcome({ failure: words.said(messageOf(error)) })
    } finally {
      setBusy(false)
    }
  }
  return (
    <div className={styles.ask}>
      <p>
        {prompt} <small>{owner && words.ask.only(owner)}</small>
      </p>
      <div aria-live="polite">
        {outcome && 'failure' in outcome && <p>{outcome.failure}</p>}
        {outcome && 'text' in outcome && (
          <p className={outcome.right ? styles.right : undefined}>
            {outcome.right ? '✓' : '✕'} {outcome.text}
          </p>
        )}
      </div>
      <Button disabled={busy} onClick={ask}>
        {busy ? words.ask.asking : words.ask.button}
      </Button>
    </div>
  )
}
