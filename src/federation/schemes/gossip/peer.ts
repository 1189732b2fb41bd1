/**
 * One node that gossips, as a reducer: `stepPeer(state, event) -> [state, effects]`. It trains its own adapter, tells its neighbours by hash that a new
 * one is here, pulls theirs once, and mixes. Every node runs the same reducer on what it hears; there is no common round.
 *
 * Mixing by Metropolis weights is D-PSGD (Lian et al., arXiv 1705.09056): a node waits for its neighbours, but never
 * longer than a window; the weight of those who are missing stays on itself, so rows still sum to 1, though the mean may
 * drift a little. Push-sum (Kempe et al., 2003; Assran et al., arXiv 1811.10792) waits for nobody and loses no mass: a node
 * gives each neighbour a share of its weight along with its adapter, and a receiver averages by weights. A share is on its
 * way until the receiver says that it has taken it; whoever was away is told of it again, and takes it once. What a mean
 * of LoRA adapters is (of products, DeCAF, arXiv 2505.21382, or of factors) is the aggregation rule's business.
 */
import { afterRound, endOf, obey, startedByItself } from '../../control'
import type { PeerEffect } from '../../effects'
import type {
  CommandEvent,
  MembershipEvent,
  NeighbourEvent,
  PeerResumedEvent,
  RoundEvent,
  Unstamped,
} from '../../events'
import { able, isAble, memberOf, stepMembers } from '../../members'
import { type DeviceKey, deviceAdapter, type Part } from '../../names'
import { mayBegin, newest, withVersion } from '../../run'
import { neighboursIn } from './neighbours'
import { isSame, type Named, settled, takenBack, wasTaken, withTaken } from './shares'
import type { GossipProgress, Heard, PeerState, PeerStep } from './state'

/** What a peer hears. */
export type PeerEvent =
  | MembershipEvent
  | RoundEvent
  | CommandEvent
  | NeighbourEvent
  | PeerResumedEvent
  /** Other settings, which stand as long as nothing has begun. */
  | { readonly type: 'configured'; readonly atMs: number; readonly config: PeerState['config'] }

export type PeerHappening = Unstamped<PeerEvent>

/** @param self the node's own key */
export const initialPeer = (config: PeerState['config'], self: DeviceKey): PeerState => ({
  config,
  self,
  members: [],
  control: { kind: 'lobby' },
  completedRounds: 0,
  switchTo: null,
  wishes: [],
  returning: null,
  adapters: { [deviceAdapter(self)]: 0 },
  progress: { kind: 'gossip', phase: 'idle', round: 0, heard: [], weight: 1, given: [], taken: {} },
})

export function stepPeer(state: PeerState, event: PeerEvent): PeerStep {
  if (event.type === 'configured') {
    const { self, members } = state
    const next = { ...initialPeer(event.config, self), members }
    return state.control.kind === 'lobby' ? proceed(started(next)) : [state, []]
  }
  const members = stepMembers(state.members, event, state.config.mostKnown)
  const ready = started({ ...state, members })
  const control = event.type === 'command' ? obey(ready.control, event.command) : ready.control
  const [heard, effects] = react({ ...ready, control }, event)
  const [next, more] = proceed(heard)
  return [next, [...endOf(state.control, control), ...effects, ...more]]
}

const started = (state: PeerState): PeerState => startedByItself(state, () => able(state.members).length)

function react(state: PeerState, event: Exclude<PeerEvent, { type: 'configured' }>): PeerStep {
  const { progress } = state
  switch (event.type) {
    case 'update-arrived':
      return trained(state, event)
    case 'update-refused':
    case 'merge-failed':
      return event.round === progress.round ? [withProgress(state, restarted(progress)), []] : [state, []]
    case 'merged':
      return progress.phase === 'merging' && event.round === progress.round
        ? tell(withVersion(state, event), event.adapterHash)
        : [state, []]
    case 'heard':
      return hear(state, event)
    case 'pulled':
      return [withProgress(state, { ...progress, heard: progress.heard.map(arrivedWith(event)) }), []]
    case 'share-taken':
      return [withProgress(state, settled(progress, event)), []]
    case 'pull-missed':
      return [withProgress(state, takenBack(progress, event)), []]
    case 'peer-resumed':
      return resume(state)
    case 'device-joined':
      return [state, sayAgain(state, event.device)]
    case 'device-left': {
      // What it had announced does not come any more. What came before stays.
      const stays = (entry: Heard) => entry.device !== event.device || entry.isHere
      return [withProgress(state, { ...progress, heard: progress.heard.filter(stays) }), []]
    }
    case 'timer-fired': {
      const isOurs = event.timer.name === 'window' && event.timer.round === progress.round
      return isOurs && progress.phase === 'listening' ? mix(state) : [state, []]
    }
    case 'command':
      return [event.command === 'stop' ? withProgress(state, { ...progress, phase: 'idle' }) : state, []]
    case 'text-held':
    case 'device-paused':
    case 'device-resumed':
    // Neighbours mix what they hold: there is no sum to hide in.
    case 'step-taken':
      return [state, []]
  }
}

/** Mixes once everybody has been heard, and begins the next round. */
function proceed(state: PeerState): PeerStep {
  const { self, config, members, progress } = state
  if (progress.phase === 'listening' && hasHeardAll(state)) {
    const [mixed, effects] = mix(state)
    const [next, more] = proceed(mixed)
    return [next, [...effects, ...more]]
  }
  const own = memberOf(members, self)
  const isReady = progress.phase === 'idle' && mayBegin(state) && own !== undefined && isAble(own)
  if (!isReady || progress.round >= config.rounds) return [state, []]
  const round = progress.round + 1
  const { localSteps: steps, proximal } = config
  return [
    withProgress(state, { ...progress, phase: 'training', round }),
    [{ type: 'order', to: [self], ...ownAdapter(state), round, steps, proximal }],
  ]
}

function trained(state: PeerState, event: RoundEvent & { type: 'update-arrived' }): PeerStep {
  const { progress, self } = state
  const { adapter, version } = ownAdapter(state)
  const isExpected =
    progress.phase === 'training' &&
    event.device === self &&
    event.round === progress.round &&
    event.version === version
  if (!isExpected) return [state, []]
  const updates = [{ device: self, round: event.round, weight: 1 }]
  return [
    withProgress(state, { ...progress, phase: 'merging' }),
    [
      {
        type: 'merge',
        adapter,
        version: version + 1,
        round: event.round,
        from: { adapter, version },
        relativeTo: 'start',
        updates,
      },
    ],
  ]
}

/** A new adapter is here: the neighbours hear of it, and with push-sum each gets a share of the weight. */
function tell(state: PeerState, adapterHash: string): PeerStep {
  const { progress } = state
  const to = neighboursIn(state)
  const name = ownAdapter(state)
  const { mixing } = state.config.gossip
  const share = mixing === 'push-sum' ? progress.weight / (to.length + 1) : 0
  const given = share > 0 ? to.map((device) => ({ device, version: name.version, share, adapterHash })) : []
  const next: GossipProgress = {
    ...progress,
    phase: 'listening',
    weight: share > 0 ? share : progress.weight,
    given: [...progress.given, ...given],
  }
  return [
    withProgress(state, next),
    // Said also where nobody is there to hear it: whoever comes later is told.
    [{ type: 'tell', to, ...name, adapterHash, degree: to.length, share }, window(state)],
  ]
}

/** How long this round waits for its neighbours. */
function window(state: PeerState): PeerEffect {
  const { self, progress, config } = state
  const timer = { name: 'window', adapter: deviceAdapter(self), round: progress.round } as const
  return { type: 'start-timer', timer, afterMs: config.gossip.windowMs }
}

/** To a neighbour that is here again: what was lost, perhaps, when it went. */
function sayAgain(state: PeerState, device: DeviceKey): PeerEffect[] {
  const { given, heard } = state.progress
  const isOf = (entry: Named) => entry.device === device
  const degree = neighboursIn(state).length
  return [
    ...given.filter(isOf).map(
      ({ version, share, adapterHash }): PeerEffect => ({
        type: 'tell',
        to: [device],
        adapter: deviceAdapter(state.self),
        version,
        adapterHash,
        degree,
        share,
      }),
    ),
    ...heard
      .filter((entry) => isOf(entry) && !entry.isHere)
      .map(({ version, adapterHash }): PeerEffect => ({ type: 'pull', from: device, version, adapterHash })),
  ]
}

function hear(state: PeerState, event: NeighbourEvent & { type: 'heard' }): PeerStep {
  const { progress } = state
  const { device, version, degree, share, adapterHash, atMs } = event
  if (share > 0 && wasTaken(progress, event)) return [state, [{ type: 'take-share', from: device, version }]]
  const isKnown = progress.heard.some(
    (other) => other.device === device && (share > 0 ? other.version === version : other.version >= version),
  )
  if (isKnown) return [state, []]
  const entry: Heard = { device, version, adapterHash, degree, share, atMs, isHere: false }
  // Without shares only the newest counts; with them every one carries weight.
  const kept = share > 0 ? progress.heard : progress.heard.filter((other) => other.device !== device)
  return [
    withProgress(state, { ...progress, heard: [...kept, entry] }),
    [{ type: 'pull', from: device, version, adapterHash }],
  ]
}

/** Everybody whom this node would wait for is here. Push-sum waits for nobody. */
const hasHeardAll = (state: PeerState): boolean => {
  if (state.config.gossip.mixing === 'push-sum') return true
  const here = new Set(state.progress.heard.flatMap(({ device, isHere }) => (isHere ? [device] : [])))
  return neighboursIn(state).every((device) => here.has(device))
}

function mix(state: PeerState): PeerStep {
  const { progress } = state
  const here = progress.heard.filter(({ isHere }) => isHere)
  const isPushSum = state.config.gossip.mixing === 'push-sum'
  const degree = neighboursIn(state).length
  const weightOf = (entry: Heard) => (isPushSum ? entry.share : 1 / (1 + Math.max(degree, entry.degree)))
  const parts = here.map((entry) => ({
    adapter: deviceAdapter(entry.device),
    version: entry.version,
    weight: weightOf(entry),
  }))
  const received = parts.reduce((sum, { weight }) => sum + weight, 0)
  const mine = { ...ownAdapter(state), weight: isPushSum ? progress.weight : Math.max(0, 1 - received) }
  const [averaged, effects] = average(state, [mine, ...parts])
  const mixed = withProgress(averaged, {
    ...(isPushSum ? withTaken(progress, here) : progress),
    phase: 'idle',
    heard: progress.heard.filter(({ isHere }) => !isHere),
  })
  const taken: PeerEffect[] = isPushSum
    ? here.map(({ device, version }) => ({ type: 'take-share', from: device, version }))
    : []
  const { round } = progress
  const contributors = here.map(({ device }) => device)
  const [after, more] = afterRound(mixed, round)
  const completed: PeerEffect = { type: 'round-completed', ...ownAdapter(after), round, contributors }
  return [after, [...effects, ...taken, completed, ...more]]
}

/** One's own adapter becomes the mean of these; their weights need not sum to 1. */
function average(state: PeerState, parts: readonly Part[]): PeerStep {
  if (parts.length === 1) return [state, []]
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const { adapter, version } = ownAdapter(state)
  const mean = { adapter, version: version + 1 }
  const of = parts.map((part) => ({ ...part, weight: part.weight / total }))
  return [withVersion(state, mean), [{ type: 'combine', ...mean, of }]]
}

const ownAdapter = (state: PeerState) => newest(state, deviceAdapter(state.self))

const arrivedWith =
  (event: Named) =>
  (entry: Heard): Heard =>
    isSame(event)(entry) ? { ...entry, isHere: true } : entry

/** What was being trained or merged is begun again. */
const restarted = (progress: GossipProgress): GossipProgress =>
  progress.phase === 'training' || progress.phase === 'merging'
    ? { ...progress, phase: 'idle', round: progress.round - 1 }
    : progress

/** This node was away. Nothing that was on its way comes any more, and who gave a share will say so again. */
function resume(state: PeerState): PeerStep {
  const { progress } = state
  const heard = progress.heard.filter(({ isHere, share }) => isHere && share === 0)
  const next = withProgress(state, { ...restarted(progress), heard })
  return [next, progress.phase === 'listening' ? [window(next)] : []]
}

const withProgress = (state: PeerState, progress: GossipProgress): PeerState => ({ ...state, progress })
