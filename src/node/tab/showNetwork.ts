/** What a tab's state shows of its network: links, bytes, what is on its way, trouble; and what each device has sent and received. */
import type { Network, Peer, Traffic } from '../../network/network'
import { aWhileAfter } from '../../network/time/clock'
import type { DeviceView } from '../state'
import { isLargeRoom, largeRoomPeriodMs } from './largeRoom'
import type { Tab } from './tab'

/** Figures that change with every message are shown so often and no more; of more peers less often. */
const shownEveryMs = 100
const mostCountedAtOnce = 32

/**
 * Shows what the network knows: transport, bytes, transfers on their way, round trips, trouble.
 * @param traffic of all lives of this tab, where they count together
 */
export function showNetwork(tab: Tab, network: Network, traffic = () => network.bytes): void {
  const keyOf = (peer: string) => network.peers.get(peer)?.deviceKey ?? peer
  const showBytes = () => {
    const bytes = traffic()
    const own = { bytesSent: bytes.sent, bytesReceived: bytes.received }
    const { devices } = tab.store.getState()
    const place = devices.findIndex(({ isSelf }) => isSelf)
    tab.set({
      bytes,
      departed: network.departed,
      devices: devices.with(place, { ...devices[place], ...own }),
    })
  }
  tab.set({ transport: network.transport })
  tab.setDevice(tab.selfKey, { peer: network.self, transport: network.transport })
  network.on('transfer', ({ peer, direction, kind, doneBytes, totalBytes }) => {
    if (kind !== 'adapter' && kind !== 'update') return
    const [fromKey, toKey] = direction === 'out' ? [tab.selfKey, keyOf(peer)] : [keyOf(peer), tab.selfKey]
    const id = `${kind} ${fromKey} ${toKey}`
    const { transfers } = tab.store.getState()
    const others = transfers.filter((transfer) => transfer.id !== id)
    if (doneBytes < totalBytes)
      tab.set({ transfers: [...others, { id, fromKey, toKey, kind, doneBytes, totalBytes }] })
    else if (others.length < transfers.length) tab.set({ transfers: others })
  })
  const periodMs = () => (isLargeRoom(tab) ? largeRoomPeriodMs : shownEveryMs)
  network.on('message', aWhileAfter(tab.clock, periodMs, showBytes))
  // What was on its way to or from it will not arrive any more.
  network.on('leave', ({ deviceKey }) => {
    const { transfers } = tab.store.getState()
    const others = transfers.filter(({ fromKey, toKey }) => fromKey !== deviceKey && toKey !== deviceKey)
    if (others.length < transfers.length) tab.set({ transfers: others })
  })
  network.on('change', ({ deviceKey, roundTripMs, transport }) =>
    tab.setDevice(deviceKey, { roundTripMs, transport }),
  )
  const showPhrase = ({ deviceKey }: Peer, phrase: string | null) => {
    const { [deviceKey]: before, ...others } = tab.store.getState().phrases
    if (phrase !== null) tab.set({ phrases: { ...others, [deviceKey]: phrase } })
    else if (before !== undefined) tab.set({ phrases: others })
  }
  for (const peer of network.peers.values()) showPhrase(peer, peer.phrase)
  network.on('join', (peer) => showPhrase(peer, peer.phrase))
  network.on('leave', (peer) => showPhrase(peer, null))
  network.on('problem', ({ code, message }) => tab.problem(code, message))
  network.on('cleared', (code) => tab.solved(code))
}

/**
 * Counts what each device has sent and received over its links to this tab, one after the other where it reloads. For the tab
 * that knows them all at first hand: the coordinator, or one that gossips. To the others the coordinator says it.
 */
export function showTraffic(tab: Tab, network: Network): void {
  const counted = new WeakMap<Traffic, Traffic>()
  const countOf = ({ bytesSent, bytesReceived }: DeviceView, traffic: Traffic) => {
    const before = counted.get(traffic) ?? { sent: 0, received: 0 }
    counted.set(traffic, { ...traffic })
    return {
      bytesSent: bytesSent + traffic.received - before.received,
      bytesReceived: bytesReceived + traffic.sent - before.sent,
    }
  }
  const count = (peers: Iterable<Peer>) => {
    const trafficOf = new Map([...peers].map(({ deviceKey, traffic }) => [deviceKey, traffic]))
    tab.changeDevices((device) => {
      const traffic = trafficOf.get(device.key)
      return traffic ? countOf(device, traffic) : null
    })
  }
  const period = () => shownEveryMs * Math.max(1, network.peers.size / mostCountedAtOnce)
  network.on(
    'message',
    aWhileAfter(tab.clock, period, () => count(network.peers.values())),
  )
  network.on('leave', (peer) => count([peer]))
}
