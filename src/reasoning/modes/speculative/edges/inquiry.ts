/**
 * How one draft is put to edges: to one, and to a second where the first is late (plan/hedge.ts); to two at once now and then, to see
 * whether they say the same; and to another before a text ends, so that nobody ends it on its word alone.
 */
import { Unanswered, unansweredBy } from '../../../line'
import type { Question } from '../../../mode'
import { freshHedging, hedgeAfterMs, hedged, mayHedge, settled } from '../../../plan/hedge'
import type { NodeId, Ports } from '../../../ports'
import type { Place } from '../guessing'
import type { Disputes } from './disputes'
import type { EdgeUse, Known, Roster } from './roster'
import type { Verdict, Verifier } from './verifier'

export interface Judgement extends Verdict {
  readonly isHedged: boolean
}

export interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
  /** How long the text will be at most. */
  readonly endsAt: number
  readonly signal: AbortSignal
}

export interface InquiryParts {
  readonly ports: Ports
  readonly question: Question
  readonly use: EdgeUse
  readonly roster: Roster
  readonly disputes: Disputes
  /** This tab’s own whole model, if it has one. */
  readonly own: Pick<Verifier, 'judge'> | null
  /** The next edge to ask, none of those. */
  choose(place: Place, ...notThese: readonly NodeId[]): Known | null
}

export interface Inquiry {
  /** Rejects with an `Unanswered` where that edge is lost. */
  of(first: Known, asked: Asked): Promise<Judgement>
  answered(tookMs: number): void
}

export function openInquiry({ ports, question, use, roster, disputes, own, choose }: InquiryParts): Inquiry {
  const { clock, links, self } = ports
  let hedging = freshHedging
  const ask = (one: Known, { place, guesses, signal }: Asked) => roster.ask(one, place, guesses, signal)

  /** The first answer of one edge, and of a second one if the first is late. What comes after that is compared with it. */
  async function soonest(first: Known, asked: Asked): Promise<Judgement> {
    const one = ask(first, asked)
    const lateAfterMs = use === 'many' && question.hedges && mayHedge(hedging) ? hedgeAfterMs(hedging) : null
    if (lateAfterMs === null) return { ...(await one), isHedged: false }
    let cancel = () => {}
    const late = new Promise<null>((resolve) => {
      cancel = clock.after(lateAfterMs, () => resolve(null))
    })
    const prompt = await Promise.race([one, late]).finally(() => cancel())
    const second = prompt === null ? choose(asked.place, first.id) : null
    if (!second) return { ...(await one), isHedged: false }
    hedging = hedged(hedging)
    const other = ask(second, asked)
    Promise.all([one, other]).then(
      ([a, b]) => disputes.compare(asked, a, b),
      () => {},
    )
    return { ...(await Promise.any([one, other]).catch(() => one)), isHedged: true }
  }

  const secondOpinion = (asked: Asked, first: NodeId): Promise<Verdict | null> =>
    anotherOpinion(first, own && (() => own.judge(asked.place, asked.guesses, asked.signal)), (heard) => {
      const other = choose(asked.place, ...heard)
      return other && { id: other.id, asking: ask(other, asked) }
    })

  /** Two are asked at once, and what they say is compared. */
  async function checked(first: Known, asked: Asked): Promise<Judgement> {
    const judging = ask(first, asked)
    const other = secondOpinion(asked, first.id)
    other.catch(() => {})
    const verdict = await judging
    const compared = await other
    if (compared) disputes.compare(asked, verdict, compared)
    return { ...verdict, isHedged: false }
  }

  /** Nobody ends a text on its word alone: whoever lies from the beginning is found out in the shortest one. */
  async function confirmEnd(asked: Asked, verdict: Verdict): Promise<void> {
    if (verdict.by === links.self || !isEnd(asked, verdict, self.facts.eosIds)) return
    const other = await secondOpinion(asked, verdict.by)
    if (other) disputes.compare(asked, verdict, other)
  }

  return {
    async of(first, asked) {
      if (use === 'cloud') return soonest(first, asked)
      const { place } = asked
      if (disputes.isDue(place.start + place.window.length)) return checked(first, asked)
      const judgement = await soonest(first, asked)
      await confirmEnd(asked, judgement)
      return judgement
    },
    answered(tookMs) {
      hedging = settled(hedging, tookMs)
    },
  }
}

/** For a second opinion so many are asked, if the first of them is silent. */
const mostSeconds = 2

/**
 * What somebody else says, or this tab itself; null where nobody can. Whoever is silent does not stand for the others.
 * @param next one who is none of those
 */
async function anotherOpinion(
  first: NodeId,
  own: (() => Promise<Verdict>) | null,
  next: (heard: readonly NodeId[]) => { readonly id: NodeId; readonly asking: Promise<Verdict> } | null,
): Promise<Verdict | null> {
  const heard = [first]
  while (heard.length <= mostSeconds) {
    const other = next(heard)
    if (!other) break
    heard.push(other.id)
    const told = await other.asking.catch(unansweredBy)
    if (!(told instanceof Unanswered)) return told
  }
  return own ? own() : null
}

/** Whether the text would be over with what a verdict says. */
function isEnd({ place, guesses, endsAt }: Asked, verdict: Verdict, eosIds: readonly number[]): boolean {
  const said = [...guesses.slice(0, verdict.accepted), verdict.id]
  return place.start + place.window.length + said.length >= endsAt || said.some((id) => eosIds.includes(id))
}
