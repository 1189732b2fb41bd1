/**
 * What a device shows of its room: the others, the run and its rounds, as the coordinator tells them. Of itself it knows
 * everything better but what the room has made of it: its name among others, its cluster, its edge, what it is given to do.
 */
import { suggestedPrompts } from '../local/shares'
import type { DeviceView } from '../state'
import type { Tab } from '../tab/tab'
import { type Digest, withChanges } from '../wire/digest'
import { type HistoryPiece, withPiece } from '../wire/history'
import type { FromCoordinator } from '../wire/messages'
import type { DeviceLine, Standing } from '../wire/parts'

export interface RoomView {
  /** @returns all devices that this one has been told of */
  digest(digest: Digest): readonly DeviceLine[]
  record(message: FromCoordinator & { type: 'record' }): void
  history(piece: HistoryPiece): void
  /** The model is here: from now on the room's phase is this tab's. */
  ready(): void
}

export function roomViewOf(tab: Tab, isReady: () => boolean): RoomView {
  let lines: readonly DeviceLine[] = []
  let standing: Standing | null = null

  const self = (): DeviceView => {
    const before = tab.store.getState().devices.find(({ isSelf }) => isSelf)!
    const line = lines.find(({ key }) => key === tab.selfKey)
    if (!line) return before
    const { name, cluster, volunteers, isEdge, edge, assigned } = line
    return { ...before, name, cluster, volunteers, isEdge, edge, assigned }
  }
  const learned = (piece: HistoryPiece) => ({ history: withPiece(tab.store.getState().history, piece) })

  return {
    digest(digest) {
      if (digest.begins || digest.devices.length > 0 || digest.gone.length > 0) {
        lines = withChanges(lines, digest)
        const others = lines.filter(({ key }) => key !== tab.selfKey)
        const devices = [self(), ...others.map((line) => ({ ...line, isSelf: false }))]
        tab.set({ devices, suggestedPrompts: suggestedPrompts(tab.store.getState().settings, devices) })
      }
      if (!digest.standing) return lines
      standing = digest.standing
      const { round, startedAtMs, phase } = standing
      tab.set(isReady() ? { round, startedAtMs, phase } : { round, startedAtMs })
      return lines
    },
    record({ record, baseLoss, baseRecall }) {
      tab.set({ ...learned({ begins: false, records: [record] }), baseLoss, baseRecall })
    },
    history: (piece) => tab.set(learned(piece)),
    ready() {
      const { phase } = tab.store.getState()
      tab.set({ phase: standing?.phase ?? (phase.kind === 'starting' ? { kind: 'lobby' } : phase) })
    },
  }
}
