/**
 * The edges that are there, what is known of each, and which is asked next. Whoever comes is met, whoever goes is forgotten, and
 * every answer and every failure changes what an edge is thought to be worth (plan/edgeChoice.ts).
 */
import { philox } from '../../../../lib/philox'
import { type Line, Unanswered } from '../../../line'
import type { Note, Question } from '../../../mode'
import {
  answered,
  asked,
  chooseEdge,
  type Edge,
  failed,
  fastestEdge,
  nearestEdge,
  unknownEdge,
} from '../../../plan/edgeChoice'
import type { Member, NodeId, Ports } from '../../../ports'
import { misfit } from '../../../room'
import type { Place } from '../guessing'
import { furtherRow, openVerifier, type Verdict, type Verifier } from './verifier'

/**
 * `one`: the nearest, as long as it answers. `many`: whichever will be done first, chosen again each time. `cloud`: the fastest,
 * however far, which asks the tabs around it.
 */
export type EdgeUse = 'one' | 'many' | 'cloud'

export interface Known {
  readonly id: NodeId
  readonly verifier: Verifier
  edge: Edge
  /** When it last answered; null: never. */
  answeredAtMs: number | null
  /** It answers one question after the other. */
  last: Promise<unknown>
}

export interface Roster {
  /** Null where nobody is left. `latest`: who was asked before. */
  choose(place: Place, isExcluded: (id: NodeId) => boolean, latest: NodeId | null): Known | null
  /** Those among whom that is chosen; of `one`, whoever would be. */
  candidates(place: Place, isExcluded: (id: NodeId) => boolean, latest: NodeId | null): readonly NodeId[]
  /** Rejects with an `Unanswered` where that edge is lost. */
  ask(one: Known, place: Place, guesses: readonly number[], signal: AbortSignal): Promise<Verdict>
  close(): void
}

export interface RosterEvents {
  answered(tookMs: number): void
  lost(note: Note): void
}

/** Whether it holds the whole model, and the adapter. */
export const isAbleToJudge = ({ hello }: Member, { facts }: Ports['self'], adapter: string | null): boolean =>
  hello.mostLayers >= facts.layers && misfit(facts, hello, adapter) === null

const usualTravelMs = 20

/** To open a session takes a round trip, to read a token a quarter of a row. */
function catchUpMs({ travelMs, serviceMs }: Edge, verifier: Verifier, place: Place): number {
  const unread = verifier.unread(place)
  return (unread === null ? travelMs : 0) + furtherRow * serviceMs * (unread ?? place.window.length)
}

export function openRoster(
  ports: Ports,
  line: Line,
  question: Question,
  use: EdgeUse,
  events: RosterEvents,
): Roster {
  const { links, clock, self } = ports
  const known = new Map<NodeId, Known>()
  let choices = 0
  let isClosed = false

  const meet = ({ id, hello, roundTripMs }: Member): Known => {
    // A page that nobody looks at is slowed down by its browser.
    const serviceMs = hello.millisecondsPerLayer * self.facts.layers * (hello.isVisible ? 1 : 2)
    const edge = unknownEdge(id, roundTripMs ?? usualTravelMs, serviceMs)
    const met = {
      id,
      verifier: openVerifier(ports, line, id, question, use === 'cloud' ? 'ensemble' : 'model'),
      edge,
      answeredAtMs: null,
      last: Promise.resolve(),
    }
    known.set(id, met)
    return met
  }
  function present(): readonly Known[] {
    // Whoever began with a text has its version of the adapter, also when the room has merged a newer one.
    const adapterOf = (id: NodeId) => (known.has(id) ? null : (question.adapter?.hash ?? null))
    const able = links.members().filter((member) => isAbleToJudge(member, self, adapterOf(member.id)))
    const ids = new Set(able.map(({ id }) => id))
    for (const [id, { verifier, answeredAtMs, edge }] of known) {
      if (ids.has(id)) continue
      verifier.close()
      known.delete(id)
      const why = 'Its tab was closed or lost its link.'
      // Whoever failed was named then.
      if (answeredAtMs !== null && edge.failures === 0)
        events.lost({ kind: 'lost', id, why, detectedMs: clock.now() - answeredAtMs })
    }
    return able.map((member) => known.get(member.id) ?? meet(member))
  }

  const roster: Roster = {
    choose(place, isExcluded, latest) {
      const edges = present().map(({ edge, verifier }) => ({
        ...edge,
        catchUpMs: catchUpMs(edge, verifier, place),
      }))
      const stayed = edges.find(({ id, failures }) => id === latest && failures === 0 && !isExcluded(id))
      const [one, other] = philox([choices++, 0, 0, 1], [question.seed >>> 0, 0]).map(
        (word) => word / 2 ** 32,
      )
      const chosen = {
        one: () => stayed ?? nearestEdge(edges, clock.now(), isExcluded),
        many: () => chooseEdge(edges, clock.now(), [one, other], isExcluded),
        cloud: () => stayed ?? fastestEdge(edges, clock.now(), isExcluded),
      }[use]()
      return chosen && known.get(chosen.id)!
    },
    candidates(place, isExcluded, latest) {
      const those = use === 'many' ? present() : [roster.choose(place, isExcluded, latest)]
      return those.flatMap((one) => (one && !isExcluded(one.id) ? [one.id] : []))
    },
    async ask(one, place, guesses, signal) {
      one.edge = asked(one.edge)
      const beganAtMs = clock.now()
      const asking = one.last.then(() => {
        if (isClosed) throw new Unanswered(one.id, 'gone', 'It is not asked any more.')
        return one.verifier.judge(place, guesses, signal)
      })
      one.last = asking.catch(() => {})
      try {
        const verdict = await asking
        const tookMs = clock.now() - beganAtMs
        one.edge = answered(one.edge, tookMs, verdict.computeMs, verdict.load)
        one.answeredAtMs = clock.now()
        events.answered(tookMs)
        return verdict
      } catch (problem) {
        one.edge = failed(one.edge, clock.now())
        if (problem instanceof Unanswered) {
          const detectedMs = clock.now() - beganAtMs
          events.lost({ kind: 'lost', id: one.id, why: problem.message, detectedMs })
        }
        throw problem
      }
    },
    close() {
      isClosed = true
      for (const { verifier } of known.values()) verifier.close()
    },
  }
  return roster
}
