/**
 * A device's guesses, judged by whoever can. Since every honest edge gives the same verdict, which one is asked changes how long
 * it takes and nothing else: where an answer is late a second edge is asked the same (plan/hedge.ts); where an edge is lost,
 * another goes on, which is told the text; and since all must say the same, whoever does not is found out (disputes.ts). Where no
 * edge is left, this tab judges by itself, if it holds the whole model.
 */
import { type Line, Unanswered } from '../../line'
import type { Note, Question } from '../../mode'
import { freshHedging, hedgeAfterMs, hedged, mayHedge, settled } from '../../plan/hedge'
import type { NodeId, Ports } from '../../ports'
import { openDisputes } from './disputes'
import type { Place } from './drafter'
import { openOwnVerifier } from './ownVerifier'
import { type Recital, recitalOf, unanswered } from './recital'
import { type EdgeUse, type Known, openRoster } from './roster'
import type { Verdict } from './verifier'

export interface Judgement extends Verdict {
  readonly isHedged: boolean
}
/** Somebody lied: what was said from this position on is not to be trusted. */
export interface Retraction {
  readonly retractFrom: number
}

export interface Edges {
  /** Another text begins. */
  begin(): void
  judge(place: Place, guesses: readonly number[], signal: AbortSignal): Promise<Judgement | Retraction>
  /** What the whole model would choose along a text. */
  recite(ids: readonly number[], signal: AbortSignal): Promise<Recital>
  /** What has happened since this was asked last. */
  notes(): readonly Note[]
  close(): void
}

interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
  readonly signal: AbortSignal
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
  let hedging = freshHedging
  let latest: NodeId | null = null
  const roster = openRoster(ports, line, question, use, {
    answered(tookMs) {
      hedging = settled(hedging, tookMs)
    },
    lost: (note) => void pending.push(note),
  })
  const choose = (place: Place, ...notThese: readonly NodeId[]): Known | null =>
    roster.choose(place, (id) => notThese.includes(id) || liars.has(id), latest)
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

  /** Two edges are asked at once, and what they say is compared. */
  async function checked(first: Known, asked: Asked): Promise<Judgement> {
    const { place, guesses, signal } = asked
    const judging = ask(first, asked)
    const second = choose(place, first.id)
    if (!second && own)
      Promise.all([judging, own.judge(place, guesses, signal)]).then(
        ([verdict, mine]) => disputes.compare(asked, verdict, mine),
        () => {},
      )
    const other = second && ask(second, asked).catch(() => null)
    const verdict = await judging
    // Whoever is silent does not save the first from being looked at.
    const another = second && !(await other) ? choose(place, first.id, second.id) : null
    const compared = another ? await ask(another, asked).catch(() => null) : await other
    if (compared) disputes.compare(asked, verdict, compared)
    return { ...verdict, isHedged: false }
  }

  /** Who is right where two have disagreed. The position from which on a liar was believed; null where it was not. */
  async function settleDispute(signal: AbortSignal): Promise<number | null> {
    const { place, guesses, one, other } = disputes.open()!
    const heard = [one.by, other.by]
    for (;;) {
      const third = own ? null : choose(place, ...heard)
      if (!own && !third) throw new Error(undecided)
      if (third) heard.push(third.id)
      const opinion = third
        ? await ask(third, { place, guesses, signal }).catch(unanswered)
        : await own!.judge(place, guesses, signal)
      const settled = opinion && disputes.settle(opinion)
      if (!settled) continue
      for (const id of settled.liars) pending.push({ kind: 'liar', id })
      return settled.from
    }
  }

  async function judge(place: Place, guesses: readonly number[], signal: AbortSignal) {
    const asked: Asked = { place, guesses, signal }
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
        if (!first && own) return { ...(await own.judge(place, guesses, signal)), isHedged: false }
        // All may have been late at once; whoever answers to be asked anew is there.
        if (!first && --roundsLeft > 0 && choose(place)) {
          tried = []
          continue
        }
        if (!first) throw new Error(use === 'cloud' ? noCloud : noEdge(self))
        const judgement = await (use !== 'cloud' && disputes.isDue(position) ? checked : soonest)(
          first,
          asked,
        )
        if (disputes.open()) continue
        if (latest !== null && latest !== judgement.by)
          pending.push({ kind: 'handover', from: latest, to: judgement.by })
        latest = judgement.by
        disputes.believe(latest, position)
        // Whoever goes on for another had to read the text.
        if (tried.length > 0 || roundsLeft < mostRounds) {
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

  return {
    begin: () => disputes.begin(),
    judge,
    async recite(ids, signal) {
      const beginning = { start: 0, window: ids.slice(0, 1) }
      const next = (...notThese: readonly NodeId[]) => choose(beginning, ...notThese)?.verifier ?? null
      const recital = await recitalOf(ids, next, own, signal)
      if (!recital) throw new Error(noEdge(self))
      return recital
    },
    notes: () => pending.splice(0),
    close() {
      own?.close()
      roster.close()
    },
  }
}

/** Where no edge has answered, all are asked again so often: one that stood still for a moment is not given up. */
const mostRounds = 3

const undecided =
  'Two tabs that hold the whole model give different words, and nobody is there to say who is right. Open a third tab with the room’s link, or ask alone.'
const noCloud =
  'No tab is left that can ask the tabs around it. Let others ask what your tabs learned, under “Reason”, then ask again.'
const noEdge = ({ mostLayers, facts }: Ports['self']): string =>
  `No tab is left that holds the whole model, and this one may hold only ${mostLayers} of its ${facts.layers} layers. Open another tab with the room’s link, then ask again.`
