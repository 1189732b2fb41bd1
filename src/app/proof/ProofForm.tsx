/** What every row asks, and the button that runs them all. Enter runs, Escape stops. */
import { type FormEvent, useState } from 'react'
import { messageOf } from '../../lib/messageOf'
import { between, whole } from '../../settings/kinds'
import { table } from '../../settings/table'
import { useNode, useNodeState } from '../node'
import { TypedField } from '../parameters/SettingField'
import { Button } from '../ui/controls/Button'
import { TextField } from '../ui/controls/Field'
import { useWords } from '../words/words'
import { revise, useProofDraft } from './draft'
import styles from './proof.module.css'

const lengths = whole(1, 512)
const temperatures = between(0, 2)

export function ProofForm() {
  const words = useWords()
  const node = useNode()
  const wish = useProofDraft()
  const [failure, setFailure] = useState<string | null>(null)
  const isRunning = useNodeState(({ proof }) => proof?.isRunning ?? false)
  const hasRun = useNodeState(({ proof }) => proof !== null)
  const run = async (event: FormEvent) => {
    event.preventDefault()
    if (isRunning || wish.prompt.trim() === '') return
    setFailure(null)
    await node.prove(wish).catch((problem) => setFailure(messageOf(problem)))
  }
  return (
    <form className={styles.form} aria-label={words.proof.question} onSubmit={(event) => void run(event)}>
      <TextField
        label={words.ask.prompt}
        value={wish.prompt}
        onChange={(prompt) => revise('prompt', prompt)}
        maxLength={160}
      />
      <TypedField
        label={words.proof.length}
        kind={lengths}
        value={wish.tokens}
        onChange={(value) => revise('tokens', value)}
      />
      <TypedField
        label={words.reason.temperature}
        kind={temperatures}
        value={wish.temperature}
        onChange={(value) => revise('temperature', value)}
      />
      <TypedField
        label={words.reason.seed}
        kind={table.seed.kind}
        value={wish.seed}
        onChange={(value) => revise('seed', value)}
      />
      <div className={styles.buttons}>
        <Button look="primary" type="submit" disabled={isRunning || wish.prompt.trim() === ''}>
          {isRunning ? words.proof.running : hasRun ? words.proof.again : words.proof.run}
        </Button>
        {isRunning && (
          <Button look="danger" onClick={() => node.stopProving()}>
            {words.reason.stop}
          </Button>
        )}
      </div>
      {failure !== null && (
        <p role="alert" className={styles.failure}>
          {words.said(failure)}
        </p>
      )}
    </form>
  )
}
