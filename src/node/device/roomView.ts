/** What a device's page shows of its room, as the coordinator tells it: who is there, where the run stands, and its rounds. */
import { suggestedPrompts } from '../local/shares'
import type { Tab } from '../tab/tab'
import { type HistoryPiece, withPiece } from '../wire/history'
import type { DeviceLine, FromCoordinator } from '../wire/messages'

export interface RoomView {
  /** This tab has what it works with. */
  ready(): void
  record(message: FromCoordinator & { type: 'record' }): void
  history(piece: HistoryPiece): void
  /** Returns the room's devices. */
  digest(message: FromCoordinator & { type: 'digest' }): readonly DeviceLine[]
}

/** @param isReady before that the page shows how far loading is */
export function roomViewOf(tab: Tab, isReady: () => boolean): RoomView {
  const told = (piece: HistoryPiece) => ({ history: withPiece(tab.store.getState().history, piece) })
  return {
    ready() {
      if (tab.store.getState().phase.kind === 'starting') tab.set({ phase: { kind: 'lobby' } })
    },
    record({ record, baseLoss, baseRecall }) {
      tab.set({ ...told({ begins: false, records: [record] }), baseLoss, baseRecall })
    },
    history: (piece) => tab.set(told(piece)),
    digest({ devices, round, phase, startedAtMs }) {
      const { settings, devices: shown } = tab.store.getState()
      const line = devices.find(({ key }) => key === tab.selfKey)
      const { cluster = null, volunteers = false, isEdge = false, edge = null, assigned = null } = line ?? {}
      const before = shown.find(({ isSelf }) => isSelf)!
      const self = {
        ...before,
        name: line?.name ?? before.name,
        cluster,
        volunteers,
        isEdge,
        edge,
        assigned,
      }
      const others = devices
        .filter(({ key }) => key !== tab.selfKey)
        .map((line) => ({ ...line, isSelf: false }))
      const all = [self, ...others]
      tab.set({ devices: all, round, startedAtMs, suggestedPrompts: suggestedPrompts(settings, all) })
      if (isReady()) tab.set({ phase })
      return devices
    },
  }
}
