/** What is known of one node: shown when it is clicked in the web. */
import { useDeviceColour } from '../../colours/devices'
import { useDoing } from '../../doing'
import { lossIn } from '../../format'
import { useNodeState } from '../../node'
import { StateMark } from '../../ui/StateMark'
import { useLanguage, useWords } from '../../words/words'
import { clusterName } from '../clusters'
import { trafficOf } from '../traffic'
import { AssignmentForm } from './AssignmentForm'
import styles from './DeviceDetails.module.css'

export function DeviceDetails({ deviceKey }: { readonly deviceKey: string }) {
  const words = useWords()
  const language = useLanguage()
  const colourOf = useDeviceColour()
  const doing = useDoing()
  const device = useNodeState((state) => state.devices.find(({ key }) => key === deviceKey))
  const edge = useNodeState(
    (state) => state.devices.find(({ key }) => key === device?.edge && key !== deviceKey)?.name ?? null,
  )
  const own = useNodeState((state) => state.backend)
  if (!device) return null
  const coordinating = device.role === 'coordinator'
  const traffic = trafficOf(device)
  const rows: readonly (readonly [string, string | null])[] = [
    [words.web.loss, coordinating ? null : lossIn(device.trainLoss, language)],
    [words.web.step, device.steps > 0 ? words.web.stepOf(device.step, device.steps) : null],
    [words.web.speed, device.tokensPerSecond === null ? null : words.number(device.tokensPerSecond)],
    [words.web.backend, device.isSelf ? (own?.device ?? device.backend) : device.backend],
    [words.web.speech, (device.isSelf && own?.speaksOn) || null],
    [words.web.text, coordinating ? null : words.examples(device.examples)],
    [words.web.transport, device.transport && words.transport[device.transport]],
    [words.web.roundTrip, device.roundTripMs === null ? null : words.web.milliseconds(device.roundTripMs)],
    [words.web.sent, traffic && words.bytes(traffic.sent)],
    [words.web.received, traffic && words.bytes(traffic.received)],
    [words.edges.column, edge],
    [words.clusters.column, device.cluster && clusterName(device.cluster, words)],
  ]
  return (
    <div>
      <p className={styles.head} style={{ borderColor: colourOf(device.key) }}>
        <strong>{coordinating ? words.coordinator : device.name}</strong>
        <StateMark state={doing(device)} />
        {words.activity[doing(device)]}
      </p>
      {device.refused && <p className={styles.refused}>{words.web.refused(device.refused)}</p>}
      <dl className={styles.facts}>
        {rows
          .filter(([, value]) => value !== null)
          .map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <AssignmentForm device={device} />
    </div>
  )
}
