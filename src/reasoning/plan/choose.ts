/**
 * Which way of working together says a text soonest. Every lossless mode says the same, so only time and power count: for each the
 * milliseconds a token will take are foreseen from what is known of the room (speeds, round trips, how guesses fare, memory), and
 * corrected by what tokens really took where it was used. Whoever is short of power counts its own computing twice. A mode in use is
 * left only for one that is clearly better, since a change means reading the text anew.
 */
import { bestCut, cutMs } from './cut'
import { draftLength, expectedTokens, furtherRow, type RoundRates, tokensPerSecond } from './draftLength'
import { type Candidate, type Placed, tokenMs } from './placement'

/** Those between which is chosen: all that say what one tab would say. */
export const losslessModes = ['alone', 'speculative', 'multi-access', 'pipeline', 'split'] as const
export type LosslessMode = (typeof losslessModes)[number]

/** Why a tab had better compute little itself: its battery is nearly empty, or its page is hidden, which its browser slows down. */
export type Strain = 'battery' | 'hidden'

export interface Means {
  readonly layers: number
  /** Its overhead is how long it waits for what it does for others. */
  readonly own: Candidate
  readonly others: readonly Candidate[]
  /** How guesses fared so far; before the first, a guess. */
  readonly acceptance: number
  /** So many first layers guess. */
  readonly draftLayers: number
  /** Who would take which layers of a pipeline; null where all together may not hold them. */
  readonly plan: readonly Placed[] | null
}

export interface Estimate {
  readonly mode: LosslessMode
  readonly millisecondsPerToken: number
  /** Of those, so many this tab itself computes. */
  readonly ownMs: number
  /** To read one token of what has been said, before it can go on. */
  readonly readingMs: number
}

/** Of modes that this room can have. */
export function estimates(means: Means): readonly Estimate[] {
  return losslessModes.flatMap((mode) => {
    const found = foreseen(mode, means)
    return found === null ? [] : [{ mode, ...found }]
  })
}

type Foreseen = Omit<Estimate, 'mode'>

function foreseen(mode: LosslessMode, means: Means): Foreseen | null {
  const { own, layers } = means
  switch (mode) {
    case 'alone': {
      const milliseconds = own.overheadMs + own.millisecondsPerLayer * layers
      return own.mostLayers < layers ? null : computedFor(milliseconds, milliseconds, own.overheadMs)
    }
    case 'speculative':
      return guessing(means, judgesOf(means)[0])
    case 'multi-access': {
      const judges = judgesOf(means)
      const round = guessing(means, judges[0])
      // With one edge there is nothing to choose; a second must be told the text now and then.
      if (!round || judges.length < 2) return null
      return { ...round, millisecondsPerToken: severalEdges * round.millisecondsPerToken }
    }
    case 'pipeline':
      return handedOn(means)
    case 'split':
      return cutInTwo(means)
  }
}

/** What several edges cost more than one when nobody else asks: now and then one reads the text that another knows. */
const severalEdges = 1.15

/** Those that hold the whole model, the soonest first. */
const judgesOf = ({ others, layers }: Means): readonly Candidate[] =>
  others
    .filter(({ mostLayers }) => mostLayers >= layers)
    .sort((one, other) => judgingMs(one, layers) - judgingMs(other, layers))
const judgingMs = ({ millisecondsPerLayer, overheadMs }: Candidate, layers: number) =>
  overheadMs + layers * millisecondsPerLayer

function guessing(means: Means, judge: Candidate | undefined): Foreseen | null {
  const { layers, draftLayers, acceptance, own } = means
  if (!judge || own.mostLayers < draftLayers || draftLayers < 1) return null
  const round: RoundRates = {
    acceptance,
    draftMs: own.overheadMs + own.millisecondsPerLayer * draftLayers,
    verifyMs: judge.millisecondsPerLayer * layers,
    travelMs: judge.overheadMs,
  }
  const length = draftLength(round)
  return {
    millisecondsPerToken: 1000 / tokensPerSecond(round, length),
    ownMs: (length * round.draftMs) / expectedTokens(acceptance, length),
    readingMs: furtherRow * (round.draftMs + round.verifyMs),
  }
}

const computedFor = (milliseconds: number, ownMs: number, travelMs: number): Foreseen => ({
  millisecondsPerToken: milliseconds,
  ownMs,
  readingMs: furtherRow * (milliseconds - travelMs),
})

function handedOn({ own, others, plan }: Means): Foreseen | null {
  if (!plan || plan.length < 2) return null
  const candidates = [own, ...others]
  const ownPart = plan.filter(({ id }) => id === own.id)
  const travelMs = others
    .filter(({ id }) => plan.some((placed) => placed.id === id))
    .reduce((sum, { overheadMs }) => sum + overheadMs, 0)
  return computedFor(tokenMs(plan, candidates), tokenMs(ownPart, candidates), travelMs)
}

function cutInTwo({ layers, own, others }: Means): Foreseen | null {
  const cuts = others.flatMap((edge) => {
    const measures = {
      layers,
      deviceMsPerLayer: own.millisecondsPerLayer,
      edgeMsPerLayer: edge.millisecondsPerLayer,
      travelMs: edge.overheadMs,
      mostAtDevice: own.mostLayers,
      mostAtEdge: edge.mostLayers,
    }
    const cut = bestCut(measures)
    return cut === null || cut === layers
      ? []
      : [computedFor(cutMs(measures, cut), cut * own.millisecondsPerLayer, edge.overheadMs)]
  })
  return best(cuts, ({ millisecondsPerToken }) => millisecondsPerToken)
}

/** A change pays where it saves so much of each token, beside what reading the text anew costs. */
const clearly = 0.95

export interface Standing {
  /** The mode that is used now. */
  readonly inUse: LosslessMode | null
  readonly strain: Strain | null
  /** Tokens of the text so far, and of what is still to be said. */
  readonly length: number
  readonly left: number
}

/**
 * The mode to go on with; null where none can be had.
 * @param found what is foreseen for each, and was measured where it was used
 */
export function chooseMode(
  found: readonly Estimate[],
  { inUse, strain, length, left }: Standing,
): Estimate | null {
  const cost = ({ millisecondsPerToken, ownMs }: Estimate) => millisecondsPerToken + (strain ? ownMs : 0)
  const withChange = (one: Estimate) => cost(one) + (length * one.readingMs) / Math.max(1, left)
  const current = found.find(({ mode }) => mode === inUse)
  const cheapest = best(
    found.filter(({ mode }) => mode !== inUse),
    withChange,
  )
  if (!current || !cheapest) return current ?? cheapest
  return withChange(cheapest) < clearly * cost(current) ? cheapest : current
}

function best<One>(all: readonly One[], costOf: (one: One) => number): One | null {
  return all.reduce<One | null>(
    (least, other) => (least === null || costOf(other) < costOf(least) ? other : least),
    null,
  )
}
