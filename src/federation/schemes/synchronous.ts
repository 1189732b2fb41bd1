/**
 * The synchronous scheme (federated averaging, McMahan et al., arXiv 1602.05629): in each round every able device gets
 * the newest adapter, trains it for a number of local steps and sends back the difference; the differences are averaged,
 * weighted by examples, into the next version, which everybody loads before the next round begins.
 *
 * Nobody can hold a round up. Departed devices leave the awaited set at once. Once half of the cohort has answered (the
 * quorum) the others get a grace time; at the deadline the round closes with the quorum or is void and tried again, and
 * three voids in a row pause the federation and say why. A late reply is dropped; a late joiner trains from the next
 * round on. Rounds never overlap.
 */
import { able, present } from '../members'
import type { DeviceKey, Effect, FederationEvent, FederationState, Scheme, Stage, Step } from '../types'

const firstDeadlineMs = 3_600_000
const leastDeadlineMs = 30_000
const leastGraceMs = 10_000
const acknowledgementMs = 20_000
const voidsUntilPause = 3

export const synchronous: Scheme = {
  name: 'synchronous',
  step(state, event) {
    switch (event.type) {
      case 'update-arrived':
        return arrive(state, event)
      case 'update-refused':
        return event.round === roundOf(state.stage) ? awaitLess(state, event.device, event.atMs) : [state, []]
      case 'device-left':
        return awaitLess(state, event.device, event.atMs)
      case 'merged':
        return merged(state, event)
      case 'merge-failed':
        return voidRound(state, event.reason, event.atMs)
      case 'loaded':
        return event.version === state.version ? loaded(state, event.device, event.atMs) : [state, []]
      case 'timer-fired':
        return event.round === roundOf(state.stage) ? timeIsUp(state, event) : [state, []]
      case 'coordinator-resumed':
        return openNext({ ...state, stage: { kind: 'between' } }, event.atMs)
      case 'device-joined':
        // A late joiner gets the newest version now and trains from the next round on.
        return [state, [{ type: 'announce', to: [event.device], version: state.version }]]
      case 'text-held':
      case 'device-resumed':
        return openNext(state, event.atMs)
      case 'command':
        // A stop abandons the round under way; a pause lets it finish.
        return event.command === 'stop'
          ? [{ ...state, stage: { kind: 'between' } }, []]
          : openNext(state, event.atMs)
      case 'device-paused':
      case 'configured':
        return [state, []]
    }
  },
}

/** At least half of the cohort, and never one alone unless it is alone. */
export const quorumOf = (cohort: number): number => Math.max(Math.ceil(cohort / 2), Math.min(2, cohort))

/** Three times the usual round, at least 30 s; the first round has no precedent and gets an hour. */
export const deadlineMs = (roundTimesMs: readonly number[]): number =>
  roundTimesMs.length === 0 ? firstDeadlineMs : Math.max(leastDeadlineMs, 3 * median(roundTimesMs))

function openNext(state: FederationState, atMs: number): Step {
  const { control, stage, completedRounds, config, version } = state
  const wanted = control.kind === 'running' || control.kind === 'stepping'
  const cohort = able(state.members)
  if (!wanted || stage.kind !== 'between' || cohort.length === 0) return [state, []]
  const round = completedRounds + 1
  if (round > config.rounds) return [state, []]
  return [
    { ...state, stage: { kind: 'training', round, openedAtMs: atMs, cohort, awaited: cohort, arrived: [] } },
    [
      { type: 'order', to: cohort, round, version },
      { type: 'start-timer', timer: 'deadline', round, afterMs: deadlineMs(state.roundTimesMs) },
    ],
  ]
}

function arrive(state: FederationState, event: FederationEvent & { type: 'update-arrived' }): Step {
  const { stage } = state
  const expected =
    stage.kind === 'training' &&
    event.round === stage.round &&
    event.version === state.version &&
    stage.awaited.includes(event.device)
  if (!expected) return [state, []]
  const arrived = [...stage.arrived, { device: event.device, examples: event.examples }]
  const next = { ...state, stage: { ...stage, arrived, awaited: without(stage.awaited, event.device) } }
  if (next.stage.awaited.length === 0) return close(next, event.atMs)
  if (arrived.length !== quorumOf(stage.cohort.length)) return [next, []]
  const afterMs = Math.max(leastGraceMs, (event.atMs - stage.openedAtMs) / 2)
  return [next, [{ type: 'start-timer', timer: 'grace', round: stage.round, afterMs }]]
}

/** A device will not answer any more: it left, or what it sent was refused. */
function awaitLess(state: FederationState, device: DeviceKey, atMs: number): Step {
  const { stage } = state
  if (stage.kind === 'loading') return loaded(state, device, atMs)
  if (stage.kind !== 'training' || !stage.awaited.includes(device)) return [state, []]
  const awaited = without(stage.awaited, device)
  const next = { ...state, stage: { ...stage, awaited } }
  return awaited.length === 0 ? close(next, atMs) : [next, []]
}

/** Nobody is left to wait for. */
const close = (state: FederationState, atMs: number): Step =>
  state.stage.kind === 'training' && state.stage.arrived.length > 0
    ? merge(state)
    : voidRound(state, 'No device sent a usable update.', atMs)

function timeIsUp(state: FederationState, event: FederationEvent & { type: 'timer-fired' }): Step {
  const { stage } = state
  if (stage.kind === 'loading' && event.timer === 'acknowledgement') return complete(state, stage, event.atMs)
  if (stage.kind !== 'training' || event.timer === 'acknowledgement') return [state, []]
  const quorum = quorumOf(stage.cohort.length)
  return stage.arrived.length >= quorum
    ? merge(state)
    : voidRound(
        state,
        `Only ${stage.arrived.length} of ${stage.cohort.length} devices answered in time.`,
        event.atMs,
      )
}

/** Example-weighted, in index order: the same cohort repeats bit for bit. */
function merge(state: FederationState): Step {
  const { stage, members } = state
  if (stage.kind !== 'training') return [state, []]
  const total = stage.arrived.reduce((sum, { examples }) => sum + examples, 0)
  const examplesOf = new Map(stage.arrived.map(({ device, examples }) => [device, examples]))
  const updates = members
    .filter(({ key }) => examplesOf.has(key))
    .map(({ key }) => ({ device: key, weight: examplesOf.get(key)! / total }))
  const contributors = updates.map(({ device }) => device)
  return [
    { ...state, stage: { kind: 'merging', round: stage.round, openedAtMs: stage.openedAtMs, contributors } },
    [{ type: 'stop-timers' }, { type: 'merge', round: stage.round, fromVersion: state.version, updates }],
  ]
}

function merged(state: FederationState, event: FederationEvent & { type: 'merged' }): Step {
  const { stage } = state
  if (stage.kind !== 'merging' || stage.round !== event.round) return [state, []]
  const awaited = present(state.members)
  const next: FederationState = {
    ...state,
    version: event.version,
    voidsInARow: 0,
    stage: { ...stage, kind: 'loading', awaited },
  }
  const effects: Effect[] = [
    { type: 'announce', to: awaited, version: event.version },
    { type: 'start-timer', timer: 'acknowledgement', round: stage.round, afterMs: acknowledgementMs },
  ]
  const [settled, more] = loaded(next, '', event.atMs)
  return [settled, [...effects, ...more]]
}

function loaded(state: FederationState, device: DeviceKey, atMs: number): Step {
  const { stage } = state
  if (stage.kind !== 'loading') return [state, []]
  const awaited = without(stage.awaited, device)
  const next = { ...stage, awaited }
  return awaited.length === 0
    ? complete({ ...state, stage: next }, next, atMs)
    : [{ ...state, stage: next }, []]
}

function complete(state: FederationState, stage: Stage & { kind: 'loading' }, atMs: number): Step {
  const { round, contributors } = stage
  const isLast = round >= state.config.rounds
  const finish = `All ${state.config.rounds} rounds are done.`
  const next: FederationState = {
    ...state,
    stage: { kind: 'between' },
    completedRounds: round,
    roundTimesMs: [...state.roundTimesMs, atMs - stage.openedAtMs],
    control: isLast
      ? { kind: 'finished', why: finish }
      : state.control.kind === 'stepping'
        ? { kind: 'paused', why: null }
        : state.control,
  }
  const done: Effect[] = [
    { type: 'stop-timers' },
    { type: 'round-completed', round, version: state.version, contributors },
    ...(isLast ? [{ type: 'finished', why: finish } as const] : []),
  ]
  const [opened, effects] = openNext(next, atMs)
  return [opened, [...done, ...effects]]
}

function voidRound(state: FederationState, why: string, atMs: number): Step {
  const voidsInARow = state.voidsInARow + 1
  const giveUp = voidsInARow >= voidsUntilPause
  const control = giveUp
    ? {
        kind: 'paused' as const,
        why: `${why} Three rounds in a row came to nothing: look at the devices, then resume.`,
      }
    : state.control
  const next: FederationState = {
    ...state,
    control,
    voidsInARow: giveUp ? 0 : voidsInARow,
    stage: { kind: 'between' },
  }
  const effects: Effect[] = [
    { type: 'stop-timers' },
    { type: 'round-void', round: roundOf(state.stage), why },
  ]
  const [opened, more] = openNext(next, atMs)
  return [opened, [...effects, ...more]]
}

const roundOf = (stage: Stage): number => (stage.kind === 'between' ? 0 : stage.round)

const without = (keys: readonly DeviceKey[], key: DeviceKey): readonly DeviceKey[] =>
  keys.filter((other) => other !== key)

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}
