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
}

export function peersOf(note: Note, when: () => string): Peers {
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
    mixes(key, { of }) {
      const names = of.map(({ adapter }) => adapter)
      if (new Set(names).size < names.length)
        note('no update is counted twice', `${when()} ${key} mixes ${names.join(', ')}`)
    },
  }
}
