/** Whether there is an edge for a device that guesses, in plain words. */
import type { Member, Ports } from '../../ports'
import { misfit } from '../../room'
import { isAbleToJudge } from './edges/roster'

/** Null where there is one. */
export function lacksEdge(members: readonly Member[], { self }: Pick<Ports, 'self'>): string | null {
  if (self.mostLayers < 1)
    return 'This tab may hold no layer, so it cannot guess. Open it with layers=1 or more.'
  if (members.length === 0)
    return 'Nobody else is in this room. Open another tab with the room’s link, or ask alone.'
  if (members.some((member) => isAbleToJudge(member, self, null))) return null
  const reasons = new Set(
    members.map(({ hello }) => misfit(self.facts, hello, null) ?? 'It may not hold the whole model.'),
  )
  return `No other tab can judge this one’s guesses: ${[...reasons].join(' ')}`
}
