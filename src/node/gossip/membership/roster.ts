/**
 * Who is in the room, where nobody keeps the list: every tab holds what it has heard and passes on what was new. Of two
 * entries about one tab the later stands; that a tab is gone, others may say too, and a tab that hears so of itself speaks
 * up (SWIM, Das et al., 2002). Everything here is pure: the same news in any order lead to the same roster.
 */
import { neighboursOf } from '../../../federation/analysis/topology'
import type { GossipConfig } from '../../../federation/config'
import type { DeviceKey } from '../../../federation/types'
import type { Entry, FromNeighbour } from '../../wire/neighbourMessages'
import type { PoolMember } from '../../wire/parts'
import { mostDevices } from '../../wire/values'

export type { Entry }
export type Roster = ReadonlyMap<DeviceKey, Entry>
export type News = FromNeighbour & { type: 'news' }

/** Clocks go wrong by days and years; a stamp from further ahead would stand for ever, for nobody could outdo it. */
const tenYearsMs = 10 * 365 * 86_400_000

/** What a neighbour says, without what claims to come from the far future. */
export function credibleNews(news: News, nowMs: number): News {
  const isCredible = ({ stamp }: { readonly stamp: number }) => stamp <= nowMs + tenYearsMs
  const order = news.order && isCredible(news.order) ? news.order : null
  return { ...news, entries: news.entries.filter(isCredible), order }
}

/** Whether `news` says more than what is known. */
export const isNews = (news: Entry, known: Entry | undefined): boolean =>
  !known || news.stamp > known.stamp || (news.stamp === known.stamp && known.isPresent && !news.isPresent)

/** Whether what is new of a tab is only how far it is: who is where, and with what, has not changed. */
export const isProgress = (before: Entry | undefined, after: Entry): boolean =>
  before !== undefined &&
  Object.entries(after).every(
    ([name, value]) => progressNames.has(name) || value === before[name as keyof Entry],
  )

const progressNames: ReadonlySet<string> = new Set<keyof Entry>([
  'stamp',
  'activity',
  'round',
  'version',
  'step',
  'steps',
  'trainLoss',
  'tokensPerSecond',
])

/** Tabs that are remembered, here or not, this one included. */
export const mostListed = mostDevices

/**
 * Those that were new, in it. Once the list is full a newcomer takes the place of one that has gone and brought nothing,
 * the one that has been silent for longest; where there is none it is not listed.
 */
export function mergeNews(roster: Roster, news: readonly Entry[]): { roster: Roster; changed: Entry[] } {
  const next = new Map(roster)
  const changed = news.filter((entry) => {
    if (!isNews(entry, next.get(entry.key)) || !makeRoom(next, entry)) return false
    next.set(entry.key, entry)
    return true
  })
  return { roster: next, changed }
}

function makeRoom(roster: Map<DeviceKey, Entry>, { key, isPresent }: Entry): boolean {
  if (roster.has(key) || roster.size < mostListed) return true
  const [silent] = [...roster.values()]
    .filter((entry) => !entry.isPresent && entry.version === 0)
    .toSorted((a, b) => a.stamp - b.stamp)
  return isPresent && silent !== undefined && roster.delete(silent.key)
}

export const presentIn = (roster: Roster): Entry[] =>
  [...roster.values()].filter(({ isPresent }) => isPresent)

/** Was here first. */
export const isBefore = (
  a: { readonly openedAtMs: number; readonly key: DeviceKey },
  b: { readonly openedAtMs: number; readonly key: DeviceKey },
): boolean => a.openedAtMs < b.openedAtMs || (a.openedAtMs === b.openedAtMs && a.key < b.key)

/**
 * The place in the room that a tab should hold: what it holds, unless somebody who was here first holds it too; else the
 * next that nobody holds. Places of tabs that have gone are kept for them. Whoever hears of a clash moves, so that no two
 * tabs keep one place, and their private texts differ.
 */
export function placeFor(roster: Roster, self: Entry): number {
  const others = [...roster.values()].filter(({ key }) => key !== self.key)
  const { index } = self
  if (index !== null && !others.some((other) => other.index === index && isBefore(other, self))) return index
  const taken = new Set(others.flatMap((other) => other.index ?? []))
  let place = 0
  while (taken.has(place)) place++
  return place
}

/** It has loaded the model and its place is its own, as far as this roster knows. */
export const isSeated = (roster: Roster, entry: Entry): boolean =>
  entry.modelHash !== null &&
  entry.index !== null &&
  ![...roster.values()].some(
    (other) =>
      other.key !== entry.key && other.index === entry.index && (other.isPresent || isBefore(other, entry)),
  )

/** Whose held-out text can be rebuilt, and adapters be measured on: of everybody heard of, whether still here or not. */
export const poolOf = (roster: Roster): PoolMember[] =>
  [...roster.values()]
    .flatMap(({ index, corpus }) => (index !== null && corpus !== null ? [{ index, corpus }] : []))
    .toSorted((a, b) => a.index - b.index)

/** Each key's neighbours in the web of these. */
export function webOf(
  keys: readonly DeviceKey[],
  config: GossipConfig,
  seed: number,
): ReadonlyMap<DeviceKey, readonly DeviceKey[]> {
  const sorted = keys.toSorted()
  const neighbours = neighboursOf(config, sorted.length, seed)
  return new Map(sorted.map((key, place) => [key, neighbours[place].map((at) => sorted[at])]))
}

/** So many strangers are spoken to from either side of the list; the rest is heard of through them. */
const contactsPerSide = 2

/** Whom to speak to of those who are on the room's list but not in the news: the next in order, round the end. */
export function firstContacts(self: string, strangers: readonly string[]): string[] {
  const sorted = strangers.toSorted()
  const from = sorted.findIndex((peer) => peer > self)
  const turned = from < 0 ? sorted : [...sorted.slice(from), ...sorted.slice(0, from)]
  return turned.length <= 2 * contactsPerSide
    ? turned
    : [...turned.slice(0, contactsPerSide), ...turned.slice(-contactsPerSide)]
}
