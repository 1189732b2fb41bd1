/** The screen of a tab that gossips: a device's and, for want of anybody in charge, the room's buttons as well. */
import { LossPanel } from '../charts/loss/LossPanel'
import { Invite } from '../coordinator/Invite'
import { RunBar } from '../coordinator/RunBar'
import { SetupPanel } from '../coordinator/SetupPanel'
import { StartPanel } from '../coordinator/StartPanel'
import { Identity } from '../device/Identity'
import { LearnedPanels } from '../device/LearnedPanels'
import { MyTraining } from '../device/MyTraining'
import { OwnPanels } from '../device/OwnPanels'
import { PrivateText } from '../device/PrivateText'
import { useNodeState } from '../node'
import { Problems } from '../problems'
import { WebPanel } from '../topology/WebPanel'
import { Page } from '../ui/page/Page'
import { AgreementPanel } from './AgreementPanel'
import styles from './PeerPage.module.css'

export function PeerPage() {
  const inLobby = useNodeState((state) => state.phase.kind === 'lobby')
  const invites = useNodeState((state) => state.invite !== null)
  return (
    <Page>
      <Problems />
      <Identity />
      {inLobby ? <Lobby invites={invites} /> : <Run invites={invites} />}
    </Page>
  )
}

interface Props {
  /** Only whoever opened the room holds its link. */
  readonly invites: boolean
}

function Lobby({ invites }: Props) {
  return (
    <>
      <StartPanel />
      <div className={styles.row}>
        <WebPanel />
        {invites ? <Invite /> : <AgreementPanel />}
      </div>
      <SetupPanel moment="lobby" />
      <div className={styles.row}>
        <PrivateText />
        {invites && <AgreementPanel />}
        <MyTraining />
      </div>
    </>
  )
}

function Run({ invites }: Props) {
  return (
    <>
      <RunBar />
      <div className={styles.pictures}>
        <WebPanel />
        <LossPanel />
      </div>
      <div className={styles.below}>
        <div className={styles.stack}>
          <OwnPanels />
        </div>
        <div className={styles.stack}>
          <AgreementPanel />
          <LearnedPanels />
          {invites && <Invite small />}
        </div>
      </div>
    </>
  )
}
