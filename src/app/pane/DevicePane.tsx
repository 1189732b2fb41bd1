/** One device inside a wall: name, state, a line of its text, its loss falling, its neighbours, and one question about somebody else's text. */
import type { CSSProperties } from 'react'
import { Sparkline } from '../charts/measure/Sparkline'
import { useDeviceColour } from '../colours/devices'
import { useDoing } from '../doing'
import { lossIn } from '../format'
import { Neighbours } from '../gossip/Neighbours'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { StateMark } from '../ui/StateMark'
import { useLanguage, useWords } from '../words/words'
import { AskOne } from './AskOne'
import styles from './Pane.module.css'

export function DevicePane() {
  const words = useWords()
  const language = useLanguage()
  const colourOf = useDeviceColour()
  const doing = useDoing()
  const self = useNodeState((state) => state.devices.find(({ isSelf }) => isSelf))
  const sample = useNodeState((state) => state.text.sample[0])
  if (!self) return null
  const colour = colourOf(self.key)
  return (
    <main id="content" tabIndex={-1} className={styles.device} style={{ '--own': colour } as CSSProperties}>
      <header>
        <h1>{self.name}</h1>
        <p>
          <StateMark state={doing(self)} />
          {words.activity[doing(self)]}
        </p>
        <output aria-label={words.own.localLoss}>{lossIn(self.trainLoss, language)}</output>
      </header>
      {sample && (
        <p className={styles.sample} title={sample}>
          {sample}
        </p>
      )}
      <Sparkline deviceKey={self.key} colour={colour} label={words.loss.local(self.name)} />
      <Neighbours />
      <AskOne />
      <Problems />
    </main>
  )
}
