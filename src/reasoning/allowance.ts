/**
 * How much a tab gives to those who ask it. Each asker has so many texts at once and so many tokens, and what somebody asks all day
 * costs no other asker anything; what is opened and what is lent is paid for with tokens, too. Of an engine's sessions some are
 * left for the tab's own person. And a tab goes on with texts whose askers are gone for so many tokens in all: whoever dies on
 * purpose makes it say no more than that.
 */
import { type Bucket, bucket, type Rate } from '../lib/bucket'
import type { Clock } from '../network/time/clock'
import { refusalInWords } from './line'
import type { NodeId } from './ports'

/** An answer or two at once, and so many tokens a second in the long run. */
const tokensPerAsker: Rate = { burst: 20_000, perSecond: 50 }
const mostSessionsPerAsker = 8
/** Of the 32 that an engine opens (training/sessions.ts), for all who ask together. */
const mostSessions = 24
/**
 * Of those, for which this tab asks the ones around it: each takes one of the eight that they have for it, and some are left for
 * its own person.
 */
const mostClouds = 4
const mostCloudsPerAsker = 2
/** To open a session, whatever for, is worth so many: memory is taken, a part of the model may have to be loaded. */
const tokensPerSession = 50
const bytesPerToken = 1000
/** Of texts that others have left. */
const tokensOfOrphans: Rate = { burst: 2000, perSecond: 2 }

/** A session that somebody has, or wants. */
export interface Wanted {
  readonly from: NodeId
  /** For it the tabs around this one are asked. */
  readonly isCloud: boolean
}

export interface Allowance {
  /** Why somebody gets no further session beside those that are open; null where it does, and has paid for it. */
  lacksForSession(open: readonly Wanted[], wanted: Wanted): string | null
  /** Whether it may have so many more tokens, which are then taken. */
  take(from: NodeId, tokens: number): boolean
  /** The same for bytes of an adapter. */
  takeBytes(from: NodeId, bytes: number): boolean
  /** How many more tokens may be said of a text that lacks so many, which are then taken: all, the most there may be, or none. */
  goOn(tokens: number): number
}

export function openAllowance(clock: Clock): Allowance {
  const budgets = new Map<NodeId, Bucket>()
  const orphans = bucket(tokensOfOrphans, clock.now())

  const budgetOf = (from: NodeId): Bucket => {
    const known = budgets.get(from)
    if (known) return known
    // Whoever has all of it again need not be remembered.
    for (const [id, budget] of [...budgets])
      if (budget.waitMs(tokensPerAsker.burst, clock.now()) === 0) budgets.delete(id)
    const fresh = bucket(tokensPerAsker, clock.now())
    budgets.set(from, fresh)
    return fresh
  }
  const take = (from: NodeId, tokens: number): boolean => budgetOf(from).take(tokens, clock.now())

  return {
    lacksForSession(open, { from, isCloud }) {
      const own = open.filter((other) => other.from === from)
      const clouds = open.filter((other) => other.isCloud)
      const isTooMuch =
        own.length >= mostSessionsPerAsker ||
        (isCloud && own.filter((other) => other.isCloud).length >= mostCloudsPerAsker)
      if (isTooMuch) return 'It works on as many of your texts as it will. Close one first.'
      if (open.length >= mostSessions || (isCloud && clouds.length >= mostClouds))
        return 'It works for as many others as it can. Ask again in a minute.'
      return take(from, tokensPerSession) ? null : refusalInWords['budget-spent']
    },
    take,
    takeBytes: (from, bytes) => take(from, bytes / bytesPerToken),
    goOn(tokens) {
      const most = Math.min(tokens, tokensOfOrphans.burst)
      return most > 0 && orphans.take(most, clock.now()) ? most : 0
    },
  }
}
