/**
 * A device's guesses, judged by whoever can. Since every honest edge gives the same verdict, which one is asked changes how long
 * it takes and nothing else: where an answer is late a second edge is asked the same (plan/hedge.ts); where an edge is lost,
 * another goes on, which is told the text; and since all must say the same, whoever does not is found out (disputes.ts). Where no
 * edge is left, this tab judges by itself, if it holds the whole model.
 */
import { type Line, Unanswered, unansweredBy } from '../../line'
import type { Note, Question } from '../../mode'
import type { NodeId, Ports } from '../../ports'
import { openDisputes, settledBy } from './disputes'
import type { Place } from './drafter'
import { introductionOf } from './introduction'
import { openOvertaking } from './overtaking'
import { openOwnVerifier } from './ownVerifier'
import { type Recital, recitalOf } from './recital'
import { type EdgeUse, type Known, openRoster } from './roster'
import type { Verdict } from './verifier'

export interface Judgement extends Verdict {
  readonly isHedged: boolean
}
/** Somebody lied: what was said from this position on is not to be trusted. */
export interface Retraction {
  readonly retractFrom: number
}

export interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
  /** How long the text will be at most. */
  readonly endsAt: number
  readonly signal: AbortSignal
}

export interface Edges {
  /** Another text begins. */
  begin(): void
  judge(asked: Asked): Promise<Judgement | Retraction>
  /** What the whole model would choose along a text. */
  recite(ids: readonly number[], signal: AbortSignal): Promise<Recital>
  /** What has happened since this was asked last, and who guesses and judges here, where that is news or an answer begins. */
  notes(place: Place, isBeginning: boolean): readonly Note[]
  close(): void
}

/** @param liars whoever has lied before, and is not asked; whoever is found out is added */
export function openEdges(
  ports: Ports,
  line: Line,
  question: Question,
  use: EdgeUse,
  liars: Set<NodeId>,
): Edges {
  const { clock, self } = ports
  const pending: Note[] = []
  // What a cloud says nobody else can say in its place.
  const own = use === 'cloud' ? null : openOwnVerifier(ports, question)
  const disputes = openDisputes(ports, question, liars)
  const introduce = introductionOf(ports, own !== null)
  const overtaking = openOvertaking(clock, use === 'many' && question.hedges)
  let latest: NodeId | null = null
  /** Somebody was lost, and nobody has judged since. */
  let isLossOpen = false
  const roster = openRoster(ports, line, question, use, {
    answered: overtaking.answered,
    lost(note) {
      isLossOpen = true
      pending.push(note)
    },
  })
  const choose = (place: Place, ...notThese: readonly NodeId[]): Known | null =>
    roster.choose(place, (id) => notThese.includes(id) || liars.has(id), latest)
  const ask = (one: Known, { place, guesses, signal }: Omit<Asked, 'endsAt'>) =>
    roster.ask(one, place, guesses, signal)

  /** The first answer of one edge, and of a second one if the first is late. */
  const soonest = (first: Known, asked: Asked): Promise<Judgement> =>
    overtaking.soonest(
      ask(first, asked),
      () => {
        const second = choose(asked.place, first.id)
        return second && ask(second, asked)
      },
      (one, other) => disputes.compare(asked, one, other),
    )

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

  /** Who is right where two have disagreed. The position from which on a liar was believed; null where it was not. */
  async function settleDispute(signal: AbortSignal): Promise<number | null> {
    const settled = await settledBy(disputes, ({ place, guesses }, heard) => {
      if (own) return own.judge(place, guesses, signal)
      const third = choose(place, ...heard)
      return third && ask(third, { place, guesses, signal }).catch(unansweredBy)
    })
    for (const id of settled.liars) pending.push({ kind: 'liar', id })
    return settled.from
  }

  async function judge(asked: Asked): Promise<Judgement | Retraction> {
    const { place, signal } = asked
    const position = place.start + place.window.length
    let tried: readonly NodeId[] = []
    let roundsLeft = mostRounds
    const beganAtMs = clock.now()
    for (;;) {
      try {
        if (disputes.open()) {
          const from = await settleDispute(signal)
          if (from !== null && from < position) return { retractFrom: from }
          continue
        }
        const first = choose(place, ...tried)
        // All may have been late at once; whoever answers to be asked anew is there.
        if (!first && !own && --roundsLeft > 0 && choose(place)) {
          tried = []
          continue
        }
        const judgement = await judgementBy(first, asked)
        if (disputes.open()) continue
        if (latest !== null && latest !== judgement.by)
          pending.push({ kind: 'handover', from: latest, to: judgement.by })
        latest = judgement.by
        disputes.believe(latest, position)
        // Whoever goes on for another had to read the text.
        if (isLossOpen) {
          isLossOpen = false
          const milliseconds = clock.now() - beganAtMs
          pending.push({ kind: 'recovered', milliseconds, replayedTokens: place.window.length })
        }
        return judgement
      } catch (problem) {
        if (!(problem instanceof Unanswered)) throw problem
        signal.throwIfAborted()
        tried = [...tried, problem.by]
      }
    }
  }

  async function judgementBy(first: Known | null, asked: Asked): Promise<Judgement> {
    const { place, guesses, signal } = asked
    if (!first && own) return { ...(await own.judge(place, guesses, signal)), isHedged: false }
    if (!first) throw new Error(use === 'cloud' ? noCloud : noEdge(self))
    if (use === 'cloud') return soonest(first, asked)
    if (disputes.isDue(place.start + place.window.length)) return checked(first, asked)
    const judgement = await soonest(first, asked)
    // Nobody ends a text on its word alone: whoever lies from the beginning is found out in the shortest one.
    const other = isEnd(asked, judgement, self.facts.eosIds) ? await secondOpinion(asked, judgement.by) : null
    if (other) disputes.compare(asked, judgement, other)
    return judgement
  }

  return {
    begin: () => disputes.begin(),
    judge,
    recite(ids, signal) {
      const next = (...notThese: readonly NodeId[]) =>
        choose({ start: 0, window: ids.slice(0, 1) }, ...notThese)?.verifier ?? null
      return recitalOf(ids, next, own, signal, noEdge(self))
    },
    notes(place, isBeginning) {
      const who = introduce(
        roster.candidates(place, (id) => liars.has(id), latest),
        isBeginning,
      )
      return [...pending.splice(0), ...who]
    },
    close() {
      own?.close()
      roster.close()
    },
  }
}

/** Where no edge has answered, all are asked again so often: one that stood still for a moment is not given up. */
const mostRounds = 3
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

const noCloud =
  'No tab is left that can ask the tabs around it. Let others ask what your tabs learned, under “Reason”, then ask again.'
const noEdge = ({ mostLayers, facts }: Ports['self']): string =>
  `No tab is left that holds the whole model, and this one may hold only ${mostLayers} of its ${facts.layers} layers. Open another tab with the room’s link, then ask again.`
