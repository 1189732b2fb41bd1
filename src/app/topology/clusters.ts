/** Clusters as the page shows them: in a fixed order, each with a name for people and a look of its own. */
import type { DeviceView } from '../../node/state'
import { paletteColour } from '../colours/palette'
import type { Words } from '../words/en'

interface ShownCluster {
  readonly id: string
  readonly name: string
  readonly colour: string
  /** Outlines differ too: colour alone tells nobody apart who does not see it. */
  readonly dash: string | undefined
  readonly devices: readonly DeviceView[]
}

const dashes = [undefined, '8 5', '2 5', '12 4 2 4']

export function clustersIn(devices: readonly DeviceView[], words: Words): readonly ShownCluster[] {
  const ids = [...new Set(devices.flatMap(({ cluster }) => cluster ?? []))].sort(byNumber)
  return ids.map((id, place) => ({
    id,
    name: clusterName(id, words),
    colour: paletteColour(place),
    dash: dashes[place % dashes.length],
    devices: devices.filter(({ cluster }) => cluster === id),
  }))
}

/** `cluster-2` is Cluster 2; before devices are told apart there is one for all. */
export const clusterName = (id: string, { clusters }: Words): string =>
  id.startsWith('cluster-') ? clusters.name(id.slice('cluster-'.length)) : clusters.everybody

/** Members of a cluster sit side by side. */
export const seatedByCluster = (devices: readonly DeviceView[]): readonly DeviceView[] =>
  devices.toSorted((a, b) => byNumber(a.cluster ?? '', b.cluster ?? ''))

const byNumber = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true })
