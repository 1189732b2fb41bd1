/**
 * What a coordinator settles in advance, for the case that it is gone for good: its will. It names the heirs, in their order, and
 * the roster, the devices whose majority may put one of them in its place; and it says how far the run had come when the heirs
 * were last given all that is needed to carry it on. It is signed with the coordinator's key, numbered (`serial`), and the newest
 * stands. Nobody becomes anything by a will alone: that takes an election (`election.ts`).
 *
 * A roster changes by one device at a time, and only once a majority of the last one has said that it knows it. Majorities of
 * two rosters that differ by one device always have a device in common, so of two halves of a room only one can elect in a term,
 * also where the halves know different wills (single-server changes: Ongaro, Consensus, 2014, section 4.1). Signatures and keys
 * are handed in, time and network are not known here.
 */
import type { DeviceKey } from '../names'

export interface Will {
  /** The room's code. */
  readonly code: string
  /** Of the coordinator that made it: 0 is whoever opened the room, and every election adds at least one. */
  readonly term: number
  /** Grows with each will of one coordinator. */
  readonly serial: number
  /** The newest version that the heirs were given, and the hash of the adapter that most devices share in it. */
  readonly version: number
  readonly adapterHash: string
  /** Of the settings that stand. */
  readonly settingsHash: string
  /** Who elects, in the order of their places. */
  readonly roster: readonly DeviceKey[]
  /** Who may be elected: the first of them that lives asks first. */
  readonly heirs: readonly DeviceKey[]
}

export interface SignedWill extends Will {
  /** The coordinator's public key, in hex. */
  readonly by: string
  readonly signature: string
}

/** What is signed. */
export function willText(will: Will): string {
  const { code, term, serial, version, adapterHash, settingsHash, roster, heirs } = will
  return JSON.stringify([
    'gossamer-will-1',
    code,
    term,
    serial,
    version,
    adapterHash,
    settingsHash,
    roster,
    heirs,
  ])
}

/** So many of a roster are more than half of it. */
export const majorityOf = (roster: readonly DeviceKey[]): number => Math.floor(roster.length / 2) + 1

/** Fewer devices than this have no majority without the one that may be wrong. */
export const leastRoster = 3

/** The later of two: that of the later coordinator, and of one coordinator the one with the larger number. */
export const isLater = (
  will: Pick<Will, 'term' | 'serial'>,
  other: Pick<Will, 'term' | 'serial'> | null,
): boolean =>
  other === null || will.term > other.term || (will.term === other.term && will.serial > other.serial)

export interface Attendance {
  /** Who is here, in the order of their places. */
  readonly present: readonly DeviceKey[]
  /** Who has been away for so long that nobody counts on it. */
  readonly gone: ReadonlySet<DeviceKey>
}

/**
 * The roster of the next will: one newcomer more, or one of those who are gone less, or the same.
 * @param heard who has said that it knows the last will with this roster
 */
export function nextRoster(
  roster: readonly DeviceKey[],
  heard: ReadonlySet<DeviceKey>,
  { present, gone }: Attendance,
): readonly DeviceKey[] {
  const knowing = roster.filter((device) => heard.has(device))
  const isKnown = roster.length === 0 || knowing.length >= majorityOf(roster)
  if (!isKnown) return roster
  const newcomer = present.find((device) => !roster.includes(device))
  if (newcomer !== undefined) return [...roster, newcomer]
  const leaver = roster.find((device) => gone.has(device))
  return leaver === undefined ? roster : roster.filter((device) => device !== leaver)
}

/** The first so many of the roster who are here; none of a roster that is too small to elect. */
export const heirsOf = (
  roster: readonly DeviceKey[],
  { present }: Pick<Attendance, 'present'>,
  count: number,
): readonly DeviceKey[] =>
  roster.length < leastRoster ? [] : roster.filter((device) => present.includes(device)).slice(0, count)
