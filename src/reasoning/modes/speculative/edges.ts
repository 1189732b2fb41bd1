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
import { introductionOf } from './introduction'
import { openOwnVerifier } from './ownVerifier'
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
  judge(place: Place, guesses: readonly number[], signal: AbortSignal): Promise<Judgement | Retraction>
  /** What the whole model would choose after each token of a text but the last. */
  recite(ids: readonly number[], signal: AbortSignal): Promise<readonly number[]>
  /** What has happened since this was asked last, and who guesses and judges here, where that is news or an answer begins. */
  notes(place: Place, isBeginning: boolean): readonly Note[]
  close(): void
}

interface Asked {
  readonly place: Place
  readonly guesses: readonly number[]
  readonly signal: AbortSignal
}

export function openEdges(ports: Ports, line: Line, question: Question, use: EdgeUse): Edges {
  const { clock, self } = ports
  const pending: Note[] = []
  // What a cloud says nobody else can say in its place.
  const own = use === 'cloud' ? null : openOwnVerifier(ports, question)
  const disputes = openDisputes(ports, question)
  const introduce = introductionOf(ports, own !== null)
  let hedging = freshHedging
  let latest: NodeId | null = null
  /** Somebody was lost, and nobody has judged since. */
  let isLossOpen = false
  const roster = openRoster(ports, line, question, use, {
    answered(tookMs) {
      hedging = settled(hedging, tookMs)
    },
    lost(note) {
      isLossOpen = true
      pending.push(note)
    },
  })
  const choose = (place: Place, ...notThese: readonly NodeId[]): Known | null =>
    roster.choose(place, (id) => notThese.includes(id) || disputes.isLiar(id), latest)
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
    const second = choose(asked.place, first.id)
    if (!second) return soonest(first, asked)
    const other = ask(second, asked).catch(() => null)
    const verdict = await ask(first, asked)
    const compared = await other
    if (compared) disputes.compare(asked, verdict, compared)
    return { ...verdict, isHedged: false }
  }

  /** Who is right where two have disagreed. The position from which on a liar was believed; null where it was not. */
  async function settleDispute(signal: AbortSignal): Promise<number | null> {
    const { place, guesses, one, other } = disputes.open()!
    const asked = { place, guesses, signal }
    const third = own ? null : choose(place, one.by, other.by)
    const opinion = own ? await own.judge(place, guesses, signal) : third && (await ask(third, asked))
    const { liar, from } = disputes.settle(opinion)
    pending.push({ kind: 'liar', id: liar })
    return from
  }

  async function judge(place: Place, guesses: readonly number[], signal: AbortSignal) {
    const asked: Asked = { place, guesses, signal }
    const position = place.start + place.window.length
    const tried: NodeId[] = []
    const beganAtMs = clock.now()
    for (;;) {
      const first = choose(place, ...tried)
      try {
        if (disputes.open()) {
          const from = await settleDispute(signal)
          if (from !== null && from < position) return { retractFrom: from }
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
        tried.push(problem.by)
      }
    }
  }

  async function judgementBy(first: Known | null, asked: Asked): Promise<Judgement> {
    const { place, guesses, signal } = asked
    if (first) {
      const isLookedAt = use !== 'cloud' && disputes.isDue(place.start + place.window.length)
      return (isLookedAt ? checked : soonest)(first, asked)
    }
    if (!own) throw new Error(use === 'cloud' ? noCloud : noEdge(self))
    return { ...(await own.judge(place, guesses, signal)), isHedged: false }
  }

  return {
    judge,
    async recite(ids, signal) {
      const tried: NodeId[] = []
      for (;;) {
        const one = choose({ start: 0, window: ids.slice(0, 1) }, ...tried)
        if (!one) throw new Error(noEdge(self))
        try {
          return await one.verifier.recite(ids, signal)
        } catch (problem) {
          if (!(problem instanceof Unanswered)) throw problem
          tried.push(problem.by)
        }
      }
    },
    notes(place, isBeginning) {
      const who = introduce(roster.candidates(place, disputes.isLiar, latest), isBeginning)
      return [...pending.splice(0), ...who]
    },
    close() {
      own?.close()
      roster.close()
    },
  }
}

const noCloud =
  'No tab is left that can ask the tabs around it. Let others ask what your tabs learned, under “Reason”, then ask again.'
const noEdge = ({ mostLayers, facts }: Ports['self']): string =>
  `No tab is left that holds the whole model, and this one may hold only ${mostLayers} of its ${facts.layers} layers. Open another tab with the room’s link, then ask again.`
