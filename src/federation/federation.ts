/**
 * A federation as a reducer: `step(state, event) -> [state, effects]`. It decides, it never acts: no clock, no network,
 * no tensors. Membership, the teacher's commands and the change from one scheme to another are common to all schemes and
 * settled here; who trains and merges when is the scheme's business. The coordinator's tab, a tab that gossips, the Lab
 * and the tests drive the same function, and replaying the stored events rebuilds the state, which is how a coordinator
 * that reloads carries on.
 */

import { largestOf } from '../lib/extremes'
import { withoutDevice, withoutOverride } from './forgetting'
import { able, afterEffects, stepMembers } from './members'
import { globalAdapter } from './names'
import { returningEffects, stepReturning } from './returning'
import { awaits } from './rounds/cycle'
import { deviceAdapter } from './schemes/gossip'
import { clusterOf } from './schemes/parts/meeting'
import { schemes } from './schemes/registry'
import type {
  AdapterId,
  AdapterName,
  Control,
  Cycle,
  DeviceKey,
  Effect,
  FederationConfig,
  FederationEvent,
  FederationState,
  Member,
  Stage,
  Step,
} from './types'

/** @param self the node's own key where nobody coordinates; null on a coordinator */
export function initialState(config: FederationConfig, self: DeviceKey | null = null): FederationState {
  const adapter = self === null ? globalAdapter : deviceAdapter(self)
  return begun({
    ...{ config, self, members: [], control: { kind: 'lobby' }, completedRounds: 0 },
    ...{ switchTo: null, returning: null },
    adapters: { [adapter]: 0 },
  })
}

export function step(state: FederationState, event: FederationEvent): Step {
  const known = withMembers(state, event)
  const returning = stepReturning(state, known.members, event)
  const settled = reconfigure({ ...known, returning }, event)
  const control = stepControl(settled, event)
  const ending: Effect[] =
    control.kind === 'finished' && state.control.kind !== 'finished'
      ? [
          { type: 'stop-timers', adapter: null },
          { type: 'finished', why: control.why },
        ]
      : []
  const scheme = schemes[settled.config.scheme]
  const [heard, effects] = scheme.step({ ...settled, control }, event)
  const [switched, combining] = switchOver(heard)
  const told = { ...switched, members: afterEffects(switched.members, effects) }
  const [next, more] = schemes[told.config.scheme].proceed(told, event.atMs)
  const all = [...ending, ...effects, ...combining, ...more]
  return [
    { ...next, members: afterEffects(next.members, more) },
    [...all, ...returningEffects(state, next, all, event.atMs)],
  ]
}

/** Who is here after this event; whoever has lost its place to a newcomer leaves no trace. */
function withMembers(state: FederationState, event: FederationEvent): FederationState {
  // Logs of before there was such a number know none.
  const stepped = stepMembers(state.members, event, state.config.mostKnown ?? null)
  const members = event.type === 'update-arrived' ? withContributors(state, stepped, event.device) : stepped
  const next = { ...state, members }
  if (event.type !== 'device-joined' || members.length !== state.members.length) return next
  const gone = state.members.find(({ key }, at) => members[at].key !== key)?.key
  if (gone === undefined) return next
  const { config, progress } = state
  return { ...next, config: withoutOverride(config, gone), progress: withoutDevice(progress, gone) }
}

/** An edge's update holds what its devices sent to it. */
const withContributors = (
  { progress }: FederationState,
  members: readonly Member[],
  edge: DeviceKey,
): readonly Member[] =>
  progress.kind === 'hierarchical'
    ? members.map((member) =>
        progress.attachments[member.key] === edge ? { ...member, contributed: true } : member,
      )
    : members

/**
 * The state that a stored log leads to. Effects of the past are not repeated. A reducer throws on what cannot have happened:
 * there the log is no longer one, and `followed` says how many of its events are.
 */
export function replay(
  config: FederationConfig,
  log: readonly FederationEvent[],
  self: DeviceKey | null = null,
): { readonly state: FederationState; readonly followed: number } {
  let state = initialState(config, self)
  for (const [followed, event] of log.entries())
    try {
      ;[state] = step(state, event)
    } catch {
      return { state, followed }
    }
  return { state, followed: log.length }
}

/** Whether an update of this device in answer to this order would count now. */
export function isAwaited({ progress }: FederationState, device: DeviceKey, round: number): boolean {
  switch (progress.kind) {
    case 'synchronous':
    case 'hierarchical':
      return awaits(progress.cycle, device, round)
    case 'clustered':
      return cyclesOf(progress).some((cycle) => awaits(cycle, device, round))
    case 'asynchronous':
      return progress.jobs.some((job) => job.device === device && job.round === round)
    case 'gossip':
      return progress.phase === 'training' && progress.round === round
  }
}

/** Whether it would change anything to hear that this device has loaded this version. */
export const isLoading = (
  { progress }: FederationState,
  device: DeviceKey,
  { adapter, version }: AdapterName,
): boolean =>
  cyclesOf(progress).some(
    ({ adapter: own, stage }) =>
      stage.kind === 'loading' &&
      own === adapter &&
      stage.version === version &&
      stage.awaited.includes(device),
  )

/** The round under way, for a page that shows one: of several cycles the one that is furthest behind. */
export function stageOf({ progress }: FederationState): Stage {
  const between: Stage = { kind: 'between' }
  const open = cyclesOf(progress).filter(({ stage }) => stage.kind !== 'between')
  return open.toSorted((a, b) => a.completedRounds - b.completedRounds)[0]?.stage ?? between
}

export interface Cluster {
  readonly id: AdapterId
  readonly devices: readonly DeviceKey[]
}

/** Who shares which adapter with whom; empty where the scheme knows no clusters. Those without devices are left out. */
export function clustersOf({ progress, members }: FederationState): readonly Cluster[] {
  if (progress.kind !== 'clustered') return []
  return Object.keys(progress.cycles)
    .map((id) => ({
      id,
      devices: members.map(({ key }) => key).filter((key) => clusterOf(progress, key) === id),
    }))
    .filter(({ devices }) => devices.length > 0)
}

/** Of several adapters the one that most devices share. */
export function mostShared(state: FederationState): AdapterId {
  const bySize = clustersOf(state).toSorted((a, b) => b.devices.length - a.devices.length)
  return bySize[0]?.id ?? globalAdapter
}

/** Which round of the run an order works towards; null: it trains to be compared, not to be merged (a survey). */
export function worksTowards({ progress, completedRounds }: FederationState, round: number): number | null {
  switch (progress.kind) {
    case 'synchronous':
    case 'hierarchical':
    case 'gossip':
      return round
    case 'clustered':
      return progress.meeting?.kind === 'survey' ? null : round
    // Its orders are numbered by themselves.
    case 'asynchronous':
      return completedRounds + 1
  }
}

/** The newest version of any adapter. */
export const newestVersion = ({ adapters }: FederationState): number => largestOf(Object.values(adapters))

export function cyclesOf(progress: FederationState['progress']): readonly Cycle[] {
  switch (progress.kind) {
    case 'synchronous':
    case 'hierarchical':
      return [progress.cycle]
    case 'clustered':
      return progress.meeting?.kind === 'survey' ? [progress.meeting.cycle] : Object.values(progress.cycles)
    case 'asynchronous':
    case 'gossip':
      return []
  }
}

const begun = (state: Omit<FederationState, 'progress'>): FederationState => ({
  ...state,
  progress: schemes[state.config.scheme].begin(state),
})

/** New settings stand at once in the lobby; later they wait until the scheme has nothing under way. */
function reconfigure(state: FederationState, event: FederationEvent): FederationState {
  if (event.type === 'assignment-overridden') return overridden(state, event)
  if (event.type === 'recovered') return recovered(state, event)
  if (event.type !== 'configured' && event.type !== 'switched') return state
  if (state.control.kind === 'lobby') return begun({ ...state, config: event.config })
  return event.type === 'switched' && state.control.kind !== 'finished'
    ? { ...state, switchTo: event.config }
    : state
}

/** Begins again at what was learned. Somebody should look before the run goes on: a run that had begun is paused. */
function recovered(
  { self, members, control, returning }: FederationState,
  { config, version, completedRounds, why }: FederationEvent & { type: 'recovered' },
): FederationState {
  const next: Control =
    control.kind === 'finished' || completedRounds + version === 0 ? control : { kind: 'paused', why }
  const adapters = { [globalAdapter]: version }
  return begun({ config, self, members, control: next, completedRounds, switchTo: null, returning, adapters })
}

/** What is given by hand stands at once, for the orders that follow. */
function overridden(
  state: FederationState,
  { device, override }: FederationEvent & { type: 'assignment-overridden' },
): FederationState {
  const { allocation } = state.config
  if (!allocation) return state
  const overrides = { ...allocation.overrides, [device]: override }
  return { ...state, config: { ...state.config, allocation: { ...allocation, overrides } } }
}

/** The next scheme begins with one adapter that holds what all adapters of the last one have learned. */
function switchOver(state: FederationState): Step {
  const { switchTo, config } = state
  const scheme = schemes[config.scheme]
  if (!switchTo || !scheme.isIdle(state.progress)) return [state, []]
  const of = scheme.learned(state)
  const isGlobal = of.length === 1 && of[0].adapter === globalAdapter
  const version = isGlobal ? of[0].version : newestVersion(state) + 1
  const next = { ...state, config: switchTo, switchTo: null, adapters: { [globalAdapter]: version } }
  return [
    begun(next),
    [
      { type: 'stop-timers', adapter: null },
      ...(isGlobal ? [] : [{ type: 'combine' as const, adapter: globalAdapter, version, of }]),
    ],
  ]
}

function stepControl(state: FederationState, event: FederationEvent): Control {
  const { control, config, members } = state
  if (control.kind === 'lobby' && config.autostart !== null && able(members).length >= config.autostart)
    return { kind: 'running' }
  if (event.type !== 'command') return control
  if (event.command === 'stop')
    return control.kind === 'finished' ? control : { kind: 'finished', why: 'Stopped by hand.' }
  if (control.kind === 'finished') return control
  switch (event.command) {
    case 'start':
    case 'resume':
      return { kind: 'running' }
    case 'step':
      return { kind: 'stepping' }
    case 'pause':
      return control.kind === 'lobby' ? control : { kind: 'paused', why: null }
  }
}
