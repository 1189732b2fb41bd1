/**
 * Who coordinates: in one term there is one, whoever else is elected before or after; and whoever takes a room over has every
 * version that a majority of those who could vote has had. What everybody knows of wills is kept here too, since from it follows
 * whether a room that has lost its coordinator can go on.
 */
import { isLater, majorityOf, type SignedWill } from '../../../src/federation/succession/will'
import type { Message } from '../../../src/network/network'
import { fromCoordinator } from '../../../src/node/wire/messages'
import type { Note } from './violation'

export interface Successions {
  said(key: string, message: Message): void
  /** A tab begins anew: what it held and knew is gone. */
  opened(key: string): void
  /** A tab takes the room over, in this term, by this will's roster, at this version. */
  tookOver(key: string, place: string, term: number, roster: readonly string[], version: number): void
  /** Whether one of these tabs is an heir whom most of those could elect that its will names: they know no later will, and hold no later version. */
  canElect(living: readonly string[]): boolean
}

export function successionsOf(note: Note, when: () => string): Successions {
  const placeOf = new Map<number, string>()
  /** Of each tab the newest version of what all share that it has loaded. */
  const held = new Map<string, number>()
  const wills = new Map<string, SignedWill>()
  const knownBy = new Map<string, SignedWill>()
  const estates = new Map<string, number>()

  return {
    said(key, message) {
      if (message.type === 'loaded' && message.adapter === 'global')
        held.set(key, Math.max(held.get(key) ?? 0, Number(message.version)))
      if (message.type === 'will') {
        const { will } = fromCoordinator.parse(message) as { will: SignedWill }
        wills.set(`${will.by} ${will.serial}`, will)
      }
      if (message.type === 'estate-kept') estates.set(key, Number(message.letter))
      if (message.type === 'will-known')
        for (const will of wills.values()) {
          const isNews = will.serial === message.serial && isLater(will, knownBy.get(key) ?? null)
          if (isNews) knownBy.set(key, will)
        }
    },
    opened(key) {
      for (const known of [held, knownBy, estates]) known.delete(key)
    },
    tookOver(key, place, term, roster, version) {
      const before = placeOf.get(term)
      if (before !== undefined && before !== place)
        note('one coordinator in a term', `${when()} term ${term}: ${before} and ${place} of ${key}`)
      placeOf.set(term, place)
      const versions = roster.map((device) => held.get(device) ?? 0).toSorted((a, b) => b - a)
      const ofMost = versions[majorityOf(roster) - 1] ?? 0
      if (version < ofMost)
        note('what a majority has seen is never lost', `${when()} ${key} begins at ${version}, not ${ofMost}`)
    },
    canElect(living) {
      const mayElect = (key: string, will: SignedWill) => {
        const known = knownBy.get(key)
        return known !== undefined && !isLater(known, will) && (held.get(key) ?? 0) <= will.version
      }
      return living.some((heir) => {
        const will = knownBy.get(heir)
        if (!will?.heirs.includes(heir) || !estates.has(heir)) return false
        const electors = will.roster.filter((key) => living.includes(key) && mayElect(key, will))
        return electors.length >= majorityOf(will.roster)
      })
    },
  }
}
