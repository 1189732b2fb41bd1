/**
 * A device's guesses, judged by whoever can. Since every honest edge gives the same verdict, which one is asked changes how long
 * it takes and nothing else (inquiry.ts): where an edge is lost, another goes on, which is told the text; and since all must say the
 * same, whoever does not is found out (disputes.ts). Where no edge is left, this tab judges by itself, if it holds the whole model.
 */
import { type Line, Unanswered, unansweredBy } from '../../../line'
import { type Note, type Question, Unanswerable } from '../../../mode'
import type { NodeId, Ports } from '../../../ports'
import type { Place } from '../guessing'
import { introductionOf } from '../introduction'
import { openDisputes, settledBy } from './disputes'
import { type Asked, type Judgement, openInquiry } from './inquiry'
import { openOwnVerifier } from './ownVerifier'
import { type Recital, recitalOf } from './recital'
import { type EdgeUse, type Known, openRoster } from './roster'

/** Somebody lied: what was said from this position on is not to be trusted. */
export interface Retraction {
  readonly retractFrom: number
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
  let latest: NodeId | null = null
  /** Somebody was lost, and nobody has judged since. */
  let isLossOpen = false
  const roster = openRoster(ports, line, question, use, {
    answered: (tookMs) => inquiry.answered(tookMs),
    lost(note) {
      isLossOpen = true
      pending.push(note)
    },
  })
  const choose = (place: Place, ...notThese: readonly NodeId[]): Known | null =>
    roster.choose(place, (id) => notThese.includes(id) || liars.has(id), latest)
  const inquiry = openInquiry({ ports, question, use, roster, disputes, own, choose })

  async function byItself({ place, guesses, signal }: Asked): Promise<Judgement> {
    if (!own) throw new Unanswerable(use === 'cloud' ? noCloud : noEdge(self))
    return { ...(await own.judge(place, guesses, signal)), isHedged: false }
  }

  /** Who is right where two have disagreed. The position from which on a liar was believed; null where it was not. */
  async function settleDispute(signal: AbortSignal): Promise<number | null> {
    const settled = await settledBy(disputes, ({ place, guesses }, heard) => {
      if (own) return own.judge(place, guesses, signal)
      const third = choose(place, ...heard)
      return third && roster.ask(third, place, guesses, signal).catch(unansweredBy)
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
        const judgement = first ? await inquiry.of(first, asked) : await byItself(asked)
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

  return {
    begin: () => disputes.begin(),
    judge,
    recite(ids, signal) {
      const beginning = { start: 0, window: ids.slice(0, 1) }
      const next = (...notThese: readonly NodeId[]) => choose(beginning, ...notThese)?.verifier ?? null
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
const noCloud =
  'No tab is left that can ask the tabs around it. Let others ask what your tabs learned, then ask again.'
const noEdge = ({ mostLayers, facts }: Ports['self']): string =>
  `No tab is left that holds the whole model, and this one may hold only ${mostLayers} of its ${facts.layers} layers. Open another tab with the room’s link, then ask again.`
