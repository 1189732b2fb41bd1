/**
 * Keeps what must survive a reload of the coordinator: events, and what they changed in the room. Stored before it is acted
 * on, one after the other, so that what is stored is a beginning of what happened and never has a hole. A browser that stops
 * storing (a full disk) costs the resume, not the run; what it missed is stored once it can be, in the same order.
 */
import type { CoordinatorEvent } from '../../federation/types'
import type { SavedRoom, Storage } from '../stored/storage'
import type { Tab } from '../tab/tab'

/** Resolves when it is kept, or cannot be for now. */
export type Keep = (event: CoordinatorEvent | null, change?: Partial<SavedRoom>) => Promise<void>

/** Each may hold an adapter: a browser that is behind by more is not waited for. */
const mostBehind = 256

export function logOf(tab: Tab, storage: Pick<Storage, 'append'>, code: string): Keep {
  const behind: Parameters<Keep>[] = []
  /** What is on its way takes along whatever comes meanwhile. */
  let underWay: Promise<void> | null = null
  let state: 'storing' | 'failing' | 'given-up' = 'storing'

  async function catchUp(): Promise<void> {
    for (let next = behind[0]; next; next = behind[0]) {
      await storage.append(code, ...next)
      behind.shift()
    }
    underWay = null
    if (state === 'failing') tab.solved('not-stored')
    state = 'storing'
  }

  function fail(): void {
    underWay = null
    state = behind.length > mostBehind ? 'given-up' : 'failing'
    const what = 'This browser has stopped storing the run, so a reload of this tab would lose it.'
    tab.problem('not-stored', `${what} The run itself goes on: free some disk space, and leave the tab open.`)
  }

  return (...next) => {
    if (state === 'given-up') return Promise.resolve()
    behind.push(next)
    if (underWay) return underWay
    const begun = catchUp().catch(fail)
    underWay = behind.length > 0 ? begun : null
    return begun
  }
}
