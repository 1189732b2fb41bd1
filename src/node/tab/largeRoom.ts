/**
 * A room of more devices than a page draws. There everybody is not told how far everybody is, and what follows from the whole
 * room is looked up every few seconds instead of with every event.
 */
import type { Tab } from './tab'

/** Others that a page draws. */
export const mostDrawn = 64
export const largeRoomPeriodMs = 3_000

export const isLargeRoom = ({ store }: Pick<Tab, 'store'>): boolean =>
  store.getState().devices.length > mostDrawn + 1
