/** Everybody in the room as a list, with what they do. */
import type { CSSProperties } from 'react'
import type { AssignedView, DeviceView } from '../../node/state'
import { useDeviceColour } from '../colours/devices'
import { useDoing } from '../doing'
import { lossIn } from '../format'
import { useNode, useNodeState } from '../node'
import { Heirs } from '../room/Heirs'
import { Button } from '../ui/controls/Button'
import { Panel } from '../ui/page/Panel'
import { StateMark } from '../ui/StateMark'
import { useLanguage, useWords } from '../words/words'
import styles from './DeviceList.module.css'
import { AdmitAll, Lock } from './Knocks'
import { TakeOut } from './TakeOut'

export function DeviceList() {
  const words = useWords()
  const language = useLanguage()
  const colourOf = useDeviceColour()
  const doing = useDoing()
  const everybody = useNodeState((state) => state.devices)
  const inLobby = useNodeState((state) => state.phase.kind === 'lobby')
  const keepsLedger = useNodeState((state) => state.settings.ledger && state.phase.kind !== 'lobby')
  const hasEdges = useNodeState((state) => state.settings.scheme === 'hierarchical')
  const isSecure = useNodeState((state) => state.settings.secure)
  const devices = everybody.filter(({ role }) => role !== 'coordinator')
  return (
    <Panel title={words.lobby.devices} aside={<span className={styles.count}>{devices.length}</span>}>
      {isSecure && <p className={styles.empty}>{words.lobby.seesSums}</p>}
      {!isSecure && !hasEdges && <p className={styles.empty}>{words.lobby.seesUpdates}</p>}
      {inLobby && <AdmitAll />}
      <Lock />
      <Heirs />
      {devices.length === 0 && <p className={styles.empty}>{words.lobby.empty}</p>}
      <ul className={styles.list}>
        {devices.map((device) => (
          <li
            key={device.key}
            style={{ '--own': colourOf(device.key) } as CSSProperties}
            className={device.activity === 'gone' ? styles.gone : undefined}
          >
            <span className={styles.name}>{device.name}</span>
            <span className={styles.state}>
              <StateMark state={doing(device)} />
              {words.activity[doing(device)]}
            </span>
            <span className={styles.detail}>
              {device.trainLoss === null
                ? words.examples(device.examples)
                : lossIn(device.trainLoss, language)}
            </span>
            {hasEdges && <Tier device={device} />}
            {device.assigned && <Given assigned={device.assigned} />}
            {keepsLedger && <TakeOut device={device.key} name={device.name} />}
            <Trust device={device} />
            {device.refused && <p className={styles.refused}>{words.web.refused(device.refused)}</p>}
          </li>
        ))}
      </ul>
    </Panel>
  )
}

/** What to compare with its page where its link named no key, and the way to be rid of it. */
function Trust({ device: { key, name } }: { readonly device: DeviceView }) {
  const words = useWords()
  const node = useNode()
  const phrase = useNodeState((state) => state.phrases[key])
  return (
    <p className={styles.tier}>
      {phrase && <span>{words.lobby.compare(phrase)}</span>}
      <Button look="quiet" aria-label={words.lobby.shutOut(name)} onClick={() => node.shutOut(key)}>
        {words.lobby.shutOutShort}
      </Button>
    </p>
  )
}

/** What it does in a round, where that follows from what it can do; the web's details say more and let it be set. */
function Given({ assigned: { steps, batch, expectedMs } }: { readonly assigned: AssignedView }) {
  const words = useWords()
  return (
    <p className={styles.tier}>{words.assigned.given(steps, batch, words.duration(expectedMs / 1000))}</p>
  )
}

/** An edge, or at which edge; and the button that changes it. */
function Tier({ device: { key, name, volunteers, isEdge, edge } }: { readonly device: DeviceView }) {
  const words = useWords()
  const node = useNode()
  const at = useNodeState((state) => state.devices.find((other) => other.key === edge)?.name ?? null)
  return (
    <p className={styles.tier}>
      <span>{isEdge ? words.edges.edge : volunteers ? words.edges.asks : at && words.edges.at(at)}</span>
      <Button look="quiet" onClick={() => node.appoint(key, !isEdge)}>
        {isEdge ? words.edges.dismiss(name) : words.edges.appoint(name)}
      </Button>
    </p>
  )
}
