/**
 * Whether this device reads public text of the model's world again beside its own, so that the model keeps what it knew. The
 * room may do so for all; where it does not, a person may for this tab.
 */
import { useState } from 'react'
import { presets } from '../../settings/presets'
import { table } from '../../settings/table'
import { useNode, useNodeState } from '../node'
import { SwitchField } from '../ui/controls/SwitchField'
import { useWords } from '../words/words'
import styles from './PrivateText.module.css'

export function KeepsKnowing() {
  const words = useWords()
  const node = useNode()
  const [isMine, setMine] = useState(false)
  const rehearsal = useNodeState((state) => state.settings.rehearsal)
  const isKnown = useNodeState((state) => state.role === 'device' && table.rehearsal.isMeant(state.settings))
  if (!isKnown) return null
  if (rehearsal > 0 && !isMine) return <p className={styles.leaves}>{words.own.roomRehearses}</p>
  return (
    <SwitchField
      label={words.own.rehearses}
      checked={rehearsal > 0}
      onChange={(checked) => {
        setMine(checked)
        void node.configure({ rehearsal: checked ? presets.facts.rehearsal : 0 })
      }}
    />
  )
}
