/**
 * The room inside a wall, in its coordinator's tab or, where nobody coordinates, in the tab that opened it: the same parts as
 * its page, without what only matters between machines.
 */
import { AskPanel } from '../ask/AskPanel'
import { GeneralPanel } from '../charts/GeneralPanel'
import { LossChart } from '../charts/loss/LossChart'
import { RecallPanel } from '../charts/RecallPanel'
import { RunBar } from '../coordinator/RunBar'
import { StartPanel } from '../coordinator/StartPanel'
import { useHasFacts } from '../facts'
import { AgreementPanel } from '../gossip/AgreementPanel'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { TopologyWeb } from '../topology/web/TopologyWeb'
import { Panel } from '../ui/page/Panel'
import { useWords } from '../words/words'
import styles from './Pane.module.css'

export function RoomPane() {
  const words = useWords()
  const kind = useNodeState((state) => state.phase.kind)
  const name = useNodeState(({ web, devices }) => (web ? devices.find(({ isSelf }) => isSelf)?.name : null))
  const asksFacts = useHasFacts()
  return (
    <main id="content" tabIndex={-1} className={styles.room}>
      <h1 className="visually-hidden">{name ?? words.coordinator}</h1>
      {kind === 'lobby' ? <StartPanel walled={self !== top} /> : <RunBar givesOut />}
      <Problems />
      <div className={styles.pictures}>
        <Panel title={words.web.title} tour="web">
          <TopologyWeb />
        </Panel>
        <Panel title={words.loss.title} tour="loss">
          <LossChart controls={false} />
        </Panel>
      </div>
      <AgreementPanel />
      {asksFacts && <RecallPanel />}
      <GeneralPanel />
      <AskPanel />
    </main>
  )
}
