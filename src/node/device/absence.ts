/** What a device's tab does and says while its coordinator is away, or will not have it. */
import type { Network } from '../../network/network'
import type { Tab } from '../tab/tab'

/**
 * @param wasHere another life of this tab was of the room: it is in it also where nobody coordinates
 * @param lost whatever was ordered counts no more
 */
export function tellOfAbsence(tab: Tab, network: Network, wasHere: boolean, lost: () => void): void {
  const isAlone = ![...network.peers.values()].some(({ role }) => role === 'coordinator')
  if (wasHere && isAlone) {
    tab.set({ phase: { kind: 'waiting-for-room' } })
    tab.problem('coordinator-gone', nobodyYet)
  }
  network.on('leave', (peer, why) => {
    if (peer.role !== 'coordinator') return
    lost()
    tab.setDevice(peer.deviceKey, { activity: 'gone' })
    tab.set({ phase: { kind: 'waiting-for-room' } })
    // Sent away: the network has said why.
    if (why === 'refused') return
    const what =
      'The coordinator’s tab is gone. Keep this tab open: it joins again by itself when that one is back.'
    tab.problem('coordinator-gone', `${what} Your adapter stays here.`)
  })
  network.on('join', ({ role }) => {
    if (role !== 'coordinator') return
    for (const code of ['coordinator-gone', 'room-full', 'too-much', 'unreadable', 'other-version'])
      tab.solved(code)
  })
}

const nobodyYet =
  'The coordinator’s tab is not there. Keep this tab open: it joins again by itself when that one is back, or when the devices have elected another.'
