/**
 * What a room's settings promise of privacy. A guarantee is about a text and all the updates that its tab sends, so it is counted for as
 * many as the room plans; where there are no rounds to plan with, what follows from the budget is what it would be with so many.
 */
import type { PrivacyTerms } from '../../federation/privacy/budget'
import type { Settings } from '../table'

/** Null where nothing is promised. */
export function privacyOf(settings: Settings): PrivacyTerms | null {
  const { privacy, delta, epsilon: budget, noise, rounds, scheme, edgeRounds } = settings
  if (privacy === 'none') return null
  const updates = rounds * (scheme === 'hierarchical' ? edgeRounds : 1)
  return { unit: privacy === 'client' ? 'device' : 'example', delta, budget, noise, updates }
}

/** Whether devices train by themselves beside the rounds, and say how far they come: where text is private that number is, too. */
export const comparesAlone = ({ baselines, privacy }: Pick<Settings, 'baselines' | 'privacy'>): boolean =>
  baselines && privacy === 'none'
