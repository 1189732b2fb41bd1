/**
 * How a room elects: an heir that has heard nothing of the coordinator for the time that was agreed on asks the roster of the
 * last will for votes. A device gives one vote in a term, to an heir of a will that is not older than the one it knows and whose
 * version is not older than its own, and only where it has lost the coordinator itself. So whoever has more than half of the
 * votes has everything that more than half of the devices have seen, and nobody else can have more than half in that term
 * (Raft: Ongaro and Ousterhout, USENIX ATC 2014, sections 5.2 and 5.4.1; here who may stand is settled by the will). A vote must be
 * kept before it is told: a device that forgot it could give it twice. What a vote is worth is `succession.ts`.
 */
import type { DeviceKey } from '../names'
import { isLater, type SignedWill, type Will, willText } from './will'

/** What an heir asks for. */
export interface Candidacy {
  readonly will: SignedWill
  /** Which election this is. */
  readonly term: number
  readonly heir: DeviceKey
  /** The public key with which it would coordinate, in hex. */
  readonly coordinator: string
}

export interface Vote {
  /** Of whoever votes, in hex: its name follows from it. */
  readonly publicKey: string
  readonly signature: string
}

/** The last vote that a device has given. */
export interface Ballot {
  readonly term: number
  readonly coordinator: string
}

/** What whoever votes signs. */
export const voteText = ({ will, term, heir, coordinator }: Candidacy): string =>
  JSON.stringify(['gossamer-vote-1', willText(will), term, heir, coordinator])

/** What a device knows when it is asked. */
export interface Elector {
  readonly self: DeviceKey
  /** Of the coordinator that it belongs to. */
  readonly term: number
  /** The last that it has heard; null: none. */
  readonly will: Will | null
  /** That it holds. */
  readonly version: number
  /** It has heard nothing of its coordinator for as long as was agreed on. */
  readonly hasLost: boolean
  readonly ballot: Ballot | null
}

export const refusals = [
  'not-lost',
  'not-asked',
  'no-heir',
  'other-room',
  'late-term',
  'older-will',
  'older-version',
  'voted',
] as const
export type Refusal = (typeof refusals)[number]

/** Why a device gives no vote; null: it does. That the will is the coordinator's has been checked. */
export function whyNoVote(candidacy: Candidacy, elector: Elector): Refusal | null {
  const { will, term, heir, coordinator } = candidacy
  const { self, ballot } = elector
  if (!will.roster.includes(self)) return 'not-asked'
  if (!will.heirs.includes(heir)) return 'no-heir'
  if (elector.will !== null && elector.will.code !== will.code) return 'other-room'
  if (term <= elector.term || will.term > elector.term) return 'late-term'
  if (elector.will !== null && isLater(elector.will, will)) return 'older-will'
  if (will.version < elector.version) return 'older-version'
  if (ballot !== null && ballot.term > term) return 'voted'
  if (ballot !== null && ballot.term === term && ballot.coordinator !== coordinator) return 'voted'
  return elector.hasLost ? null : 'not-lost'
}

/** The election that comes after all that this device knows of. */
export const nextTerm = ({ term, ballot }: Pick<Elector, 'term' | 'ballot'>): number =>
  Math.max(term, ballot?.term ?? 0) + 1

/**
 * How long an heir keeps silent before it asks: the second gives the first time to be elected.
 * @param place among the heirs, from 0
 */
export const waitOf = (silenceMs: number, place: number): number =>
  silenceMs + place * Math.max(silenceMs / 2, 2_000)
