/** The screen of a tab that gossips: a device's and, for want of anybody in charge, the room's buttons as well. */
import { AskPanel } from '../ask/AskPanel'
import { LossChart } from '../charts/LossChart'
import { RecallPanel } from '../charts/RecallPanel'
import { Invite } from '../coordinator/Invite'
import { RunBar } from '../coordinator/RunBar'
import { SetupPanel } from '../coordinator/SetupPanel'
import { StartPanel } from '../coordinator/StartPanel'
import styles from '../device/DevicePage.module.css'
import { Identity } from '../device/Identity'
import { MyTraining } from '../device/MyTraining'
import { PrivateText } from '../device/PrivateText'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { TakeHome } from '../TakeHome'
import { WebPanel } from '../topology/WebPanel'
import { Panel } from '../ui/Panel'
import { useWords } from '../words/words'
import { AgreementPanel } from './AgreementPanel'

export function PeerPage() {
  const words = useWords()
  const inLobby = useNodeState((state) => state.phase.kind === 'lobby')
  const invites = useNodeState((state) => state.invite !== null)
  const recalled = useNodeState((state) => state.history.some(({ recall }) => recall !== null))
  const learned = useNodeState((state) => state.version > 0)
  return (
    <main id="content" tabIndex={-1} className={styles.page}>
      <Problems />
      <Identity />
      {inLobby ? <StartPanel /> : <RunBar />}
      <div className={styles.columns}>
        <div className={styles.column}>
          <WebPanel />
          <AgreementPanel />
          <PrivateText />
          <MyTraining />
          {recalled && <RecallPanel />}
        </div>
        <div className={styles.column}>
          {invites && <Invite small={!inLobby} />}
          {inLobby && <SetupPanel moment="lobby" />}
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
