/**
 * Asynchronous schemes: nobody ever waits for the slowest. Every device is given work as soon as it is free, and what
 * arrives is merged by one of three methods.
 *
 * FedAsync (Xie et al., arXiv 1903.03934) mixes each result in at once, w <- (1 - a) w + a w_i with a = alpha s(tau).
 * FedBuff (Nguyen et al., arXiv 2106.06639) collects K updates and adds their mean, each shrunk by s(tau). FedCompass (Li
 * et al., arXiv 2309.14675, `compass.ts`) gives each device as many steps as let a group arrive together.
 *
 * Staleness tau is the number of versions since the update's start; s(0) = 1 and s never grows. An update older than
 * `mostStale` is dropped and its device begins anew. One device has at most one job, and however often it is
 * in a buffer, it weighs no more there than all others together: fast devices would own the average otherwise. A round is a merge.
 */
import { countedExamples } from '../../aggregation/limits'
import { stalenessTerms } from '../../analysis/terms'
import { afterRound } from '../../control'
import type { CoordinatorEffect } from '../../effects'
import type { RoundEvent } from '../../events'
import { able, memberOf, present } from '../../members'
import { type DeviceKey, globalAdapter } from '../../names'
import { orders } from '../../rounds/orders'
import { mayBegin, newest, withVersion } from '../../run'
import type { Scheme } from '../scheme'
import { assignSteps, isGroupReady, speedAfter } from './compass'
import { balancedWeights, stalenessWeight } from './staleness'
import {
  type AsynchronousConfig,
  type AsynchronousProgress,
  type AsynchronousState,
  type AsynchronousStep,
  asynchronousConfig,
  type Buffered,
} from './state'
import { freed, freeIn, idle, jobOf, newWorker, seated, withoutJob, withProgress, workerOf } from './workers'

/** A timer that fires during a merge asks again so much later. */
const againMs = 100

export const asynchronous: Scheme<AsynchronousProgress, AsynchronousConfig> = {
  name: 'asynchronous',
  config: asynchronousConfig,
  mergedBy: 'coordinator',
  comparesDevices: false,
  hasRounds: false,
  mostStale: ({ asynchronous }) => asynchronous.mostStale,

  begin: ({ completedRounds, members }) => ({
    kind: 'asynchronous',
    workers: members.map(() => newWorker),
    waiting: members.map(({ index }) => index),
    buffer: [],
    merging: null,
    groups: [],
    ordered: 0,
    merges: completedRounds,
    staleness: null,
  }),

  step(state, event) {
    const { progress } = state
    switch (event.type) {
      case 'update-arrived':
        return arrive(state, event)
      case 'update-refused':
        return [jobOf(state, event.device)?.round === event.round ? freed(state, event.device) : state, []]
      case 'forget-asked':
        return [withdrawn(state, event.device), []]
      case 'device-left':
        return [freed(state, event.device), []]
      case 'device-joined':
        return [seated(state), [{ type: 'announce', to: [event.device], ...newest(state, globalAdapter) }]]
      case 'merged':
        return progress.merging?.round === event.round ? merged(state, event) : [state, []]
      case 'merge-failed': {
        if (progress.merging?.round !== event.round) return [state, []]
        return [
          withProgress(state, { ...progress, merging: null }),
          [{ type: 'round-void', adapter: globalAdapter, round: event.round, why: event.reason }],
        ]
      }
      case 'timer-fired':
        return timeIsUp(state, event)
      case 'coordinator-resumed':
        return [withProgress(state, { ...idle(progress), merging: null }), []]
      case 'command':
        return [event.command === 'stop' ? withProgress(state, idle(progress)) : state, []]
      default:
        return [state, []]
    }
  },

  proceed(state, atMs) {
    const { progress } = state
    if (progress.merging || state.control.kind === 'finished') return [state, []]
    // What waits for an end of what was begun does not wait for a buffer to fill: what has arrived is merged, and nothing is lost.
    const isEnding = state.switchTo !== null || state.wishes.length > 0
    if (progress.buffer.length > 0 && (isEnding || isFull(state))) return merge(state, progress.buffer)
    const ready = progress.groups.find((group) => isGroupReady(progress, group))
    if (ready) return merge(state, ofGroup(progress, ready.id))
    return mayBegin(state) ? giveWork(state, atMs) : [state, []]
  },

  isIdle: ({ buffer, merging }) => buffer.length === 0 && merging === null,
  learned: (state) => [{ ...newest(state, globalAdapter), weight: 1 }],
  awaits: (state, device, round) => jobOf(state, device)?.round === round,
  cycles: () => [],
  // Its orders are numbered by themselves.
  worksTowards: ({ completedRounds }) => completedRounds + 1,
  staleness: ({ staleness }) => staleness,

  roundUnderWay(state) {
    const { merging, workers, buffer, merges } = state.progress
    if (!merging && workers.every(({ job }) => job === null)) return null
    return {
      round: Math.min(merges + 1, state.config.rounds),
      stage: merging ? 'merging' : 'training',
      cohort: bufferSizeFor(state),
      arrived: buffer.length,
      openedAtMs: 0,
    }
  },

  forget: (progress, { index }) => ({
    ...withoutJob(progress, index),
    workers: progress.workers.with(index, newWorker),
  }),
}

/** K: never more than there are devices to fill it. */
function bufferSizeFor(state: AsynchronousState): number {
  const { method, bufferSize } = state.config.asynchronous
  const devices = Math.max(1, able(state.members).length)
  return method === 'fedasync' ? 1 : Math.min(bufferSize ?? Math.ceil(devices / 2), devices)
}

/** Versions since these updates' starts. */
const stalenessOf = (updates: readonly Buffered[], version: number): number[] =>
  updates.map((update) => version - update.version)

function arrive(state: AsynchronousState, event: RoundEvent & { type: 'update-arrived' }): AsynchronousStep {
  const { device, round, examples, atMs } = event
  const { job, secondsPerStep } = workerOf(state, device)
  if (job?.round !== round || job.version !== event.version) return [state, []]
  const { index } = memberOf(state.members, device)!
  const free = withoutJob(state.progress, index)
  const timed = { ...free.workers[index], secondsPerStep: speedAfter(secondsPerStep, job, atMs) }
  const progress = { ...free, workers: free.workers.with(index, timed) }
  const staleness = newest(state, globalAdapter).version - job.version
  const { mostStale, timeBudgetMs } = state.config.asynchronous
  if (staleness > mostStale || examples === 0) {
    const why =
      examples === 0
        ? 'It comes from no examples.'
        : `It is ${staleness} versions old, and ${mostStale} are allowed.`
    return [withProgress(state, progress), [{ type: 'update-dropped', device, round, why }]]
  }
  const group = progress.groups.some(({ id }) => id === job.group) ? job.group : null
  const entry = { device, round, version: job.version, examples, group }
  const buffer = [...progress.buffer, entry]
  const timer = { name: 'buffer', adapter: globalAdapter, round: progress.merges + 1 } as const
  const effects: CoordinatorEffect[] =
    buffer.length === 1 ? [{ type: 'start-timer', timer, afterMs: timeBudgetMs }] : []
  return [withProgress(state, { ...progress, buffer }), effects]
}

/** What it has sent is not to be merged, and what it would send neither. */
function withdrawn(state: AsynchronousState, device: DeviceKey): AsynchronousState {
  const next = freed(state, device)
  const { progress } = next
  return withProgress(next, {
    ...progress,
    buffer: progress.buffer.filter((update) => update.device !== device),
  })
}

function isFull(state: AsynchronousState): boolean {
  const { method } = state.config.asynchronous
  return method !== 'fedcompass' && state.progress.buffer.length >= bufferSizeFor(state)
}

/** A group, and whatever has come late for its own. */
const ofGroup = ({ buffer }: AsynchronousProgress, id: number): readonly Buffered[] =>
  buffer.filter(({ group }) => group === id || group === null)

function merge(state: AsynchronousState, updates: readonly Buffered[]): AsynchronousStep {
  const { progress } = state
  const { method, mixing, staleness } = state.config.asynchronous
  const from = newest(state, globalAdapter)
  const round = progress.merges + 1
  const indexOf = ({ device }: Buffered) => memberOf(state.members, device)?.index ?? 0
  const inOrder = updates.toSorted((a, b) => indexOf(a) - indexOf(b) || a.round - b.round)
  const fresh = stalenessOf(inOrder, from.version).map((tau) => stalenessWeight(staleness, tau))
  const counts = countedExamples(inOrder.map(({ examples }) => ({ examples, behind: [] })))
  const examples = counts.reduce((sum, count) => sum + count, 0)
  const weights =
    method === 'fedasync'
      ? fresh.map((weight) => mixing * weight)
      : balancedWeights(
          inOrder.map(({ device }) => device),
          fresh.map((weight, at) => (weight * counts[at]) / examples),
        )
  const merging = { round, updates: inOrder }
  const taken = new Set(updates)
  const done = new Set(updates.map(({ group }) => group))
  const buffer = progress.buffer.filter((entry) => !taken.has(entry))
  const groups = progress.groups.filter(({ id }) => !done.has(id))
  return [
    withProgress(state, { ...progress, merging, buffer, groups }),
    [
      {
        type: 'merge',
        adapter: globalAdapter,
        version: from.version + 1,
        round,
        from,
        relativeTo: method === 'fedasync' ? 'newest' : 'start',
        updates: inOrder.map((update, at) => ({
          device: update.device,
          round: update.round,
          weight: weights[at],
        })),
      },
    ],
  ]
}

function merged(state: AsynchronousState, event: RoundEvent & { type: 'merged' }): AsynchronousStep {
  const { progress } = state
  const { round, updates } = progress.merging!
  const { adapter, version } = event
  const ages = stalenessOf(updates, version - 1)
  const staleness = stalenessTerms(ages)
  const next = withProgress(withVersion(state, event), {
    ...progress,
    merging: null,
    merges: round,
    staleness,
  })
  const contributors = [...new Set(updates.map(({ device }) => device))]
  const [after, effects] = afterRound(next, round)
  const completed: CoordinatorEffect = { type: 'round-completed', adapter, version, round, contributors }
  if (after.control.kind !== 'finished') return [after, [completed, ...effects]]
  // What is still on its way is not merged any more.
  const last: CoordinatorEffect = { type: 'announce', to: present(state.members), adapter, version }
  return [withProgress(after, idle(after.progress)), [completed, last, ...effects]]
}

function timeIsUp(
  state: AsynchronousState,
  { timer }: RoundEvent & { type: 'timer-fired' },
): AsynchronousStep {
  const { progress } = state
  const isGroup = timer.name === 'group' && progress.groups.some(({ id }) => id === timer.round)
  const isBuffer = timer.name === 'buffer' && timer.round === progress.merges + 1
  if (!isGroup && !isBuffer) return [state, []]
  if (progress.merging) return [state, [{ type: 'start-timer', timer, afterMs: againMs }]]
  if (isGroup) {
    const updates = ofGroup(progress, timer.round)
    const groups = progress.groups.filter(({ id }) => id !== timer.round)
    if (updates.length === 0) return [withProgress(state, { ...progress, groups }), []]
    return merge(withProgress(state, { ...progress, groups }), updates)
  }
  if (progress.buffer.length >= Math.min(2, able(state.members).length) && progress.buffer.length > 0)
    return merge(state, progress.buffer)
  const afterMs = state.config.asynchronous.timeBudgetMs
  return [state, progress.buffer.length > 0 ? [{ type: 'start-timer', timer, afterMs }] : []]
}

/** Orders for everybody who is free, those first who have waited longest. */
function giveWork(state: AsynchronousState, atMs: number): AsynchronousStep {
  const { config, members } = state
  const { method } = config.asynchronous
  const free = freeIn(state)
  if (free.length === 0) return [state, []]
  const from = newest(state, globalAdapter)
  const { waiting } = state.progress
  const workers = [...state.progress.workers]
  const groups = [...state.progress.groups]
  let { ordered } = state.progress
  const effects: CoordinatorEffect[] = []
  for (const { key, index } of free) {
    const { steps, group, opened } =
      method === 'fedcompass'
        ? assignSteps({ groups, ordered }, workers[index].secondsPerStep, config.asynchronous, atMs)
        : { steps: config.localSteps, group: null, opened: null }
    const round = ++ordered
    const job = { round, version: from.version, steps, orderedAtMs: atMs, group }
    workers[index] = { ...workers[index], job, lastOrder: round }
    for (const order of orders(members, [key], { ...from, round, steps, proximal: config.proximal }))
      effects.push(order)
    if (!opened) continue
    groups.push(opened)
    const timer = { name: 'group', adapter: globalAdapter, round: opened.id } as const
    effects.push({ type: 'start-timer', timer, afterMs: opened.limitAtMs - atMs })
  }
  const still = waiting.filter((index) => workers[index].job === null)
  return [withProgress(state, { ...state.progress, ordered, workers, waiting: still, groups }), effects]
}
