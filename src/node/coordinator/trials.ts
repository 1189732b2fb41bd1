/**
 * IFCA's question in tabs (Ghosh et al., arXiv 2006.04088): every device is sent the adapters of all clusters and says how
 * well each fits the text that it trains on. Which cluster it belongs to then is the federation's to decide. The price
 * is the downlink: as many adapters as there are clusters, for every device.
 */
import type { AdapterId, CoordinatorHappening, DeviceKey, Effect } from '../../federation/types'
import type { Post } from '../executor/post'
import type { Versions } from '../executor/versions'
import type { Tried } from '../wire/messages'

export interface Trials {
  perform(effect: Effect & { type: 'try' }): void
  hear(device: DeviceKey, answer: Tried): void
}

interface Asked {
  readonly round: number
  readonly adapters: readonly AdapterId[]
  readonly losses: ReadonlyMap<AdapterId, number>
}

export function trialsOf(
  send: Post['send'],
  versions: Versions,
  happen: (event: CoordinatorHappening) => void,
): Trials {
  const asked = new Map<DeviceKey, Asked>()
  return {
    perform({ to, round, adapters: names }) {
      for (const device of to) {
        asked.set(device, { round, adapters: names.map(({ adapter }) => adapter), losses: new Map() })
        for (const { adapter, version } of names) {
          const { bytes } = (versions.at({ adapter, version }) ?? versions.newest(adapter)).whole
          send(device, { type: 'trial', round, adapter, version }, bytes)
        }
      }
    },
    hear(device, { round, adapter, loss }) {
      const question = asked.get(device)
      if (question?.round !== round || !question.adapters.includes(adapter)) return
      const losses = new Map([...question.losses, [adapter, loss]])
      asked.set(device, { ...question, losses })
      if (losses.size < question.adapters.length) return
      asked.delete(device)
      happen({ type: 'tried', device, round, losses: Object.fromEntries(losses) })
    },
  }
}
