/**
 * Which way of working together says a text soonest. Every lossless mode says the same, so only time and power count: for each the
 * milliseconds a token will take are foreseen from what is known of the room (speeds, round trips, loads, memory), and corrected by
 * what the one in use really took. Whoever is on a low battery counts its own computing twice. A mode in use is left only for one
 * that is clearly better, since a change means reading the text anew.
 */
import { bestCut, cutMs } from './cut'
import { draftLength, type RoundRates, tokensPerSecond } from './draftLength'
import { type Candidate, place, tokenMs } from './placement'

/** Those between which is chosen: all that say what one tab would say. */
export const losslessModes = ['alone', 'speculative', 'multi-access', 'pipeline', 'split'] as const
export type LosslessMode = (typeof losslessModes)[number]

export interface Means {
  readonly layers: number
  readonly own: Candidate
  /** Draws on a battery that is nearly empty. */
  readonly isLowOnPower: boolean
  readonly others: readonly Candidate[]
  /** How guesses fared so far; before the first, a guess. */
  readonly rates: Pick<RoundRates, 'acceptance'>
  /** So many first layers guess. */
  readonly draftLayers: number
}

export interface Estimate {
  readonly mode: LosslessMode
  readonly millisecondsPerToken: number
}

/** Of modes that this room can have. */
export function estimates(means: Means): readonly Estimate[] {
  return losslessModes.flatMap((mode) => {
    const millisecondsPerToken = foreseen(mode, means)
    return millisecondsPerToken === null ? [] : [{ mode, millisecondsPerToken }]
  })
}

function foreseen(mode: LosslessMode, means: Means): number | null {
  switch (mode) {
    case 'alone':
      return ownMs(means) * means.layers <= 0 || means.own.mostLayers < means.layers
        ? null
        : ownMs(means) * means.layers
    case 'speculative':
      return guessingMs(means, judgesOf(means)[0])
    case 'multi-access': {
      const judges = judgesOf(means)
      // With one edge there is nothing to choose; a second must be told the text now and then.
      return judges.length < 2 ? null : (guessingMs(means, judges[0]) ?? 0) * severalEdges
    }
    case 'pipeline': {
      const candidates = [{ ...means.own, millisecondsPerLayer: ownMs(means) }, ...means.others]
      const plan = place(candidates, means.layers)
      return plan && plan.length > 1 ? tokenMs(plan, candidates) : null
    }
    case 'split':
      return splitMs(means)
  }
}

/** What several edges cost more than one when nobody else asks: now and then one reads the text that another knows. */
const severalEdges = 1.15

/** Power that is short is worth twice the time. */
const ownMs = ({ own, isLowOnPower }: Means): number => own.millisecondsPerLayer * (isLowOnPower ? 2 : 1)

/** Those that hold the whole model, the soonest first. */
const judgesOf = ({ others, layers }: Means): readonly Candidate[] =>
  others
    .filter(({ mostLayers }) => mostLayers >= layers)
    .sort((one, other) => judgingMs(one, layers) - judgingMs(other, layers))
const judgingMs = ({ millisecondsPerLayer, overheadMs }: Candidate, layers: number) =>
  overheadMs + layers * millisecondsPerLayer

function guessingMs(means: Means, judge: Candidate | undefined): number | null {
  const { layers, draftLayers, rates, own } = means
  if (!judge || own.mostLayers < draftLayers || draftLayers < 1) return null
  const round: RoundRates = {
    acceptance: rates.acceptance,
    draftMs: ownMs(means) * draftLayers,
    verifyMs: judge.millisecondsPerLayer * layers,
    travelMs: judge.overheadMs,
  }
  return 1000 / tokensPerSecond(round, draftLength(round))
}

function splitMs(means: Means): number | null {
  const { layers, own, others } = means
  const times = others.flatMap((edge) => {
    const measures = {
      layers,
      deviceMsPerLayer: ownMs(means),
      edgeMsPerLayer: edge.millisecondsPerLayer,
      travelMs: edge.overheadMs,
      mostAtDevice: own.mostLayers,
      mostAtEdge: edge.mostLayers,
    }
    const cut = bestCut(measures)
    return cut === null || cut === layers ? [] : [cutMs(measures, cut)]
  })
  return times.length > 0 ? Math.min(...times) : null
}

/** A change pays where it saves so much. */
const clearly = 0.85

/**
 * The mode to go on with; null where none can be had.
 * @param current the one in use, and what a token really took with it
 */
export function chooseMode(foreseen: readonly Estimate[], current: Estimate | null): Estimate | null {
  const best = foreseen.reduce<Estimate | null>(
    (one, other) => (one === null || other.millisecondsPerToken < one.millisecondsPerToken ? other : one),
    null,
  )
  const isPossible = current !== null && foreseen.some(({ mode }) => mode === current.mode)
  if (!best || !isPossible || best.mode === current.mode) return isPossible && !best ? null : (best ?? null)
  return best.millisecondsPerToken < clearly * current.millisecondsPerToken ? best : current
}
