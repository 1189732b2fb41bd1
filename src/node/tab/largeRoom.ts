/**
 * A room of more devices than a page draws. There everybody is not told how far everybody is, and what follows from the whole
 * room is looked up every few seconds instead of with every event.
 */
import type { NodeState } from '../state'

/** Others that a page draws. */
export const mostDrawn = 64
export const largeRoomPeriodMs = 3_000

/** Of a tab. */
interface Shown {
  readonly store: { getState(): Pick<NodeState, 'devices'> }
}

export const isLargeRoom = ({ store }: Shown): boolean => store.getState().devices.length > mostDrawn + 1
