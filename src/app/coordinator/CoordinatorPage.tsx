/** The coordinator's screen: a lobby first, then the run on one page, then the adapter to take home. */
import { AskPanel } from '../ask/AskPanel'
import { GeneralPanel } from '../charts/GeneralPanel'
import { LossPanel } from '../charts/loss/LossPanel'
import { MergingPanel } from '../charts/MergingPanel'
import { RecallPanel } from '../charts/RecallPanel'
import { DepartedPanel } from '../departed/DepartedPanel'
import { useHasFacts } from '../facts'
import { useNodeState } from '../node'
import { PrivacyPanel } from '../privacy/PrivacyPanel'
import { Problems } from '../problems'
import { Certificates } from '../room/Certificates'
import { TakeHome } from '../room/TakeHome'
import { WebPanel } from '../topology/WebPanel'
import { Page } from '../ui/page/Page'
import { useWords } from '../words/words'
import styles from './CoordinatorPage.module.css'
import { DeviceList } from './DeviceList'
import { Invite } from './Invite'
import { RunBar } from './RunBar'
import { SetupPanel } from './SetupPanel'
import { StartPanel } from './StartPanel'

export function CoordinatorPage() {
  const words = useWords()
  const inLobby = useNodeState((state) => state.phase.kind === 'lobby')
  return (
    <Page wide>
      <h1 className="visually-hidden">{words.coordinator}</h1>
      <Problems />
      {inLobby ? <Lobby /> : <Run />}
    </Page>
  )
}

function Lobby() {
  return (
    <>
      <StartPanel />
      <div className={styles.lobby}>
        <Invite />
        <WebPanel />
        <DeviceList />
        <SetupPanel moment="lobby" className={styles.setup} />
      </div>
    </>
  )
}

function Run() {
  const finished = useNodeState((state) => state.phase.kind === 'finished')
  const asksFacts = useHasFacts()
  return (
    <>
      <RunBar givesOut />
      <div className={styles.run}>
        <WebPanel />
        <LossPanel className={styles.loss} />
      </div>
      <div className={styles.below}>
        <div className={styles.stack}>
          {asksFacts && <RecallPanel />}
          <GeneralPanel />
          <PrivacyPanel />
          <MergingPanel />
          <DeviceList />
          <Certificates />
        </div>
        <div className={styles.stack}>
          <AskPanel />
          <Invite small />
          {!finished && <TakeHome />}
          <DepartedPanel />
        </div>
      </div>
      {!finished && <SetupPanel moment="run" />}
    </>
  )
}
