/** How long a run has lasted. It may span several lives of a tab, between which somebody has set the computer's clock. */
import type { Tab } from './tab'

/** Never below zero; 0 where no run has begun. */
export function secondsSinceStart({ store, clock }: Pick<Tab, 'store' | 'clock'>): number {
  const { startedAtMs } = store.getState()
  return startedAtMs === null ? 0 : Math.max(0, clock.now() - startedAtMs) / 1000
}
