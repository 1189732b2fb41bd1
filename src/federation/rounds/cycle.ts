/**
 * One adapter's round: order, gather, merge, load. It is what all schemes with rounds are made of: the synchronous scheme
 * turns one cycle, a clustered one a cycle per cluster, a hierarchical one a cycle of edges and, in every edge, a cycle of
 * its devices. A cycle says what became of the round (its verdict); what follows is the scheme's business.
 *
 * Nobody can hold a round up. The departed and the refused leave the awaited set at once. Once half of the cohort has
 * answered (the quorum) the others get a grace time; at the deadline the round closes with the quorum or is void. A reply
 * counts once, and only while its round gathers: late, repeated and foreign ones change nothing.
 */
import { countedExamples } from '../aggregation/limits'
import type { EdgeEvent, RoundEvent, SchemeEvent, Timer } from '../events'
import type { Member } from '../members'
import type { AdapterId, AdapterName, DeviceKey } from '../names'
import { awaits, type Cycle, roundOf, type Stage } from './stage'
import {
  beginning,
  leastVectors,
  mergeSum,
  type Secured,
  stepOver,
  stepTaken,
  stepTimeIsUp,
  tellsNothing,
  tooFew,
  unmask,
} from './together'
import { goesOn, isGathered, isVoid, startTimer, type Turn, without } from './turn'

export const firstDeadlineMs = 3_600_000
const leastDeadlineMs = 30_000
const leastGraceMs = 10_000
const acknowledgementMs = 20_000

export interface Plan {
  readonly round: number
  readonly cohort: readonly DeviceKey[]
  /** Close when so many have answered. */
  readonly wanted: number
  readonly from: AdapterName
  /** Null: three times the usual round. */
  readonly deadlineMs: number | null
  /** No grace time after the quorum. */
  readonly waitsForAll: boolean
  /** Devices send under masks; null or absent: as they are. */
  readonly secure?: Secured | null
}

/** At least half of the cohort, and never one alone unless it is alone. */
export const quorumOf = (cohort: number): number => Math.max(Math.ceil(cohort / 2), Math.min(2, cohort))

/** Three times the usual round, at least 30 s; the first round has no precedent and gets an hour. */
export const deadlineMs = (roundTimesMs: readonly number[]): number =>
  roundTimesMs.length === 0 ? firstDeadlineMs : Math.max(leastDeadlineMs, 3 * median(roundTimesMs))

/** A round begins; the scheme orders the cohort to train. */
export function open(cycle: Cycle, plan: Plan, atMs: number): Turn {
  const { round, cohort, wanted, from, waitsForAll, secure = null } = plan
  const masked = secure && beginning(cycle, round, cohort, secure)
  const stage: Stage = {
    kind: 'training',
    round,
    openedAtMs: atMs,
    from,
    cohort,
    wanted,
    waitsForAll,
    awaited: cohort,
    arrived: [],
    agreement: masked?.agreement ?? null,
  }
  const afterMs = plan.deadlineMs ?? deadlineMs(cycle.roundTimesMs)
  const timer = startTimer(cycle, 'deadline', round, afterMs)
  return goesOn({ ...cycle, stage }, masked ? [...masked.effects, timer] : [timer])
}

/** What an event means to a round under way. */
export function hear(cycle: Cycle, event: SchemeEvent | EdgeEvent): Turn {
  const { stage } = cycle
  switch (event.type) {
    case 'update-arrived':
      return arrive(cycle, event)
    case 'step-taken':
      return stepTaken(cycle, event)
    case 'update-refused':
      return event.round === roundOf(stage) ? awaitLess(cycle, event.device) : goesOn(cycle)
    case 'device-left':
      return stage.kind === 'loading' ? loaded(cycle, event.device) : awaitLess(cycle, event.device)
    case 'device-paused':
      return loaded(cycle, event.device)
    case 'forget-asked':
      return withdraw(cycle, event.device)
    case 'loaded':
      return stage.kind === 'loading' && isOf(cycle, event) && event.version === stage.version
        ? loaded(cycle, event.device)
        : goesOn(cycle)
    case 'merge-failed':
      return stage.kind === 'merging' && isOf(cycle, event) && event.round === stage.round
        ? isVoid(cycle, event.reason)
        : goesOn(cycle)
    case 'timer-fired':
      return isOf(cycle, event.timer) && event.timer.round === roundOf(stage)
        ? timeIsUp(cycle, event.timer)
        : goesOn(cycle)
    default:
      return goesOn(cycle)
  }
}

/**
 * Merges what was gathered, weighted by examples and in index order: the same cohort repeats bit for bit. Updates from no
 * examples have no weight; a round of nothing else is void. What a claim of examples counts for is limits.ts' business.
 * What came under masks is unmasked first; it is gathered a second time then, and merged.
 * @param behind the devices for which a member of the cohort speaks beside or instead of itself
 */
export function merge(
  cycle: Cycle,
  members: readonly Member[],
  version: number,
  behind: (device: DeviceKey) => readonly Member[] = () => [],
): Turn {
  const { stage, adapter } = cycle
  if (stage.kind === 'unmasking') return mergeSum(cycle, stage, version)
  if (stage.kind !== 'training') return goesOn(cycle)
  if (stage.agreement) return unmask(cycle, stage, stage.agreement)
  const counts = countedExamples(
    stage.arrived.map(({ device, examples }) => ({
      examples,
      behind: behind(device).map((member) => member.examples),
    })),
  )
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return nothingCame(cycle)
  const { round, from, openedAtMs } = stage
  const examplesOf = new Map(stage.arrived.map(({ device }, at) => [device, counts[at]]))
  const updates = members
    .filter(({ key }) => examplesOf.get(key))
    .map(({ key }) => ({ device: key, round, weight: examplesOf.get(key)! / total }))
  const contributors = updates.map(({ device }) => device)
  const claims = members.flatMap(({ key }) => stage.arrived.filter(({ device }) => device === key))
  return {
    cycle: { ...cycle, stage: { kind: 'merging', round, openedAtMs, from, claims, contributors } },
    effects: [
      { type: 'stop-timers', adapter },
      { type: 'merge', adapter, version, round, from, relativeTo: 'start', updates },
    ],
    verdict: { kind: 'goes-on' },
  }
}

/**
 * The merge is done: everybody in `to` is sent the new version. Who takes part is waited for, though not for long: the
 * next order would only wait for the same. A guest without text, or a phone that sleeps, holds nobody up.
 */
export function load(cycle: Cycle, version: number, to: readonly Member[]): Turn {
  const { stage, adapter } = cycle
  if (stage.kind !== 'merging') return goesOn(cycle)
  const takesPart = ({ key, paused, examples, isSpent }: Member) =>
    !paused && ((examples > 0 && !isSpent) || stage.contributors.includes(key))
  const awaited = to.filter(takesPart).map(({ key }) => key)
  const { round, openedAtMs, contributors } = stage
  const next: Stage = { kind: 'loading', round, openedAtMs, version, contributors, awaited }
  return {
    cycle: { ...cycle, voidsInARow: 0, stage: next },
    effects: [
      { type: 'announce', to: to.map(({ key }) => key), adapter, version },
      startTimer(cycle, 'acknowledgement', stage.round, acknowledgementMs),
    ],
    verdict: awaited.length === 0 ? { kind: 'loaded' } : { kind: 'goes-on' },
  }
}

/** Closes a round that everybody has loaded. */
export function complete(cycle: Cycle, atMs: number): Turn {
  const { stage, adapter, roundTimesMs } = cycle
  if (stage.kind !== 'loading') return goesOn(cycle)
  const { round, version, contributors } = stage
  return {
    cycle: {
      ...cycle,
      stage: { kind: 'between' },
      completedRounds: round,
      roundTimesMs: [...roundTimesMs, atMs - stage.openedAtMs].slice(-20),
    },
    effects: [
      { type: 'stop-timers', adapter },
      { type: 'round-completed', adapter, version, round, contributors },
    ],
    verdict: { kind: 'goes-on' },
  }
}

/** Gives a round up; its number is tried again. */
export function giveUp(cycle: Cycle, why: string): Turn {
  const { adapter, stage, voidsInARow } = cycle
  return {
    cycle: { ...cycle, stage: { kind: 'between' }, voidsInARow: voidsInARow + 1 },
    effects: [
      { type: 'stop-timers', adapter },
      { type: 'round-void', adapter, round: roundOf(stage), why },
    ],
    verdict: { kind: 'goes-on' },
  }
}

/** After a reload: what was merged is done, whoever has loaded it; what was not never happened. */
export const resume = (cycle: Cycle): Turn =>
  cycle.stage.kind === 'loading' ? { ...goesOn(cycle), verdict: { kind: 'loaded' } } : goesOn(abandon(cycle))

/** The round under way never happened. */
export const abandon = (cycle: Cycle): Cycle => ({ ...cycle, stage: { kind: 'between' } })

function arrive(cycle: Cycle, event: RoundEvent & { type: 'update-arrived' }): Turn {
  const { stage } = cycle
  const { device, round, version, examples } = event
  if (stage.kind !== 'training' || !awaits(cycle, device, round) || version !== stage.from.version)
    return goesOn(cycle)
  const arrived = [...stage.arrived, { device, examples }]
  const awaited = without(stage.awaited, device)
  const next = { ...cycle, stage: { ...stage, arrived, awaited } }
  if (awaited.length === 0 || arrived.length >= stage.wanted) return settled(next)
  if (stage.waitsForAll || arrived.length !== quorumIn(stage)) return goesOn(next)
  const afterMs = Math.max(leastGraceMs, (event.atMs - stage.openedAtMs) / 2)
  return goesOn(next, [startTimer(cycle, 'grace', round, afterMs)])
}

/** A device will not answer any more: it left, or what it sent was refused. */
function awaitLess(cycle: Cycle, device: DeviceKey): Turn {
  const { stage } = cycle
  if (stage.kind === 'unmasking') return tellsNothing(cycle, stage, device)
  if (stage.kind !== 'training' || !stage.awaited.includes(device)) return goesOn(cycle)
  const awaited = without(stage.awaited, device)
  const next = { ...cycle, stage: { ...stage, awaited } }
  return awaited.length === 0 ? settled(next) : stepOver(next)
}

/** What it has sent is not to be merged, and what it would send neither. */
function withdraw(cycle: Cycle, device: DeviceKey): Turn {
  const { stage } = cycle
  if (stage.kind !== 'training') return goesOn(cycle)
  const arrived = stage.arrived.filter((each) => each.device !== device)
  const next = { ...cycle, stage: { ...stage, arrived } }
  return awaitLess(next, device)
}

/** Nobody is left to wait for. */
function settled(cycle: Cycle): Turn {
  const { stage } = cycle
  if (stage.kind !== 'training' || stage.arrived.length === 0) return nothingCame(cycle)
  const least = leastVectors(stage)
  return stage.arrived.length < least ? isVoid(cycle, tooFew(stage.arrived.length, least)) : isGathered(cycle)
}

/** So many close a round that has waited long enough. */
const quorumIn = (stage: Stage & { kind: 'training' }): number =>
  Math.max(quorumOf(stage.wanted), leastVectors(stage))

function timeIsUp(cycle: Cycle, timer: Timer): Turn {
  const { stage } = cycle
  if (stage.kind === 'loading' && timer.name === 'acknowledgement')
    return { ...goesOn(cycle), verdict: { kind: 'loaded' } }
  if (timer.name === 'keys' || timer.name === 'shares' || timer.name === 'unmasking')
    return stepTimeIsUp(cycle, timer)
  if (stage.kind !== 'training' || timer.name === 'acknowledgement') return goesOn(cycle)
  if (stage.arrived.length >= quorumIn(stage)) return isGathered(cycle)
  return isVoid(cycle, `Only ${stage.arrived.length} of ${stage.cohort.length} devices answered in time.`)
}

function loaded(cycle: Cycle, device: DeviceKey): Turn {
  const { stage } = cycle
  if (stage.kind !== 'loading') return goesOn(cycle)
  const awaited = without(stage.awaited, device)
  const next = { ...cycle, stage: { ...stage, awaited } }
  return { ...goesOn(next), verdict: awaited.length === 0 ? { kind: 'loaded' } : { kind: 'goes-on' } }
}

const nothingCame = (cycle: Cycle): Turn => isVoid(cycle, 'No device sent a usable update.')

const isOf = (cycle: Cycle, { adapter }: { readonly adapter: AdapterId }): boolean =>
  cycle.adapter === adapter

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
