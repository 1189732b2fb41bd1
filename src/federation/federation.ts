/**
 * A coordinated federation as a reducer: `step(state, event) -> [state, effects]`. It decides, it never acts: no clock, no
 * network, no tensors. Membership, the teacher's commands and the change from one scheme to another are common to all
 * schemes and settled here; who trains and merges when is the scheme's business. The coordinator's tab, the Lab and the
 * tests drive the same function, and replaying the stored events rebuilds the state, which is how a coordinator that
 * reloads carries on. The other two kinds of node have reducers of their own: an edge (schemes/hierarchical/edge.ts) and a
 * peer that gossips (schemes/gossip/peer.ts).
 */
import type { FederationConfig } from './config'
import { endOf, obey, startedByItself } from './control'
import type { CoordinatorEffect } from './effects'
import { afterBudgets, lastVersion } from './ending'
import type { SchemeEvent, Unstamped } from './events'
import { able, afterEffects, contributing, type Member, memberOf, stepMembers } from './members'
import { type DeviceKey, globalAdapter } from './names'
import { type FollowedClip, hearing, moved, unmovedClip } from './privacy/clipping'
import { returningEffects, stepReturning } from './returning'
import { newestVersion, type Run } from './run'
import { type AnyScheme, coordinated, type Schemes } from './schemes/registry'
import type { Progress, Step } from './schemes/scheme'
import {
  fulfil,
  isReplay,
  nothingRemembered,
  type Remembering,
  remember,
  withBrokenLedger,
} from './unlearning/forgetting'
import { replay as replaying } from './unlearning/replay'

export interface FederationState extends Run, Remembering {
  readonly config: FederationConfig
  readonly progress: Progress
  readonly switchTo: FederationConfig | null
  /** How long a device's change may be, where that follows from how long they are. */
  readonly clip: FollowedClip
}

/** What only the federation as a whole hears, never a scheme. */
type ConfigEvent = { readonly atMs: number } & (
  | { readonly type: 'configured'; readonly config: FederationConfig }
  /** Another scheme, or other settings, while a run is under way: they stand once what was begun is merged. */
  | { readonly type: 'switched'; readonly config: FederationConfig }
  /**
   * A part of the log could not be read: the global adapter stands at this version after so many rounds, under these
   * settings, and whatever else was under way is forgotten. The members that are still known keep their places.
   */
  | {
      readonly type: 'recovered'
      readonly config: FederationConfig
      readonly version: number
      readonly completedRounds: number
      readonly why: string
    }
)

export type CoordinatorEvent = SchemeEvent | ConfigEvent
export type CoordinatorHappening = Unstamped<CoordinatorEvent>

type CoordinatorStep = Step<FederationState, CoordinatorEffect>

/** @param schemes which there are; another list than the registry's is for tests */
export const initialState = (config: FederationConfig, schemes: Schemes = coordinated): FederationState =>
  begun(schemes, {
    config,
    members: [],
    control: { kind: 'lobby' },
    completedRounds: 0,
    switchTo: null,
    returning: null,
    adapters: { [globalAdapter]: 0 },
    wishes: [],
    ...nothingRemembered,
    clip: unmovedClip,
  })

/** @throws RangeError, or whatever a scheme throws, on what cannot have happened */
export function step(
  state: FederationState,
  event: CoordinatorEvent,
  schemes: Schemes = coordinated,
): CoordinatorStep {
  switch (event.type) {
    case 'configured':
      return goOn(schemes, state, reconfigured(schemes, state, event.config, null), [], event.atMs)
    case 'switched':
      return goOn(schemes, state, reconfigured(schemes, state, event.config, event.config), [], event.atMs)
    case 'recovered': {
      const resumed = withMembers(schemes, state, { type: 'coordinator-resumed', atMs: event.atMs })
      return goOn(schemes, state, recovered(schemes, resumed, event), [], event.atMs)
    }
    default: {
      const known = overridden(withMembers(schemes, state, event), event)
      const control = event.type === 'command' ? obey(known.control, event.command) : known.control
      const ready = { ...known, control }
      const scheme = schemeOf(schemes, ready)
      const [heard, effects] = scheme.step(ready, event)
      const all = [...endOf(state.control, control), ...effects]
      const next = clipped(takenOver(ready, heard), event)
      return goOn(schemes, state, remember(ready, next, event, scheme), all, event.atMs)
    }
  }
}

/**
 * The state that a stored log leads to. Effects of the past are not repeated. A reducer throws on what cannot have happened:
 * there the log is no longer one, and `followed` says how many of its events are.
 */
export function replay(
  config: FederationConfig,
  log: readonly CoordinatorEvent[],
): { readonly state: FederationState; readonly followed: number } {
  let state = initialState(config)
  for (const [followed, event] of log.entries())
    try {
      ;[state] = step(state, event)
    } catch {
      return { state, followed }
    }
  return { state, followed: log.length }
}

/** What follows an event whatever it was: the scheme changes where it is to and can, and what can begin begins. */
function goOn(
  schemes: Schemes,
  before: FederationState,
  state: FederationState,
  effects: readonly CoordinatorEffect[],
  atMs: number,
): CoordinatorStep {
  const [switched, combining] = switchOver(
    schemes,
    startedByItself(state, () => able(state.members).length),
  )
  const [turned, forgetting] = forgotten(schemes, switched, atMs)
  const soFar = [...effects, ...combining, ...forgetting]
  const told = { ...turned, members: afterEffects(turned.members, soFar) }
  const [begun, more] = schemeOf(schemes, told).proceed(told, atMs)
  const next = takenOver(told, begun)
  const scheme = schemeOf(schemes, next)
  const ended = { ...next, control: afterBudgets(next, scheme.isIdle(next.progress)) }
  const loaded = { ...ended, members: afterEffects(ended.members, more) }
  const last = lastVersion(before.control, loaded, scheme.learned(loaded))
  const all = [...soFar, ...more, ...endOf(next.control, ended.control), ...last]
  return [
    { ...loaded, members: afterEffects(loaded.members, last) },
    [...all, ...returningEffects(before, ended, all, atMs)],
  ]
}

/** Whoever wants to be forgotten is, as soon as that can be. */
function forgotten(schemes: Schemes, state: FederationState, atMs: number): CoordinatorStep {
  const scheme = schemeOf(schemes, state)
  const around = {
    isIdle: scheme.isIdle(state.progress),
    cycles: scheme.cycles(state.progress),
    begun: ({ progress: _, ...rest }: FederationState) => begun(schemes, rest),
  }
  return fulfil(state, around, atMs)
}

/** A clip that follows lengths moves with each merge. */
function clipped(state: FederationState, event: SchemeEvent): FederationState {
  if (event.type === 'update-arrived' && event.within !== undefined)
    return { ...state, clip: hearing(state.clip, event.within) }
  return event.type === 'merged' ? { ...state, clip: moved(state.clip) } : state
}

/** What a scheme may change of a federation. */
const takenOver = (
  state: FederationState,
  { progress, adapters, control, completedRounds }: Run & { readonly progress: Progress },
): FederationState => ({ ...state, progress, adapters, control, completedRounds })

function schemeOf(
  schemes: Schemes,
  { config, progress }: { readonly config: FederationConfig; readonly progress?: Progress },
): AnyScheme {
  if (progress && isReplay(progress)) return replaying
  const scheme = Object.hasOwn(schemes, config.scheme) ? schemes[config.scheme] : null
  if (!scheme)
    throw new RangeError(`The scheme “${config.scheme}” needs no coordinator: choose it in a new room.`)
  return scheme
}

const begun = (schemes: Schemes, state: Omit<FederationState, 'progress'>): FederationState => ({
  ...state,
  progress: schemeOf(schemes, { config: state.config }).begin(state),
})

/** Who is here after this event; whoever has lost its place to a newcomer leaves no trace. */
function withMembers(schemes: Schemes, state: FederationState, event: SchemeEvent): FederationState {
  const stepped = stepMembers(state.members, event, state.config.mostKnown)
  const members =
    event.type === 'update-arrived' ? withContributors(schemes, state, stepped, event.device) : stepped
  // A run that is over is waited for, too, where it is gone through again.
  const run = isReplay(state.progress) ? { ...state, control: { kind: 'running' as const } } : state
  const next = { ...state, members, returning: stepReturning(run, members, event) }
  if (event.type === 'forget-asked') return withoutJobs(schemes, next, event.device)
  if (event.type !== 'device-joined' || members.length !== state.members.length) return next
  const gone = state.members.find(({ key }, at) => members[at].key !== key)
  return gone === undefined ? next : withoutTrace(schemes, next, gone)
}

/** An update of a device that merges for others holds what they sent to it. */
function withContributors(
  schemes: Schemes,
  state: FederationState,
  members: readonly Member[],
  device: DeviceKey,
): readonly Member[] {
  const behind = schemeOf(schemes, state).behind?.(state, device) ?? []
  return behind.reduce(contributing, members)
}

/** What was ordered of it, or has come from it, is not merged. */
function withoutJobs(schemes: Schemes, state: FederationState, device: DeviceKey): FederationState {
  const member = memberOf(state.members, device)
  const progress = member && schemeOf(schemes, state).forget?.(state.progress, member)
  return progress ? { ...state, progress } : state
}

/** What is remembered of a device beside its place: all that grows with every key that ever came shrinks with those that go. */
function withoutTrace(schemes: Schemes, state: FederationState, gone: Member): FederationState {
  const { config, progress } = state
  const forgotten = schemeOf(schemes, state).forget?.(progress, gone) ?? progress
  if (!config.allocation) return { ...state, progress: forgotten }
  const { [gone.key]: _, ...overrides } = config.allocation.overrides
  return {
    ...state,
    progress: forgotten,
    config: { ...config, allocation: { ...config.allocation, overrides } },
  }
}

/** New settings stand at once in the lobby; later, where they may, they wait until the scheme has nothing under way. */
function reconfigured(
  schemes: Schemes,
  state: FederationState,
  config: FederationConfig,
  later: FederationConfig | null,
): FederationState {
  if (state.control.kind === 'lobby') return begun(schemes, { ...state, config })
  schemeOf(schemes, { config })
  return { ...state, lastMerge: null, ...(later && state.control.kind !== 'finished' && { switchTo: later }) }
}

/** Begins again at what was learned. Somebody should look before the run goes on: a run that had begun is paused. */
function recovered(
  schemes: Schemes,
  state: FederationState,
  { config, version, completedRounds, why }: ConfigEvent & { type: 'recovered' },
): FederationState {
  const isNew = state.control.kind === 'finished' || completedRounds + version === 0
  return begun(schemes, {
    ...state,
    config,
    completedRounds,
    control: isNew ? state.control : { kind: 'paused', why },
    switchTo: null,
    adapters: { [globalAdapter]: version },
    ...withBrokenLedger(state),
  })
}

/** What is given by hand stands at once, for the orders that follow. */
function overridden(state: FederationState, event: SchemeEvent): FederationState {
  const { allocation } = state.config
  if (event.type !== 'assignment-overridden' || !allocation) return state
  const overrides = { ...allocation.overrides, [event.device]: event.override }
  return { ...state, config: { ...state.config, allocation: { ...allocation, overrides } } }
}

/** The next scheme begins with one adapter that holds what all adapters of the last one have learned. */
function switchOver(schemes: Schemes, state: FederationState): CoordinatorStep {
  const { switchTo } = state
  const scheme = schemeOf(schemes, state)
  if (!switchTo || !scheme.isIdle(state.progress)) return [state, []]
  const of = scheme.learned(state)
  const isGlobal = of.length === 1 && of[0].adapter === globalAdapter
  const version = isGlobal ? of[0].version : newestVersion(state) + 1
  const next = { ...state, config: switchTo, switchTo: null, adapters: { [globalAdapter]: version } }
  return [
    begun(schemes, next),
    [
      { type: 'stop-timers', adapter: null },
      ...(isGlobal ? [] : [{ type: 'combine' as const, adapter: globalAdapter, version, of }]),
    ],
  ]
}
