/** The web with its title and the table behind it. */
import type { DeviceView } from '../../node/state'
import { useDoing } from '../doing'
import { lossIn } from '../format'
import { useNodeState } from '../node'
import { Panel } from '../ui/page/Panel'
import { TableBehind } from '../ui/table/TableBehind'
import { useLanguage, useWords } from '../words/words'
import { ClusterLegend } from './ClusterLegend'
import { clusterName } from './clusters'
import { trafficOf } from './traffic'
import { TopologyWeb } from './web/TopologyWeb'

export function WebPanel({ className }: { readonly className?: string }) {
  const words = useWords()
  const count = useNodeState((state) => state.devices.filter(({ role }) => role !== 'coordinator').length)
  return (
    <Panel title={words.web.title} tour="web" className={className} aside={words.devices(count)}>
      <TopologyWeb />
      <ClusterLegend />
      <WebTable />
    </Panel>
  )
}

function WebTable() {
  const words = useWords()
  const language = useLanguage()
  const devices = useNodeState((state) => state.devices)
  const doing = useDoing()
  const { web } = words
  const bytesOf = (device: DeviceView): readonly [string, string] => {
    const traffic = trafficOf(device)
    return traffic ? [words.bytes(traffic.sent), words.bytes(traffic.received)] : [web.nothing, web.nothing]
  }
  return (
    <TableBehind
      title={web.table}
      columns={[
        web.name,
        web.state,
        web.loss,
        web.speed,
        web.backend,
        web.transport,
        web.roundTrip,
        web.sent,
        web.received,
        words.clusters.column,
        words.assigned.column,
      ]}
      rows={() =>
        devices.map((device) => [
          device.role === 'coordinator' ? words.coordinator : device.name,
          words.activity[doing(device)],
          lossIn(device.trainLoss, language),
          device.tokensPerSecond === null ? web.nothing : words.number(device.tokensPerSecond),
          device.backend ?? web.nothing,
          device.transport ? words.transport[device.transport] : web.nothing,
          device.roundTripMs === null ? web.nothing : web.milliseconds(device.roundTripMs),
          ...bytesOf(device),
          device.cluster === null ? web.nothing : clusterName(device.cluster, words),
          device.assigned ? words.assigned.short(device.assigned.steps, device.assigned.batch) : web.nothing,
        ])
      }
    />
  )
}
