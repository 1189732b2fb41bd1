/** How this tab is forgotten, or one text of it: what it takes is said before, and what cannot be taken back is asked twice. */
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../lib/messageOf'
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { TextField } from '../ui/controls/Field'
import { Fold } from '../ui/Fold'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './PrivateText.module.css'

export function Forget() {
  const words = useWords()
  const canUnlearn = useNodeState((state) => state.settings.ledger)
  const isWaiting = useNodeState((state) => state.forgetting !== null)
  const isOwn = useNodeState((state) => state.text.prompt !== null)
  const isDevice = useNodeState((state) => state.role === 'device')
  const isOut = useNodeState((state) => state.certificates.some(({ of }) => of === 'everything'))
  if (!isDevice || isOut) return null
  return (
    <Panel title={words.forgetting.title}>
      <Fold title={words.forgetting.leave} quiet>
        <p className={styles.leaves}>{words.forgetting.lead(canUnlearn)}</p>
        {isWaiting ? (
          <p role="status" className={styles.amount}>
            {words.forgetting.waiting}
          </p>
        ) : (
          <div className={styles.pane}>
            {isOwn && <OneText />}
            <Everything />
          </div>
        )}
      </Fold>
    </Panel>
  )
}

function Everything() {
  const words = useWords()
  const node = useNode()
  const self = useNodeState((state) => state.selfKey)
  const [isAsked, setAsked] = useState(false)
  if (!isAsked) return <Button onClick={() => setAsked(true)}>{words.forgetting.leave}</Button>
  return (
    <>
      <p className={styles.leaves}>{words.forgetting.warning}</p>
      <div className={styles.chips}>
        <Button look="danger" onClick={() => node.forget(self)}>
          {words.forgetting.sure}
        </Button>
        <Button onClick={() => setAsked(false)}>{words.forgetting.stay}</Button>
      </div>
    </>
  )
}

function OneText() {
  const words = useWords()
  const node = useNode()
  const [said, setSaid] = useState('')
  const forget = async () => {
    try {
      await node.forgetText(said)
      setSaid('')
    } catch (error) {
      toast.error(words.said(messageOf(error)))
    }
  }
  return (
    <>
      <TextField
        label={words.forgetting.text}
        hint={words.forgetting.textHint}
        value={said}
        onChange={setSaid}
        maxLength={400}
      />
      <Button disabled={said.trim() === ''} onClick={forget}>
        {words.forgetting.forgetText}
      </Button>
    </>
  )
}
