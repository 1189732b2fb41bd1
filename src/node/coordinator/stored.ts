/** What an event changes in what is stored of a room, in one transaction with the event itself (log.ts). */
import type { CoordinatorEffect, CoordinatorEvent } from '../../federation/types'
import type { Settings } from '../../settings/table'
import { combines, makesVersion } from '../executor/executor'
import type { SavedAdapter, SavedRoom } from '../stored/storage'

interface Standing {
  readonly settings: Settings
  readonly begunWith: SavedRoom['begunWith']
  /** As it was found when this tab opened it. */
  readonly room: SavedRoom
}

/** @param saved all adapters as they are stored now */
export function changeBy(
  event: CoordinatorEvent,
  effects: readonly CoordinatorEffect[],
  { settings, begunWith, room }: Standing,
  saved: () => SavedAdapter[],
): Partial<SavedRoom> {
  switch (event.type) {
    case 'configured':
      return { settings }
    case 'switched':
      return combines(effects) ? { settings, begunWith, adapters: saved() } : { settings, begunWith }
    case 'recovered':
    case 'coordinator-resumed': {
      // With what it begins from: a log that was cut must not disagree with the adapters.
      const { adapters, history, unpublished } = room
      return { adapters: combines(effects) ? saved() : adapters, history, unpublished }
    }
    default:
      return makesVersion(event, effects) ? { adapters: saved() } : {}
  }
}
