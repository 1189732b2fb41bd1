/**
 * The held-out gate in tabs (federation/rounds/gate.ts): a merge goes to those who contributed to it before it counts.
 * Each tries it on text that it has kept back, beside the version that it holds, and says both losses. Who is silent for a minute,
 * or gone, has not voted.
 */

import type { MergeEffect } from '../../federation/effects'
import { rejection, type Vote } from '../../federation/rounds/gate'
import type { DeviceKey, Member } from '../../federation/types'
import { deferred } from '../../lib/async'
import type { Clock } from '../../network/time/clock'
import type { Settings } from '../../settings/table'
import type { Post } from '../executor/post'
import type { IssuedVersion } from '../merging/merging'
import type { Judged } from '../wire/messages'

const patienceMs = 60_000

export interface VotesParts {
  readonly settings: () => Pick<Settings, 'robust'>
  readonly clock: Clock
  readonly send: Post['send']
  readonly members: () => readonly Pick<Member, 'key' | 'present'>[]
}

export interface Votes {
  /** Why this merge is not taken up, as a whole sentence; null: it is, or the room has no gate. */
  on(made: IssuedVersion, effect: MergeEffect): Promise<string | null>
  hear(device: DeviceKey, answer: Judged): void
  /** Nobody waits for it any more. */
  left(device: DeviceKey): void
}

interface Ballot {
  readonly awaited: Set<DeviceKey>
  readonly votes: Vote[]
  close(): void
}

export function votesOf({ settings, clock, send, members }: VotesParts): Votes {
  /** By the version that they are on. */
  const ballots = new Map<string, Ballot>()

  function answered(ballot: Ballot, device: DeviceKey, vote: Vote | null): void {
    if (!ballot.awaited.delete(device)) return
    if (vote) ballot.votes.push(vote)
    if (ballot.awaited.size === 0) ballot.close()
  }

  return {
    async on({ adapter, version, whole }, { round, updates }) {
      if (!settings().robust.includes('gate')) return null
      const here = new Set(members().flatMap(({ key, present }) => (present ? key : [])))
      const asked = updates.map(({ device }) => device).filter((device) => here.has(device))
      if (asked.length === 0) return null
      const { promise, resolve } = deferred<void>()
      const ballot: Ballot = { awaited: new Set(asked), votes: [], close: resolve }
      const place = placeOf({ adapter, version, round })
      ballots.set(place, ballot)
      const cancel = clock.after(patienceMs, resolve)
      for (const device of asked) send(device, { type: 'judge', round, adapter, version }, whole.bytes)
      await promise
      cancel()
      ballots.delete(place)
      return rejection(ballot.votes, asked.length)
    },
    hear(device, { before, after, ...on }) {
      const ballot = ballots.get(placeOf(on))
      if (ballot) answered(ballot, device, { before, after })
    },
    left(device) {
      for (const ballot of ballots.values()) answered(ballot, device, null)
    },
  }
}

const placeOf = ({ adapter, version, round }: Pick<Judged, 'adapter' | 'version' | 'round'>): string =>
  `${adapter} ${version} ${round}`
