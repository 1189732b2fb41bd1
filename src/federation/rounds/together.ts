/**
 * What a secure round does beside an ordinary one (secure/ has the protocol, and the bytes are the driver's): before anybody
 * sends, devices make keys and share their secrets, while they train; when all that will come has come, those that have sent
 * tell what takes the masks off the sum.
 *
 *   keys -> shares -> agreed (vectors come) -> unmasking -> merging
 *
 * Whoever misses a step is out of the round, and whoever goes after it shared its secrets costs the others nothing. Each step
 * waits for those who are asked, though not for long; with fewer than the threshold the round is void, at every step. A round
 * that was under way when whoever merges was reloaded never happened: its keys are gone, and the next try makes new ones.
 */
import { countedExamples } from '../aggregation/limits'
import type { RoundEffect } from '../effects'
import type { RoundEvent, Timer } from '../events'
import type { Member } from '../members'
import type { DeviceKey } from '../names'
import { answersAwaited, thresholdOf } from '../secure/graph'
import { integerWeights } from '../secure/quantising'
import type { Agreement, Cycle, Stage } from './stage'
import { goesOn, isGathered, isVoid, startTimer, type Turn, without } from './turn'

/** A tab that is there answers at once; one that is hidden, within seconds. */
const stepMs = 20_000

/** What a secure round is opened with. */
export interface Secured {
  readonly weights: Readonly<Record<DeviceKey, number>>
  /** The device of whoever merges, if it may take part; null: there is none. */
  readonly merger: DeviceKey | null
}

/** Weights by examples, as far as one may claim them (aggregation/limits.ts), before anybody trains. */
export function securedBy(
  members: readonly Member[],
  cohort: readonly DeviceKey[],
  merger: DeviceKey | null = null,
): Secured {
  const examplesOf = new Map(members.map(({ key, examples }) => [key, examples]))
  const counted = countedExamples(cohort.map((key) => ({ examples: examplesOf.get(key) ?? 0, behind: [] })))
  const weights = integerWeights(counted)
  return { weights: Object.fromEntries(cohort.map((key, at) => [key, weights[at]])), merger }
}

type Training = Stage & { kind: 'training' }

/** The first step of a round that opens: keys. */
export function beginning(cycle: Cycle, round: number, cohort: readonly DeviceKey[], secured: Secured) {
  const agreement: Agreement = { ...secured, step: 'keys', parties: cohort, answered: [] }
  const effects: RoundEffect[] = [
    { type: 'ask-keys', adapter: cycle.adapter, round, to: cohort },
    startTimer(cycle, 'keys', round, stepMs),
  ]
  return { agreement, effects }
}

const thresholdIn = ({ parties, merger }: Agreement): number =>
  thresholdOf(parties.length, merger !== null && parties.includes(merger))

/** How many vectors close a secure round at the least; 0: it is not a secure one. */
export const leastVectors = ({ agreement }: Training): number => (agreement ? thresholdIn(agreement) : 0)

/** A device has taken a step of the protocol. */
export function stepTaken(cycle: Cycle, event: RoundEvent & { type: 'step-taken' }): Turn {
  const { stage } = cycle
  const { device, round, step } = event
  if (stage.kind === 'unmasking' && step === 'unmasking' && stage.round === round)
    return stage.awaited.includes(device) ? told(cycle, stage, device) : goesOn(cycle)
  if (stage.kind !== 'training' || stage.round !== round) return goesOn(cycle)
  const { agreement, awaited } = stage
  if (agreement?.step !== step || !awaited.includes(device) || agreement.answered.includes(device))
    return goesOn(cycle)
  const answered = [...agreement.answered, device]
  return stepOver({ ...cycle, stage: { ...stage, agreement: { ...agreement, answered } } })
}

/** Goes on to the next step once nobody is missing in this one. */
export function stepOver(cycle: Cycle): Turn {
  const { stage } = cycle
  if (stage.kind !== 'training' || !stage.agreement || stage.agreement.step === 'agreed') return goesOn(cycle)
  const answered = new Set(stage.agreement.answered)
  return stage.awaited.every((device) => answered.has(device)) ? closeStep(cycle, stage) : goesOn(cycle)
}

/** The time of a step is over: those who have answered go on. */
export function stepTimeIsUp(cycle: Cycle, { name }: Timer): Turn {
  const { stage } = cycle
  if (stage.kind === 'unmasking' && name === 'unmasking')
    return stage.answered.length >= stage.needed ? isGathered(cycle) : tooFewTold(cycle, stage)
  if (stage.kind !== 'training' || stage.agreement?.step !== name) return goesOn(cycle)
  return closeStep(cycle, stage)
}

function closeStep(cycle: Cycle, stage: Training): Turn {
  const agreement = stage.agreement!
  const { adapter } = cycle
  const { round } = stage
  const here = new Set(stage.awaited)
  const took = new Set(agreement.answered)
  const left = stage.cohort.filter((device) => here.has(device) && took.has(device))
  if (agreement.step === 'keys') {
    const closed: Agreement = { ...agreement, step: 'shares', parties: left, answered: [] }
    const least = thresholdIn(closed)
    if (left.length < least) return isVoid(cycle, tooFew(left.length, least))
    const devices = left.map((device) => ({ device, weight: agreement.weights[device] }))
    const next = { ...stage, agreement: closed, awaited: left, wanted: Math.max(stage.wanted, least) }
    return goesOn({ ...cycle, stage: next }, [
      { type: 'close-roster', adapter, round, devices, merger: agreement.merger },
      startTimer(cycle, 'shares', round, stepMs),
    ])
  }
  const least = thresholdIn(agreement)
  if (left.length < least) return isVoid(cycle, tooFew(left.length, least))
  const agreed: Agreement = { ...agreement, step: 'agreed', answered: left }
  return goesOn({ ...cycle, stage: { ...stage, agreement: agreed, awaited: left } }, [
    { type: 'pass-shares', adapter, round, to: left },
  ])
}

/** All vectors are in that will come: those who sent them are asked for their shares. */
export function unmask(cycle: Cycle, stage: Training, agreement: Agreement): Turn {
  const { adapter } = cycle
  const { round, openedAtMs, from, arrived } = stage
  const came = new Set(arrived.map(({ device }) => device))
  const survivors = stage.cohort.filter((device) => came.has(device))
  const takesPart = agreement.merger !== null && agreement.parties.includes(agreement.merger)
  const next: Stage = {
    kind: 'unmasking',
    round,
    openedAtMs,
    from,
    arrived,
    survivors,
    weights: agreement.weights,
    awaited: survivors,
    answered: [],
    needed: thresholdIn(agreement),
    enough: Math.min(survivors.length, answersAwaited(agreement.parties.length, takesPart)),
  }
  return goesOn({ ...cycle, stage: next }, [
    { type: 'stop-timers', adapter },
    { type: 'unmask', adapter, round, survivors },
    startTimer(cycle, 'unmasking', round, stepMs),
  ])
}

/** The masks can be taken off: the sum is merged as one. */
export function mergeSum(cycle: Cycle, stage: Stage & { kind: 'unmasking' }, version: number): Turn {
  const { adapter } = cycle
  const { round, openedAtMs, from, survivors, weights } = stage
  const total = survivors.reduce((sum, device) => sum + weights[device], 0)
  const updates = survivors.map((device) => ({ device, round, weight: weights[device] / total }))
  const merging: Stage = { kind: 'merging', round, openedAtMs, from, claims: [], contributors: survivors }
  return goesOn({ ...cycle, stage: merging }, [
    { type: 'stop-timers', adapter },
    { type: 'merge', adapter, version, round, from, relativeTo: 'start', updates, together: true },
  ])
}

/** A device whose shares were asked for has gone, or refuses. */
export function tellsNothing(cycle: Cycle, stage: Stage & { kind: 'unmasking' }, device: DeviceKey): Turn {
  if (!stage.awaited.includes(device)) return goesOn(cycle)
  const next = { ...stage, awaited: without(stage.awaited, device) }
  return stage.answered.length + next.awaited.length < stage.needed
    ? tooFewTold({ ...cycle, stage: next }, next)
    : enoughTold({ ...cycle, stage: next }, next)
}

function told(cycle: Cycle, stage: Stage & { kind: 'unmasking' }, device: DeviceKey): Turn {
  const next = {
    ...stage,
    awaited: without(stage.awaited, device),
    answered: [...stage.answered, device],
  }
  return enoughTold({ ...cycle, stage: next }, next)
}

const enoughTold = (cycle: Cycle, { answered, awaited, enough }: Stage & { kind: 'unmasking' }): Turn =>
  answered.length >= enough || awaited.length === 0 ? isGathered(cycle) : goesOn(cycle)

const tooFewTold = (cycle: Cycle, { answered, needed }: Stage & { kind: 'unmasking' }): Turn =>
  isVoid(
    cycle,
    `Only ${answered.length} devices told what takes the masks off, and ${needed} are needed: nobody can read the sum.`,
  )

export const tooFew = (count: number, least: number): string =>
  `Only ${count} devices took part, and a sum of so few would hide nobody: ${least} are needed.`
