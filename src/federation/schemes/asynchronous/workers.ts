/**
 * Devices as workers: which order each has, since when those without one wait, how fast each is. Workers stand at their
 * members' indices, so that one event looks at one of them, however many there are.
 */
import { isAble, type Member, memberOf } from '../../members'
import type { DeviceKey } from '../../names'
import type { Job, Worker } from './compass'
import type { AsynchronousProgress, AsynchronousState } from './state'

export const newWorker: Worker = { job: null, lastOrder: 0, secondsPerStep: null }

/** Whoever has come for the first time waits for an order. */
export function seated(state: AsynchronousState): AsynchronousState {
  const { workers, waiting } = state.progress
  const newcomers = state.members.slice(workers.length)
  return withProgress(state, {
    ...state.progress,
    workers: [...workers, ...newcomers.map(() => newWorker)],
    waiting: [...waiting, ...newcomers.map(({ index }) => index)],
  })
}

export const workerOf = ({ members, progress }: AsynchronousState, device: DeviceKey): Worker =>
  progress.workers[memberOf(members, device)?.index ?? -1] ?? newWorker

export const jobOf = (state: AsynchronousState, device: DeviceKey): Job | null => workerOf(state, device).job

/** Its order, if it had one, is none any more, and it waits for another. */
export function withoutJob(progress: AsynchronousProgress, index: number): AsynchronousProgress {
  const worker = progress.workers[index]
  if (!worker.job) return progress
  return {
    ...progress,
    workers: progress.workers.with(index, { ...worker, job: null }),
    waiting: [...progress.waiting, index],
  }
}

export function freed(state: AsynchronousState, device: DeviceKey): AsynchronousState {
  const member = memberOf(state.members, device)
  return member ? withProgress(state, withoutJob(state.progress, member.index)) : state
}

/** Nobody works, and nothing has come of it. */
export const idle = (progress: AsynchronousProgress): AsynchronousProgress => ({
  ...progress,
  workers: progress.workers.map((worker) => ({ ...worker, job: null })),
  waiting: progress.workers.map((_, index) => index),
  buffer: [],
  groups: [],
})

/** Who is able and has no order, those first who have waited longest, so that no more work than may. */
export function freeIn({ config, members, progress }: AsynchronousState): readonly Member[] {
  const { workers, waiting } = progress
  const most = config.asynchronous.concurrency ?? workers.length
  const working = workers.length - waiting.length
  return waiting
    .map((index) => members[index])
    .filter(isAble)
    .toSorted((a, b) => workers[a.index].lastOrder - workers[b.index].lastOrder || a.index - b.index)
    .slice(0, Math.max(0, most - working))
}

export const withProgress = (
  state: AsynchronousState,
  progress: AsynchronousProgress,
): AsynchronousState => ({
  ...state,
  progress,
})
