/**
 * What a tab knows of how its room's coordinator came to its place, and what it makes of others who say that they came to it: the
 * rules are `federation/succession/`, the keys and curves this tab's. A device begins with the key of its link, a coordinator
 * with its own, and both take up longer papers as they meet them.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import {
  type Certificate,
  compare,
  type Notary,
  type Succession,
  successorOf,
} from '../../federation/succession/succession'
import type { Judgement, Lineage } from '../../network/admission/lineage'
import type { Identity } from '../../network/identity/identity'
import { hashOfPublicKey } from '../../network/keys'
import { readPapers, writePapers } from '../wire/successionMessages'

export interface KnownLineage extends Lineage {
  /** How often the room has elected. */
  term(): number
  readonly succession: Succession
  /** What holds and leads further than what is known here, or further back, is known from now on. */
  learn(papers: string): Promise<void>
}

const bytesOf = (hex: string) => new Uint8Array(hexToBytes(hex))

export const notaryOfKeys = (identity: Identity): Notary => ({
  isSigned: (key, signature, text) => identity.isSignedBy(bytesOf(key), bytesOf(signature), text),
  nameOf: (key) => identity.nameOf(bytesOf(key)),
  hashOf: (key) => hashOfPublicKey(bytesOf(key)),
})

/** @param ownKey hash of the key of this tab's coordinator; null: it has not met one */
export function lineageOf(
  identity: Identity,
  code: string,
  begun: Succession,
  ownKey: () => string | null,
): KnownLineage {
  const notary = notaryOfKeys(identity)
  let succession = begun
  const last = (): Certificate | undefined => succession.at(-1)
  const keysOf = (papers: Succession): string[] =>
    papers.length === 0
      ? []
      : [papers[0].will.by, ...papers.map(({ coordinator }) => coordinator)].map(notary.hashOf)
  const known = () => [...keysOf(succession), ...[ownKey()].flatMap((key) => key ?? [])]

  /** Papers of this room that hold, and where they lead; null: they are none. */
  async function checked(text: string): Promise<{ papers: Succession; leads: Certificate } | null> {
    const papers = readPapers(text)
    if (!papers || papers.length === 0) return null
    const keys = keysOf(papers)
    if (!known().some((key) => keys.includes(key))) return null
    const leads = await successorOf(notary, code, keys[0], papers)
    return leads && { papers, leads }
  }

  async function judge(publicKeyHash: string | null, text: string): Promise<Judgement> {
    const isPast = keysOf(succession)
      .slice(0, -1)
      .some((key) => key === publicKeyHash)
    if (text === '') return isPast ? 'earlier' : 'unrelated'
    const other = await checked(text)
    if (!other) return 'unrelated'
    if (publicKeyHash !== null && notary.hashOf(other.leads.coordinator) !== publicKeyHash) return 'unrelated'
    const own = last()
    return !own || compare(other.leads, own) > 0 ? 'later' : 'earlier'
  }

  return {
    get succession() {
      return succession
    },
    term: () => last()?.term ?? 0,
    papers: () => writePapers(succession),
    judge,
    async learn(text) {
      const other = await checked(text)
      const own = last()
      if (!other) return
      const order = own ? compare(other.leads, own) : 1
      if (order > 0 || (order === 0 && other.papers.length > succession.length)) succession = other.papers
    },
  }
}
