/** A question whose answer is late is put to a second edge (plan/hedge.ts): the first answer counts, the other is compared with it. */
import type { Clock } from '../../../network/time/clock'
import { freshHedging, hedgeAfterMs, hedged, mayHedge, settled } from '../../plan/hedge'

export interface Overtaking {
  /** Some question was answered after so long. */
  answered(tookMs: number): void
  /**
   * @param second asks somebody else; null where nobody is there
   * @param compare what both have said, if both do
   */
  soonest<Answer>(
    first: Promise<Answer>,
    second: () => Promise<Answer> | null,
    compare: (one: Answer, other: Answer) => void,
  ): Promise<Answer & { readonly isHedged: boolean }>
}

export function openOvertaking(clock: Clock, isAllowed: boolean): Overtaking {
  let hedging = freshHedging
  return {
    answered(tookMs) {
      hedging = settled(hedging, tookMs)
    },
    async soonest(first, second, compare) {
      const lateAfterMs = isAllowed && mayHedge(hedging) ? hedgeAfterMs(hedging) : null
      if (lateAfterMs === null) return { ...(await first), isHedged: false }
      let cancel = () => {}
      const late = new Promise<null>((resolve) => {
        cancel = clock.after(lateAfterMs, () => resolve(null))
      })
      const prompt = await Promise.race([first, late]).finally(() => cancel())
      const other = prompt === null ? second() : null
      if (!other) return { ...(await first), isHedged: false }
      hedging = hedged(hedging)
      Promise.all([first, other]).then(
        ([one, another]) => compare(one, another),
        () => {},
      )
      return { ...(await Promise.any([first, other]).catch(() => first)), isHedged: true }
    },
  }
}
