/**
 * Gossip: nobody coordinates. This file is one node: it trains its own adapter, tells its neighbours by hash that a new
 * one is here, pulls theirs once, and mixes. Every node runs the same reducer on what it hears; there is no common round.
 *
 * Mixing by Metropolis weights is D-PSGD (Lian et al., arXiv 1705.09056): a node waits for its neighbours, but never
 * longer than a window; the weight of those who are missing stays on itself, so rows still sum to 1, though the mean may
 * drift a little. Push-sum (Kempe et al., 2003; Assran et al., arXiv 1811.10792) waits for nobody and loses no mass: a node
 * gives each neighbour a share of its weight along with its adapter, and a receiver averages by weights. A share is on its
 * way until the receiver says that it has taken it; whoever was away is told of it again, and takes it once. What a mean of LoRA adapters is (of products, DeCAF, arXiv 2505.21382, or of factors) is the
 * aggregation rule's business.
 *
 * On a node that only opens the door (`self` is null) this scheme does nothing but hand the first adapter to who comes.
 */

import { neighboursOf } from '../analysis/topology'
import { present } from '../members'
import { globalAdapter } from '../names'
import type { GossipProgress, Heard } from '../progress'
import { ableOf, afterRound, mayBegin, withVersion } from '../rounds/orders'
import type { DeviceKey, Effect, FederationEvent, FederationState, Part, Scheme, Step } from '../types'
import { isSame, type Named, settled, takenBack, wasTaken, withTaken } from './parts/shares'

export const gossip: Scheme = {
  name: 'gossip',
  begin: ({ completedRounds }) => ({
    ...{ kind: 'gossip', phase: 'idle', round: completedRounds, heard: [], weight: 1, given: [], taken: {} },
  }),

  step(state, event) {
    const { self } = state
    const progress = progressOf(state)
    if (self === null) {
      const first = { adapter: globalAdapter, version: state.adapters[globalAdapter] ?? 0 }
      return [
        state,
        event.type === 'device-joined' ? [{ type: 'announce', to: [event.device], ...first }] : [],
      ]
    }
    switch (event.type) {
      case 'update-arrived':
        return trained(state, self, event)
      case 'update-refused':
      case 'merge-failed':
        return event.round === progress.round ? [withProgress(state, restarted(progress)), []] : [state, []]
      case 'merged':
        return progress.phase === 'merging' && event.round === progress.round
          ? tell(withVersion(state, event.adapter, event.version), self, event.adapterHash)
          : [state, []]
      case 'heard':
        return hear(state, event)
      case 'pulled':
        return [withProgress(state, { ...progress, heard: progress.heard.map(arrivedWith(event)) }), []]
      case 'share-taken':
        return [withProgress(state, settled(progress, event)), []]
      case 'pull-missed':
        return [withProgress(state, takenBack(progress, event)), []]
      case 'coordinator-resumed':
        return resume(state, self)
      case 'device-joined':
        return [state, sayAgain(state, self, event.device)]
      case 'device-left': {
        // What it had announced does not come any more. What came before stays.
        const stays = (entry: Heard) => entry.device !== event.device || entry.isHere
        return [withProgress(state, { ...progress, heard: progress.heard.filter(stays) }), []]
      }
      case 'timer-fired': {
        const isOurs = event.timer.name === 'window' && event.timer.round === progress.round
        return isOurs && progress.phase === 'listening' ? mix(state, self) : [state, []]
      }
      case 'command':
        return [event.command === 'stop' ? withProgress(state, { ...progress, phase: 'idle' }) : state, []]
      default:
        return [state, []]
    }
  },

  proceed(state) {
    const { self, config } = state
    const progress = progressOf(state)
    if (self === null) return [state, []]
    if (progress.phase === 'listening' && hasHeardAll(state, self)) {
      const [mixed, effects] = mix(state, self)
      const [next, more] = this.proceed(mixed, 0)
      return [next, [...effects, ...more]]
    }
    const isReady = progress.phase === 'idle' && mayBegin(state) && ableOf(state).includes(self)
    if (!isReady || progress.round >= config.rounds) return [state, []]
    const round = progress.round + 1
    const { localSteps: steps, proximal } = config
    return [
      withProgress(state, { ...progress, phase: 'training', round }),
      [{ type: 'order', to: [self], ...own(state, self), round, steps, proximal }],
    ]
  },

  isIdle: (progress) => progress.kind === 'gossip' && progress.phase === 'idle',
  learned: (state) => [
    state.self === null
      ? { adapter: globalAdapter, version: state.adapters[globalAdapter] ?? 0, weight: 1 }
      : { ...own(state, state.self), weight: 1 },
  ],
}

export const deviceAdapter = (device: DeviceKey): string => `device-${device}`

/** A node's neighbours among those that are here. All nodes that see the same peers see the same web. */
export function neighboursOfNode(state: FederationState, node: DeviceKey): DeviceKey[] {
  const here = present(state.members).toSorted()
  const { gossip: settings, seed } = state.config
  const place = here.indexOf(node)
  return place < 0 ? [] : neighboursOf(settings, here.length, seed)[place].map((at) => here[at])
}

function trained(
  state: FederationState,
  self: DeviceKey,
  event: FederationEvent & { type: 'update-arrived' },
): Step {
  const progress = progressOf(state)
  const { adapter, version } = own(state, self)
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
        ...{ type: 'merge', adapter, version: version + 1, round: event.round },
        ...{ from: { adapter, version }, relativeTo: 'start', updates },
      },
    ],
  ]
}

/** A new adapter is here: the neighbours hear of it, and with push-sum each gets a share of the weight. */
function tell(state: FederationState, self: DeviceKey, adapterHash: string): Step {
  const progress = progressOf(state)
  const to = neighboursOfNode(state, self)
  const name = own(state, self)
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
    [{ type: 'tell', to, ...name, adapterHash, degree: to.length, share }, window(state, self)],
  ]
}

/** How long this round waits for its neighbours. */
function window(state: FederationState, self: DeviceKey): Effect {
  const timer = { name: 'window', adapter: deviceAdapter(self), round: progressOf(state).round } as const
  return { type: 'start-timer', timer, afterMs: state.config.gossip.windowMs }
}

/** To a neighbour that is here again: what was lost, perhaps, when it went. */
function sayAgain(state: FederationState, self: DeviceKey, device: DeviceKey): Effect[] {
  const { given, heard } = progressOf(state)
  const isOf = (entry: Named) => entry.device === device
  const degree = neighboursOfNode(state, self).length
  return [
    ...given.filter(isOf).map(
      ({ version, share, adapterHash }): Effect => ({
        ...{ type: 'tell', to: [device], adapter: deviceAdapter(self), version },
        ...{ adapterHash, degree, share },
      }),
    ),
    ...heard
      .filter((entry) => isOf(entry) && !entry.isHere)
      .map(({ version, adapterHash }): Effect => ({ type: 'pull', from: device, version, adapterHash })),
  ]
}

function hear(state: FederationState, event: FederationEvent & { type: 'heard' }): Step {
  const progress = progressOf(state)
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
const hasHeardAll = (state: FederationState, self: DeviceKey): boolean => {
  const { heard } = progressOf(state)
  return (
    state.config.gossip.mixing === 'push-sum' ||
    neighboursOfNode(state, self).every((device) =>
      heard.some((entry) => entry.device === device && entry.isHere),
    )
  )
}

function mix(state: FederationState, self: DeviceKey): Step {
  const progress = progressOf(state)
  const here = progress.heard.filter(({ isHere }) => isHere)
  const isPushSum = state.config.gossip.mixing === 'push-sum'
  const degree = neighboursOfNode(state, self).length
  const weightOf = (entry: Heard) => (isPushSum ? entry.share : 1 / (1 + Math.max(degree, entry.degree)))
  const parts = here.map((entry) => ({
    ...{ adapter: deviceAdapter(entry.device), version: entry.version, weight: weightOf(entry) },
  }))
  const received = parts.reduce((sum, { weight }) => sum + weight, 0)
  const mine = { ...own(state, self), weight: isPushSum ? progress.weight : Math.max(0, 1 - received) }
  const [averaged, effects] = average(state, self, [mine, ...parts])
  const mixed = withProgress(averaged, {
    ...(isPushSum ? withTaken(progress, here) : progress),
    phase: 'idle',
    heard: progress.heard.filter(({ isHere }) => !isHere),
  })
  const taken: Effect[] = isPushSum
    ? here.map(({ device, version }) => ({ type: 'take-share', from: device, version }))
    : []
  const { round } = progress
  const contributors = here.map(({ device }) => device)
  const [after, more] = afterRound(mixed, round)
  const completed: Effect = { type: 'round-completed', ...own(after, self), round, contributors }
  return [after, [...effects, ...taken, completed, ...more]]
}

/** One's own adapter becomes the mean of these; their weights need not sum to 1. */
function average(state: FederationState, self: DeviceKey, parts: readonly Part[]): Step {
  if (parts.length === 1) return [state, []]
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  const { adapter, version } = own(state, self)
  const of = parts.map((part) => ({ ...part, weight: part.weight / total }))
  return [withVersion(state, adapter, version + 1), [{ type: 'combine', adapter, version: version + 1, of }]]
}

const own = (state: FederationState, self: DeviceKey) => ({
  adapter: deviceAdapter(self),
  version: state.adapters[deviceAdapter(self)] ?? 0,
})

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
function resume(state: FederationState, self: DeviceKey): Step {
  const progress = progressOf(state)
  const heard = progress.heard.filter(({ isHere, share }) => isHere && share === 0)
  const next = withProgress(state, { ...restarted(progress), heard })
  return [next, progress.phase === 'listening' ? [window(next, self)] : []]
}

function progressOf({ progress }: FederationState): GossipProgress {
  if (progress.kind !== 'gossip') throw new TypeError(`This is a ${progress.kind} federation.`)
  return progress
}

const withProgress = (state: FederationState, progress: GossipProgress): FederationState => ({
  ...state,
  progress,
})
