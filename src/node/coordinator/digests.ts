/**
 * What everybody is told of the room, a few times a second, as changes against what was told before: one message for all, so
 * that a change costs each of them one line. Whoever comes is told everything once.
 *
 * In a room of more devices than a page draws, a device is told of itself, of the edges, and of the first of the others; of
 * those that they are there, not how far they are. Digests are then gathered for longer, so that not more of them leave the
 * coordinator in a second than from a class.
 */
import type { DeviceKey } from '../../federation/types'
import type { Network, PeerId } from '../../network/network'
import { aWhileAfter } from '../../network/time/clock'
import type { Post } from '../executor/post'
import type { DeviceView, Phase } from '../state'
import { isLargeRoom, mostDrawn } from '../tab/largeRoom'
import type { Tab } from '../tab/tab'
import { changesOf } from '../wire/digest'
import type { ToDevice } from '../wire/messages'
import type { DeviceLine, LineChange, Standing } from '../wire/parts'

export const digestEveryMs = 400
/** Together, to all devices. Pages of a large room follow it less closely. */
const mostPerSecond = 80
const mostPerSecondOfMany = 40

export interface Digests {
  /** Something has changed. */
  changed(): void
  /** Tells a device all that the others know; from now on it hears the changes. */
  begin(device: DeviceKey): void
}

export function digestsOf(tab: Tab, network: Network, sendTo: Post['sendTo']): Digests {
  const listening = new Set<PeerId>()
  let told: ReadonlyMap<DeviceKey, DeviceLine> = new Map()
  let toldStanding: Standing | null = null
  /** What those were told of themselves whom not everybody is told of. */
  const toldItself = new Map<PeerId, DeviceLine>()

  let number = 0

  const say = (to: PeerId, digest: Omit<ToDevice & { type: 'digest' }, 'type' | 'number'>) => {
    const peer = network.peers.get(to)
    if (peer) sendTo(peer, { type: 'digest', number, ...digest })
  }

  function tell(): void {
    const { devices } = tab.store.getState()
    const lines = linesToTell(devices)
    const changes = changesOf(told, lines)
    const standing = standingOf(tab)
    const isNews = standing !== null && JSON.stringify(standing) !== JSON.stringify(toldStanding)
    told = new Map(lines.map((line) => [line.key, line]))
    toldStanding = standing
    number++
    const rest = new Map(devices.flatMap((view) => (told.has(view.key) ? [] : [[view.key, view]])))
    for (const id of listening) {
      const own = rest.get(network.peers.get(id)?.deviceKey ?? '')
      const all = [...changes.devices, ...(own ? ofItself(id, own) : [])]
      if (all.length === 0 && changes.gone.length === 0 && !isNews) continue
      say(id, { begins: false, devices: all, gone: changes.gone, standing: isNews ? standing : null })
    }
  }

  function ofItself(id: PeerId, view: DeviceView): LineChange[] {
    const before = toldItself.get(id)
    const line = withoutProgress(lineOf(view))
    toldItself.set(id, line)
    return changesOf(new Map(before ? [[before.key, before]] : []), [line]).devices
  }

  network.on('leave', ({ id }) => {
    listening.delete(id)
    toldItself.delete(id)
  })

  const periodMs = () =>
    Math.max(
      digestEveryMs,
      (1000 * listening.size) / (isLargeRoom(tab) ? mostPerSecondOfMany : mostPerSecond),
    )
  return {
    changed: aWhileAfter(tab.clock, periodMs, tell),
    begin(device) {
      for (const { id, deviceKey } of network.peers.values()) {
        if (deviceKey !== device) continue
        number++
        say(id, { begins: true, devices: [...told.values()], gone: [], standing: toldStanding })
        listening.add(id)
        toldItself.delete(id)
      }
    },
  }
}

/** Null before there is a room to speak of. */
function standingOf({ store }: Tab): Standing | null {
  const { phase, round, startedAtMs } = store.getState()
  return isOfRoom(phase) ? { phase, round, startedAtMs } : null
}

const isOfRoom = (phase: Phase): phase is Standing['phase'] =>
  phase.kind === 'lobby' || phase.kind === 'running' || phase.kind === 'paused' || phase.kind === 'finished'

const lineOf = ({ isSelf: _, ...line }: DeviceView): DeviceLine => line

function linesToTell(views: readonly DeviceView[]): DeviceLine[] {
  const lines = views.map(lineOf)
  if (lines.length <= mostDrawn + 1) return lines
  const edges = lines.filter(({ role, isEdge }) => role !== 'coordinator' && isEdge)
  const devices = lines.filter(({ role, isEdge }) => role !== 'coordinator' && !isEdge)
  const here = devices.filter(({ activity }) => activity !== 'gone')
  const away = devices.filter(({ activity }) => activity === 'gone')
  const coordinator = lines.filter(({ role }) => role === 'coordinator')
  const others = [...edges, ...here, ...away].slice(0, Math.max(mostDrawn, edges.length))
  return [...coordinator, ...others].map(withoutProgress)
}

/** What does not change while a device works. */
const withoutProgress = (line: DeviceLine): DeviceLine => ({
  ...line,
  activity: line.activity === 'gone' ? 'gone' : 'idle',
  step: 0,
  steps: 0,
  trainLoss: null,
  tokensPerSecond: null,
  roundTripMs: null,
  bytesSent: 0,
  bytesReceived: 0,
})
