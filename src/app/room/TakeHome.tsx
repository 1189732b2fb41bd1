/** The merged adapter as a file for the reader's own machine: as a panel of its own, or as one button at the end of a run. */
import { useState } from 'react'
import { toast } from 'sonner'
import { messageOf } from '../../lib/messageOf'
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import { save } from './save'
import styles from './TakeHome.module.css'

interface Props {
  readonly prominent?: boolean
}

export function TakeHome({ prominent = false }: Props) {
  const words = useWords()
  const version = useNodeState((state) => state.version)
  return (
    <Panel
      tour="take-home"
      title={words.takeHome.title}
      lead={version > 0 ? words.takeHome.lead : words.takeHome.early}
    >
      <div className={styles.row}>
        <TakeHomeButton prominent={prominent} />
        <Fingerprint />
      </div>
    </Panel>
  )
}

export function TakeHomeButton({ prominent = false }: Props) {
  const words = useWords()
  const node = useNode()
  const version = useNodeState((state) => state.version)
  const [busy, setBusy] = useState(false)
  const take = async () => {
    setBusy(true)
    try {
      const { fileName, bytes } = await node.takeHome()
      save(fileName, bytes, 'application/zip')
      toast.success(words.takeHome.done(fileName, words.bytes(bytes.length)))
    } catch (error) {
      toast.error(words.said(messageOf(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button look={prominent ? 'primary' : 'plain'} disabled={version === 0 || busy} onClick={take}>
      {busy ? words.takeHome.working : words.takeHome.button}
    </Button>
  )
}

/** Which adapter it is: the same in every tab that holds it. */
export function Fingerprint() {
  const words = useWords()
  const version = useNodeState((state) => state.version)
  const hash = useNodeState((state) => state.adapterHash)
  if (!hash) return null
  return (
    <p className={styles.hash}>
      {words.run.version} {version} · {words.takeHome.hash} <code title={hash}>{hash.slice(0, 12)}</code>
    </p>
  )
}
