/** Everybody in the room as a list: knocks to answer first, then the devices with what they do. */
import type { CSSProperties } from 'react'
import { deviceColour } from '../colours'
import { lossIn } from '../format'
import { useNodeState } from '../node'
import { Panel } from '../ui/Panel'
import { StateMark } from '../ui/StateMark'
import { useLanguage, useWords } from '../words/words'
import styles from './DeviceList.module.css'
import { AdmitAll, Knocks } from './Knocks'

export function DeviceList() {
  const words = useWords()
  const language = useLanguage()
  const everybody = useNodeState((state) => state.devices)
  const inLobby = useNodeState((state) => state.phase.kind === 'lobby')
  const devices = everybody.filter(({ role }) => role !== 'coordinator')
  return (
    <Panel title={words.lobby.devices} aside={<span className={styles.count}>{devices.length}</span>}>
      {inLobby && (
        <>
          <Knocks />
          <AdmitAll />
        </>
      )}
      {devices.length === 0 && <p className={styles.empty}>{words.lobby.empty}</p>}
      <ul className={styles.list}>
        {devices.map((device) => (
          <li
            key={device.key}
            style={{ '--own': deviceColour(device) } as CSSProperties}
            className={device.activity === 'gone' ? styles.gone : undefined}
          >
            <span className={styles.name}>{device.name}</span>
            <span className={styles.state}>
              <StateMark state={device.activity} />
              {words.activity[device.activity]}
            </span>
            <span className={styles.detail}>
              {device.trainLoss === null
                ? words.examples(device.examples)
                : lossIn(device.trainLoss, language)}
            </span>
            {device.refused && <p className={styles.refused}>{words.web.refused(device.refused)}</p>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}
