/**
 * Whose generated text adapters are measured on, as orders carry it: runs of neighbouring places with the same corpus. A room
 * is one run, or a few, however many devices it has.
 */
import type { PoolMember, PoolRun } from './parts'
import { mostDevices } from './values'

export function runsOf(pool: readonly PoolMember[]): PoolRun[] {
  const runs: PoolRun[] = []
  for (const { index, corpus } of pool.toSorted((a, b) => a.index - b.index)) {
    const last = runs.at(-1)
    if (last?.corpus === corpus && last.first + last.count === index)
      runs[runs.length - 1] = { corpus, first: last.first, count: last.count + 1 }
    else runs.push({ corpus, first: index, count: 1 })
  }
  return runs
}

/** The first of them: each one's text takes some milliseconds to write, and one number may stand for thousands. */
export function membersOf(runs: readonly PoolRun[], most = mostDevices): PoolMember[] {
  const members: PoolMember[] = []
  for (const { corpus, first, count } of runs)
    for (let index = first; index < first + count && members.length < most; index++)
      members.push({ corpus, index })
  return members
}
