/** A device's screen: who I am, what I read, how I learn, and what I can answer by now. */
import { AskPanel } from '../ask/AskPanel'
import { LossChart } from '../charts/LossChart'
import { MergingPanel } from '../charts/MergingPanel'
import { RecallPanel } from '../charts/RecallPanel'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { TakeHome } from '../TakeHome'
import { Panel } from '../ui/Panel'
import { useWords } from '../words/words'
import styles from './DevicePage.module.css'
import { Identity } from './Identity'
import { MyTraining } from './MyTraining'
import { PrivateText } from './PrivateText'

export function DevicePage() {
  const words = useWords()
  const recalled = useNodeState((state) => state.history.some(({ recall }) => recall !== null))
  const learned = useNodeState((state) => state.version > 0)
  return (
    <main id="content" tabIndex={-1} className={styles.page}>
      <Problems />
      <Identity />
      <div className={styles.columns}>
        <div className={styles.column}>
          <PrivateText />
          <MyTraining />
          {recalled && <RecallPanel />}
          <MergingPanel />
        </div>
        <div className={styles.column}>
          <Panel title={words.loss.title} lead={words.loss.lead} tour="loss" className={styles.chart}>
            <LossChart />
          </Panel>
          <AskPanel />
          <TakeHome prominent={learned} />
        </div>
      </div>
    </main>
  )
}
