/**
 * How a device votes (`federation/succession/election.ts` says for whom). Its last vote is kept before it is told, so that a reload
 * does not let it vote twice in a term.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import {
  type Ballot,
  type Candidacy,
  type Elector,
  type Refusal,
  type Vote,
  voteText,
  whyNoVote,
} from '../../federation/succession/election'
import { isOwnWill } from '../../federation/succession/succession'
import { oneByOne } from '../../lib/async'
import type { Identity, SigningKey } from '../../network/identity/identity'
import { notaryOfKeys } from './lineage'

export interface VoterParts {
  readonly identity: Identity
  readonly signingKey: SigningKey
  /** As of now, but for the ballot. */
  readonly elector: () => Omit<Elector, 'ballot'>
  /** Whose will counts, in hex: that of the coordinator that this device has heard the last one of; null: of none yet. */
  readonly testator: () => string | null
  readonly load: () => Promise<Ballot | null>
  readonly save: (ballot: Ballot) => Promise<void>
}

export interface Voter {
  ballot(): Promise<Ballot | null>
  /** This device's vote, or why it gives none. */
  answer(candidacy: Candidacy): Promise<Vote | Refusal>
}

export function voterOf(parts: VoterParts): Voter {
  const { identity, signingKey, elector, testator, load, save } = parts
  const inTurn = oneByOne()
  const notary = notaryOfKeys(identity)
  let known: Promise<Ballot | null> | null = null
  const ballot = () => (known ??= load())
  const isKept = (next: Ballot): Promise<boolean> => {
    known = Promise.resolve(next)
    return save(next).then(
      () => true,
      () => false,
    )
  }

  return {
    ballot: () => inTurn(ballot),
    answer: (candidacy) =>
      inTurn(async () => {
        const { will, term, coordinator } = candidacy
        if (will.by !== testator() || !(await isOwnWill(notary, will))) return 'late-term'
        const before = await ballot()
        const why = whyNoVote(candidacy, { ...elector(), ballot: before })
        if (why !== null) return why
        const next = { term, coordinator }
        // A vote that cannot be kept, on a full disk, is not told either: this tab might give another one after a reload.
        if (before?.term !== term && !(await isKept(next))) return 'voted'
        const [publicKey, signature] = await Promise.all([
          identity.publicKeyOf(signingKey),
          identity.sign(signingKey, voteText(candidacy)),
        ])
        return { publicKey: bytesToHex(publicKey), signature: bytesToHex(signature) }
      }),
  }
}
