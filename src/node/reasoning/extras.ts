/**
 * What a person may say of drafts, doubt and how rows travel: read as it was given, by the page or by a script, and refused in plain
 * words where it cannot be used.
 */
import type { Wish } from '../../reasoning/participant'
import { usualWish } from '../../reasoning/usual'
import { codecNames } from './modes'
import type { AskOptions } from './view'

/** The largest draft somebody may ask for; more of them are seldom right to the end. */
export const mostDrafted = 24

type Extras = Pick<Wish, 'draft' | 'risk' | 'doubt' | 'codec' | 'tiers'>

/** Throws an error in plain words. What is not said is as usual. */
export function extrasOf(options: AskOptions): Extras {
  const { draft = null, doubt = null, risk = usualWish.risk, codec = usualWish.codec } = options
  const tiers: number = options.tiers ?? usualWish.tiers
  if (draft !== null && !(Number.isInteger(draft) && draft >= 0 && draft <= mostDrafted))
    throw new Error(
      `A draft of ${draft} tokens cannot be made. Give a whole number from 0 to ${mostDrafted}.`,
    )
  if (!(typeof risk === 'number' && risk > 0 && risk < 1))
    throw new Error(`A risk of ${risk} cannot be used. Give a number between 0 and 1, such as 0.03.`)
  if (doubt !== null && !(typeof doubt === 'number' && doubt >= 0 && doubt <= 1))
    throw new Error(`A doubt of ${doubt} cannot be used. Give a number from 0 to 1, such as 0.3.`)
  if (!codecNames.includes(codec))
    throw new Error(`Rows cannot travel as “${codec}”. Choose one of ${codecNames.join(', ')}.`)
  if (tiers !== 2 && tiers !== 3) throw new Error(`There are no ${tiers} tiers. Give 2 or 3.`)
  return { draft, risk, doubt, codec, tiers }
}
