/** Everybody in the room as a list: knocks to answer first, then the devices with what they do. */
import type { CSSProperties } from 'react'
import { deviceColour } from '../colours'
import { lossIn } from '../format'
import { useNode, useNodeState } from '../node'
import { Button } from '../ui/Button'
import { Panel } from '../ui/Panel'
import { StateMark } from '../ui/StateMark'
import { SwitchField } from '../ui/SwitchField'
import { useLanguage, useWords } from '../words/words'
import styles from './DeviceList.module.css'

export function DeviceList() {
  const words = useWords()
  const language = useLanguage()
  const everybody = useNodeState((state) => state.devices)
  const devices = everybody.filter(({ role }) => role !== 'coordinator')
  return (
    <Panel title={words.lobby.devices} aside={<span className={styles.count}>{devices.length}</span>}>
      <Knocks />
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

function Knocks() {
  const words = useWords()
  const node = useNode()
  const knocks = useNodeState((state) => state.knocks)
  const admitAll = useNodeState((state) => state.admitAll)
  const open = useNodeState((state) => state.phase.kind === 'lobby')
  return (
    <>
      {knocks.length > 0 && (
        <ul className={styles.knocks} aria-label={words.lobby.knocks} aria-live="polite">
          {knocks.map(({ peer, name }) => (
            <li key={peer}>
              <strong>{name}</strong>
              <Button look="primary" aria-label={words.lobby.admit(name)} onClick={() => node.admit(peer)}>
                {words.lobby.admitShort}
              </Button>
              <Button look="quiet" aria-label={words.lobby.refuse(name)} onClick={() => node.refuse(peer)}>
                {words.lobby.refuseShort}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {open && (
        <SwitchField
          label={words.lobby.admitAll}
          checked={admitAll}
          onChange={(checked) => node.setAdmitAll(checked)}
        />
      )}
    </>
  )
}
