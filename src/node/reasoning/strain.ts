/** Whether this tab had better compute little itself: its page is hidden, or its device's battery is nearly empty. */
import type { Strain } from '../../reasoning/plan/choose'
import type { World } from '../world'

export interface WatchedTab {
  isInSight(): boolean
  strain(): Strain | null
  close(): void
}

/** @param changed the page was hidden, or is back */
export function watchStrain(
  { watchSight, watchPower }: Pick<World, 'watchSight' | 'watchPower'>,
  changed: () => void,
): WatchedTab {
  let [isInSight, isLow] = [true, false]
  const stops = [
    watchSight((seen) => {
      isInSight = seen
      changed()
    }),
    watchPower((low) => {
      isLow = low
    }),
  ]
  return {
    isInSight: () => isInSight,
    strain: () => (!isInSight ? 'hidden' : isLow ? 'battery' : null),
    close() {
      for (const stop of stops) stop()
    },
  }
}
