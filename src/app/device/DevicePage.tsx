/** A device's screen: who I am, what I read, how I learn, and what I can answer by now. */
import { LossPanel } from '../charts/loss/LossPanel'
import { MergingPanel } from '../charts/MergingPanel'
import { Problems } from '../problems'
import { Certificates } from '../room/Certificates'
import { Page } from '../ui/page/Page'
import styles from './DevicePage.module.css'
import { Forget } from './Forget'
import { Identity } from './Identity'
import { LearnedPanels } from './LearnedPanels'
import { OwnPanels } from './OwnPanels'

export function DevicePage() {
  return (
    <Page>
      <Problems />
      <Identity />
      <div className={styles.columns}>
        <div className={styles.column}>
          <OwnPanels />
          <MergingPanel />
          <Forget />
          <Certificates />
        </div>
        <div className={styles.column}>
          <LossPanel className={styles.chart} />
          <LearnedPanels />
        </div>
      </div>
    </Page>
  )
}
