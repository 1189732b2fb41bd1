/**
 * The books of tabs that gossip. Nobody has the whole state of such a room, so each tab is watched by itself: what it stores
 * of its part, and what it really merges and mixes. A tab merges its own update once per round, mixes what neighbours have
 * announced, and never goes back, not over a reload either.
 */
import type { CombineEffect, MergeEffect } from '../../../src/federation/effects'
import type { SavedPeer } from '../../../src/node/stored/storage'
import type { Note } from './violation'

export interface Peers {
  saves(key: string, peer: SavedPeer): void
  loads(key: string, peer: SavedPeer): void
  merges(key: string, effect: MergeEffect): void
  mixes(key: string, effect: CombineEffect): void
  /** Its tab is opened anew. What the last one mixed and had not stored it may mix again. */
  opened(key: string): void
  /** A full disk has cost this tab its newest versions. */
  forgets(key: string): void
}

/** @param takesOnce with push-sum a neighbour's version brings a share of its weight; others are mixed as long as they are the newest */
export function peersOf(note: Note, when: () => string, takesOnce: boolean): Peers {
  const newest = new Map<string, { readonly version: number; readonly rounds: number }>()
  const standing = ({ state }: SavedPeer, key: string) => ({
    version: state.adapters[`device-${key}`] ?? 0,
    rounds: state.completedRounds,
  })
  const follow = (key: string, peer: SavedPeer, event: string) => {
    const [before, now] = [newest.get(key) ?? { version: 0, rounds: 0 }, standing(peer, key)]
    if (now.version < before.version)
      note('versions never go back', `${when()} ${key} ${event}: from ${before.version} to ${now.version}`)
    if (now.rounds < before.rounds)
      note('a closed round never reopens', `${when()} ${key} ${event}: ${before.rounds} were completed`)
    newest.set(key, now)
  }
  /** By tab, adapter and version: the round whose update is in it. */
  const merged = new Map<string, number>()
  const mixed = new Set<string>()
  return {
    saves: (key, peer) => follow(key, peer, 'saves'),
    loads: (key, peer) => follow(key, peer, 'loads'),
    merges(key, { adapter, version, updates }) {
      for (const { device, round } of updates) {
        if (device !== key) note('nobody outside the cohort counts', `${when()} ${key} merges ${device}`)
        const before = merged.get(`${key} ${round}`)
        if (before !== undefined && before !== version)
          note(
            'no update is counted twice',
            `${when()} ${key}: round ${round} in ${adapter} ${before} and ${version}`,
          )
        merged.set(`${key} ${round}`, version)
      }
    },
    mixes(key, { adapter: own, of }) {
      const names = of.map(({ adapter, version }) => `${adapter} ${version}`)
      if (new Set(names).size < names.length)
        note('no update is counted twice', `${when()} ${key} mixes ${names.join(', ')}`)
      for (const [at, { adapter }] of of.entries()) {
        const taken = `${key} ${names[at]}`
        if (takesOnce && adapter !== own && mixed.has(taken))
          note('no update is counted twice', `${when()} ${key} takes the share of ${names[at]} again`)
        mixed.add(taken)
      }
    },
    forgets(key) {
      newest.delete(key)
      for (const name of merged.keys()) if (name.startsWith(`${key} `)) merged.delete(name)
    },
    opened(key) {
      for (const taken of mixed) if (taken.startsWith(`${key} `)) mixed.delete(taken)
    },
  }
}
