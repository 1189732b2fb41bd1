/** What a person may say of drafts, doubt and how rows travel; what they do not say is as usual. */
import type { Wish } from '../../reasoning/participant'
import { usualWish } from '../../reasoning/usual'
import type { AskOptions } from './view/view'

/** The largest draft somebody may ask for; more of them are seldom right to the end. */
export const mostDrafted = 24

type Extras = Pick<Wish, 'draft' | 'risk' | 'doubt' | 'codec' | 'tiers'>

export function extrasOf(options: AskOptions): Extras {
  const { draft = null, doubt = null, risk = usualWish.risk, codec = usualWish.codec } = options
  return { draft, risk, doubt, codec, tiers: options.tiers ?? usualWish.tiers }
}
