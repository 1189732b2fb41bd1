/** The coordinator inside a wall: the same parts as its page, without what only matters between machines. */
import { AskPanel } from '../ask/AskPanel'
import { LossChart } from '../charts/LossChart'
import { RecallPanel } from '../charts/RecallPanel'
import { RunBar } from '../coordinator/RunBar'
import { StartPanel } from '../coordinator/StartPanel'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { TakeHome } from '../TakeHome'
import { TopologyWeb } from '../topology/TopologyWeb'
import { Panel } from '../ui/Panel'
import { useWords } from '../words/words'
import styles from './Pane.module.css'

export function CoordinatorPane() {
  const words = useWords()
  const kind = useNodeState((state) => state.phase.kind)
  const measured = useNodeState((state) => state.baseRecall !== null || state.settings.corpus !== 'own')
  return (
    <main id="content" tabIndex={-1} className={styles.coordinator}>
      <h1 className="visually-hidden">{words.coordinator}</h1>
      {kind === 'lobby' ? <StartPanel walled={self !== top} /> : <RunBar />}
      <Problems />
      <div className={styles.pictures}>
        <Panel title={words.web.title} tour="web">
          <TopologyWeb />
        </Panel>
        <Panel title={words.loss.title} tour="loss">
          <LossChart controls={false} />
        </Panel>
      </div>
      {measured && <RecallPanel />}
      <AskPanel />
      {kind === 'finished' && <TakeHome prominent />}
    </main>
  )
}
