/** One prompt, three answers: before, alone, together. */
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../lib/messageOf'
import type { Answers } from '../../node/gossamerNode'
import type { SuggestedPrompt } from '../../node/state'
import { useNode, useNodeState } from '../node'
import { PromptField } from '../pictures/PromptField'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import { Answer } from './Answer'
import styles from './AskPanel.module.css'
import { Suggestions, useSuggestions } from './Suggestions'

export function AskPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  const node = useNode()
  const suggested = useSuggestions()
  const learned = useNodeState((state) => state.version > 0)
  const [prompt, setPrompt] = useState('')
  const [answers, setAnswers] = useState<Answers | null>(null)
  const [asked, setAsked] = useState<SuggestedPrompt | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const ask = async (text: string, suggestion: SuggestedPrompt | null) => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    setFailure(null)
    setAsked(suggestion)
    try {
      setAnswers(await node.ask(text, { tokens: 24, temperature: 0 }))
    } catch (error) {
      setFailure(words.said(messageOf(error)))
    } finally {
      setBusy(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void ask(prompt, suggested.find((one) => one.prompt === prompt) ?? null)
  }

  return (
    <Panel title={words.ask.title} lead={words.ask.lead} tour="ask" className={className}>
      <Suggestions
        disabled={busy}
        onChoose={(one) => {
          setPrompt(one.prompt)
          void ask(one.prompt, one)
        }}
      />
      <form className={styles.form} onSubmit={submit}>
        <PromptField label={words.ask.prompt} value={prompt} onChange={setPrompt} />
        <Button look="primary" type="submit" disabled={busy || prompt.trim() === ''}>
          {busy ? words.ask.asking : words.ask.button}
        </Button>
      </form>
      {failure && (
        <p role="alert" className={styles.failure}>
          {failure}
        </p>
      )}
      {!answers && !busy && !failure && !learned && <p className={styles.early}>{words.ask.early}</p>}
      {(answers || busy) && (
        <>
          <div className={styles.answers} aria-live="polite" aria-busy={busy}>
            <Answer kind="base" answers={busy ? null : answers} expected={asked?.answer ?? null} />
            <Answer kind="alone" answers={busy ? null : answers} expected={asked?.answer ?? null} />
            <Answer kind="federated" answers={busy ? null : answers} expected={asked?.answer ?? null} />
          </div>
          {answers && !busy && asked?.answer && (
            <p className={styles.expected}>{words.ask.expected(asked.answer.trim())}</p>
          )}
        </>
      )}
    </Panel>
  )
}
