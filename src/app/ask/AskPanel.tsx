/** One prompt, three answers: before, alone, together. The chips say whose tab alone has read the answer. */
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../lib/messageOf'
import type { Answers, SuggestedPrompt } from '../../node/state'
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { TextField } from '../ui/controls/Field'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import { Answer } from './Answer'
import styles from './AskPanel.module.css'

export function AskPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  const node = useNode()
  const shared = useNodeState((state) => state.suggestedPrompts)
  /** Of this tab's own text: nobody else is shown it. */
  const own = useNodeState((state) => state.text.prompt)
  const suggestions = own ? [own, ...shared] : shared
  const selfName = useNodeState((state) => state.devices.find(({ isSelf }) => isSelf)?.name ?? null)
  const learned = useNodeState((state) => state.version > 0)
  const [prompt, setPrompt] = useState('')
  const [answers, setAnswers] = useState<Answers | null>(null)
  const [asked, setAsked] = useState<SuggestedPrompt | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const ask = async (text: string) => {
    if (text.trim() === '' || busy) return
    setBusy(true)
    setFailure(null)
    setAsked(suggestions.find((one) => one.prompt === text) ?? null)
    try {
      setAnswers(await node.ask(text, { tokens: 24, temperature: 0 }))
    } catch (error) {
      setFailure(words.said(messageOf(error)))
    } finally {
      setBusy(false)
    }
  }
  const whose = (one: SuggestedPrompt) => {
    if (one === own) return words.ask.ownText
    if (one.owner === null) return words.ask.everyday
    return one.owner === selfName ? words.ask.own : words.ask.only(one.owner)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void ask(prompt)
  }

  return (
    <Panel title={words.ask.title} lead={words.ask.lead} tour="ask" className={className}>
      {suggestions.length > 0 && (
        <ul className={styles.chips} aria-label={words.ask.suggestions}>
          {suggestions.map((one) => (
            <li key={one.prompt}>
              <button
                type="button"
                disabled={busy}
                onClick={() => {
                  setPrompt(one.prompt)
                  void ask(one.prompt)
                }}
              >
                <span>{one.prompt} …</span>
                <small>{whose(one)}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
      <form className={styles.form} onSubmit={submit}>
        <TextField label={words.ask.prompt} value={prompt} onChange={setPrompt} maxLength={400} />
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
