/**
 * Which of several edges to ask next. All can give the same answer, so only time counts: of two taken at random the one that will
 * be done first (the power of two choices: nearly as good as looking at all, and no herd runs to the same idle edge), where the
 * time is its round trip, plus what it has yet to read of the text, plus its queue as it last told it and this tab's own questions that it has not answered yet, each as
 * long as one takes. What an edge told is old; one's own questions are known exactly, and correct most of that. An edge that
 * failed three times in a row is left alone for a while, unless all were.
 *
 * Source: Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, IEEE TPDS 2001; circuit breaker after Nygard.
 */
import { banMs } from './replacement'

export interface Edge {
  readonly id: string
  readonly travelMs: number
  /** To compute one answer. */
  readonly serviceMs: number
  /** Questions that it had before it when it last answered. */
  readonly load: number
  /** This tab's that are not answered. */
  readonly inFlight: number
  /** One after the other, since it last answered. */
  readonly failures: number
  /** When it may be asked again. */
  readonly restsUntilMs: number
  /** To tell it the text as far as it does not know it. */
  readonly catchUpMs: number
}

export const unknownEdge = (id: string, travelMs: number, serviceMs: number): Edge => ({
  id,
  travelMs,
  serviceMs,
  load: 0,
  inFlight: 0,
  failures: 0,
  restsUntilMs: 0,
  catchUpMs: 0,
})

/** Until it would have answered. */
export const expectedMs = ({ travelMs, serviceMs, load, inFlight, catchUpMs }: Edge): number =>
  travelMs + catchUpMs + (load + inFlight + 1) * serviceMs

/** So few are all looked at. */
const fewEdges = 3

/**
 * @param chance two numbers from [0, 1): which two are looked at
 * @param isExcluded edges that must not be chosen, whatever happens
 * Null where there is none.
 */
export function chooseEdge(
  edges: readonly Edge[],
  nowMs: number,
  chance: readonly [number, number],
  isExcluded: (id: string) => boolean = () => false,
): Edge | null {
  const candidates = candidatesOf(edges, nowMs, isExcluded)
  return soonest(candidates.length <= fewEdges ? candidates : twoOf(candidates, chance))
}

/** The one that will be done first of all; null where there is none. */
export const nearestEdge = (
  edges: readonly Edge[],
  nowMs: number,
  isExcluded: (id: string) => boolean = () => false,
): Edge | null => soonest(candidatesOf(edges, nowMs, isExcluded))

/** The one that computes fastest, however far it is; of equal ones the farthest, since near ones are somebody’s edges. */
export const fastestEdge = (
  edges: readonly Edge[],
  nowMs: number,
  isExcluded: (id: string) => boolean = () => false,
): Edge | null =>
  [...candidatesOf(edges, nowMs, isExcluded)]
    .reverse()
    .sort((one, other) => one.serviceMs - other.serviceMs || other.travelMs - one.travelMs)[0] ?? null

/** Those that are not left alone; if all have failed, the fault may be one's own, so all of them. */
function candidatesOf(
  edges: readonly Edge[],
  nowMs: number,
  isExcluded: (id: string) => boolean,
): readonly Edge[] {
  const allowed = edges.filter(({ id }) => !isExcluded(id))
  const rested = allowed.filter(({ restsUntilMs }) => restsUntilMs <= nowMs)
  return rested.length > 0 ? rested : allowed
}

const soonest = (edges: readonly Edge[]): Edge | null =>
  edges.reduce<Edge | null>(
    (best, edge) => (best === null || expectedMs(edge) < expectedMs(best) ? edge : best),
    null,
  )

function twoOf(edges: readonly Edge[], [first, second]: readonly [number, number]): readonly Edge[] {
  const one = Math.floor(first * edges.length)
  const step = 1 + Math.floor(second * (edges.length - 1))
  return [edges[one], edges[(one + step) % edges.length]]
}

const weight = 1 / 8

export const asked = (edge: Edge): Edge => ({ ...edge, inFlight: edge.inFlight + 1 })

/** Its answer is no longer waited for. */
export const calledOff = (edge: Edge): Edge => ({ ...edge, inFlight: Math.max(0, edge.inFlight - 1) })

/** @param tookMs from question to answer @param computeMs of it, as the edge says */
export function answered(edge: Edge, tookMs: number, computeMs: number, load: number): Edge {
  const queued = (edge.load + edge.inFlight - 1) * edge.serviceMs
  const travelMs = Math.max(0, tookMs - computeMs - Math.max(0, queued))
  return {
    ...calledOff(edge),
    load,
    failures: 0,
    restsUntilMs: 0,
    travelMs: edge.travelMs + weight * (travelMs - edge.travelMs),
    serviceMs: edge.serviceMs + weight * (computeMs - edge.serviceMs),
  }
}

const failuresUntilRest = 3

export function failed(edge: Edge, nowMs: number): Edge {
  const failures = edge.failures + 1
  const rests = failures >= failuresUntilRest
  return {
    ...calledOff(edge),
    failures,
    restsUntilMs: rests ? nowMs + banMs(failures - failuresUntilRest + 1) : edge.restsUntilMs,
  }
}
