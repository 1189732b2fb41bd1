/**
 * That a coordinator has taken the place of another one, in a form that anybody can check who knows the first one's key: the
 * will of the one that is gone, and the votes of more than half of its roster for one heir and one key. After several elections
 * it is a list of these, oldest first; each will is signed with the key that the certificate before it put in place. Whoever
 * answers to an old link shows the list from that link's key on: so sitting on a room's code gains nothing.
 *
 * Two certificates of one will cannot both exist in one term: each has more than half of the same roster, so somebody would have
 * voted twice. Where two halves of a room have elected in different terms, the higher term is right; for the case that somebody
 * broke the rules and voted twice, all choose alike: the later will, then more votes, then the smaller key. Who checks
 * signatures, and how names follow from keys, is handed in.
 */
import type { DeviceKey } from '../names'
import { type Candidacy, type Vote, voteText } from './election'
import { isLater, leastRoster, majorityOf, type SignedWill, willText } from './will'

export interface Certificate extends Candidacy {
  readonly votes: readonly Vote[]
}

/** From one coordinator to a later one, oldest first. */
export type Succession = readonly Certificate[]

/** Cryptography that whoever checks brings along. Keys and signatures in hex. */
export interface Notary {
  isSigned(publicKey: string, signature: string, text: string): Promise<boolean>
  /** What the owner of a key is called. */
  nameOf(publicKey: string): DeviceKey
  /** How links and ids name a coordinator's key. */
  hashOf(publicKey: string): string
}

/** More elections than a room lives through are not looked at. */
export const mostTerms = 16

/** Whether a will is its signer's. */
export const isOwnWill = (notary: Notary, will: SignedWill): Promise<boolean> =>
  notary.isSigned(will.by, will.signature, willText(will))

/** Whether this certificate holds, taken that its will's signer coordinated. */
export async function isValid(notary: Notary, { votes, ...candidacy }: Certificate): Promise<boolean> {
  const { will, term, heir } = candidacy
  const names = votes.map(({ publicKey }) => notary.nameOf(publicKey))
  const holds =
    term > will.term &&
    will.roster.length >= leastRoster &&
    new Set(will.roster).size === will.roster.length &&
    will.heirs.includes(heir) &&
    new Set(names).size === names.length &&
    names.every((name) => will.roster.includes(name)) &&
    names.length >= majorityOf(will.roster)
  if (!holds || !(await isOwnWill(notary, will))) return false
  const text = voteText(candidacy)
  for (const { publicKey, signature } of votes)
    if (!(await notary.isSigned(publicKey, signature, text))) return false
  return true
}

/**
 * What a list of certificates leads to from the coordinator whose key is called so; null: it does not begin with it, does not
 * hold together, is of another room, or leads nowhere. A list may begin with a coordinator of before.
 */
export async function successorOf(
  notary: Notary,
  code: string,
  from: string,
  succession: Succession,
): Promise<Certificate | null> {
  const first = succession.findIndex(({ will }) => notary.hashOf(will.by) === from)
  if (first < 0 || succession.length > mostTerms) return null
  let last: Certificate | null = null
  for (const certificate of succession.slice(first)) {
    const { will } = certificate
    const follows = last === null || (will.by === last.coordinator && will.term === last.term)
    if (will.code !== code || !follows || !(await isValid(notary, certificate))) return null
    last = certificate
  }
  return last
}

/**
 * The list that leads to whoever was elected by this certificate. Where the coordinator that was elected last went before it had
 * made a will, its predecessor's elects once more: two certificates lead on from the same coordinator then, and the later stands.
 */
export function followedBy(succession: Succession, certificate: Certificate): Succession {
  const other = succession.findIndex(({ will }) => will.by === certificate.will.by)
  return [...(other < 0 ? succession : succession.slice(0, other)), certificate]
}

/** Which of two is right where both hold: above 0 the first, below 0 the second, 0: they are the same. */
export function compare(a: Certificate, b: Certificate): number {
  if (a.term !== b.term) return a.term - b.term
  if (isLater(a.will, b.will)) return 1
  if (isLater(b.will, a.will)) return -1
  if (a.votes.length !== b.votes.length) return a.votes.length - b.votes.length
  return a.coordinator === b.coordinator ? 0 : a.coordinator < b.coordinator ? 1 : -1
}
