/**
 * Keeps what must survive a reload of the coordinator: events, and what they changed in the room. Stored before it is acted
 * on. A browser that stops storing (a full disk) costs the resume, not the run.
 */
import type { CoordinatorEvent } from '../../federation/types'
import type { SavedRoom, Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'

/** Resolves when it is kept, or never can be. */
export type Keep = (event: CoordinatorEvent | null, change?: Partial<SavedRoom>) => Promise<void>

export const logOf =
  (tab: Tab, storage: Storage, code: string): Keep =>
  (event, change) =>
    storage.append(code, event, change).catch(() => {
      const what = 'This browser has stopped storing the run, so a reload of this tab would lose it.'
      tab.problem(
        'not-stored',
        `${what} The run itself goes on: free some disk space, and leave the tab open.`,
      )
    })
