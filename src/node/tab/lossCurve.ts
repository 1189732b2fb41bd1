/** The curves of devices' local training, as this tab shows them. */

import type { LossPoint } from '../roundRecord'
import { secondsSinceStart } from './elapsed'
import type { Tab } from './tab'

/** Per device; older points are thinned out. */
const mostLossPoints = 2000

/** Appends a point of a device's local training, halving the resolution of the past when there are too many. */
export function addLossPoint(tab: Tab, key: string, rounds: number, loss: number): void {
  const { lossPoints } = tab.store.getState()
  const seconds = secondsSinceStart(tab)
  const points: LossPoint[] = [...(lossPoints[key] ?? []), { rounds, seconds, loss }]
  const kept = points.length > mostLossPoints ? points.filter((_, index) => index % 2 === 0) : points
  tab.set({ lossPoints: { ...lossPoints, [key]: kept } })
}
