/** The question: a prompt, who answers it, how long and how daring. Enter asks, Escape stops. */
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../../lib/messageOf'
import { Suggestions } from '../../ask/Suggestions'
import { useNode, useNodeState } from '../../node'
import { PromptField } from '../../pictures/PromptField'
import { Button } from '../../ui/controls/Button'
import { Panel } from '../../ui/page/Panel'
import { useWords } from '../../words/words'
import { answerPlace } from '../answer/AnswerPanel'
import { extrasOf, revise, useDraft } from '../draft'
import styles from './asking.module.css'
import { FinePrint } from './FinePrint'
import { KeptDraft } from './KeptDraft'
import { ModeChoice } from './ModeChoice'

export function QuestionPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  const node = useNode()
  const question = useDraft()
  const { mode, prompt, tokens, temperature, seed } = question
  /** From asking until there is an answer to follow. */
  const [isBeginning, setBeginning] = useState(false)
  const [failure, setFailure] = useState<string | null>(null)
  const isRunning = useNodeState(({ reasoning }) => reasoning.asking?.isRunning ?? false) || isBeginning
  /** What went wrong with an answer stands beside it. */
  const shown = useNodeState(({ reasoning }) => reasoning.asking?.problem ?? null)

  const ask = async (text: string) => {
    if (text.trim() === '' || isRunning) return
    setBeginning(true)
    setFailure(null)
    // On a phone it lies below.
    document.getElementById(answerPlace)?.scrollIntoView({ block: 'nearest' })
    try {
      await node.generate({ prompt: text, tokens, temperature, seed, mode, ...extrasOf(question) })
    } catch (error) {
      setFailure(messageOf(error))
    } finally {
      setBeginning(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void ask(prompt)
  }
  return (
    <Panel title={words.reason.ask} className={className}>
      <form className={styles.form} onSubmit={submit}>
        <div className={styles.prompt}>
          <PromptField
            label={words.ask.prompt}
            value={prompt}
            onChange={(text) => revise({ prompt: text })}
            hint={words.reason.hint}
          />
          <Button
            look="primary"
            type="submit"
            className={styles.button}
            disabled={isRunning || prompt.trim() === ''}
          >
            {isRunning ? words.reason.asking : words.ask.button}
          </Button>
        </div>
        {failure !== null && failure !== shown && (
          <p role="alert" className={styles.failure}>
            {words.said(failure)}
          </p>
        )}
        <Suggestions
          disabled={isRunning}
          onChoose={(suggestion) => {
            revise({ prompt: suggestion.prompt })
            void ask(suggestion.prompt)
          }}
        />
        <ModeChoice mode={mode} terms={question} onChoose={(chosen) => revise({ mode: chosen })} />
        <KeptDraft mode={mode} />
        <FinePrint />
      </form>
    </Panel>
  )
}
