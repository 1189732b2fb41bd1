/**
 * How an heir asks to be elected: it makes the key with which it would coordinate, votes for itself, and asks everybody on the
 * roster whom it can reach, again and again, as those notice one after the other that the coordinator is gone. What it has not
 * won after a while it tries again in a later term. It ends when it has won, or when a coordinator is there.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { type Candidacy, nextTerm, type Vote, voteText } from '../../federation/succession/election'
import type { Certificate } from '../../federation/succession/succession'
import { majorityOf, type SignedWill } from '../../federation/succession/will'
import type { DeviceKey } from '../../federation/types'
import type { Identity, SigningKey } from '../../network/identity/identity'
import type { Clock } from '../../network/time/clock'
import { notaryOfKeys } from './lineage'
import type { Voter } from './votes'

export interface CampaignParts {
  readonly clock: Clock
  readonly identity: Identity
  readonly self: DeviceKey
  readonly term: () => number
  readonly voter: Voter
  /** To everybody on this roster who can be reached; those who cannot yet are sought. */
  readonly ask: (roster: readonly DeviceKey[], candidacy: Candidacy) => void
  readonly won: (certificate: Certificate, signingKey: SigningKey) => void
}

export interface Campaign {
  begin(will: SignedWill): Promise<void>
  /** @param from whoever has sent it */
  vote(from: DeviceKey, vote: Vote, term: number, coordinator: string): Promise<void>
  /** Somebody has voted in this term already. */
  heardOf(term: number): void
  end(): void
}

const askEveryMs = 2_000
/** Longer than it takes to open links; not the same for two heirs. */
const triesMs = 12_000
const moreMs = 5_000

interface Running {
  readonly signingKey: SigningKey
  readonly candidacy: Candidacy
  readonly votes: Map<DeviceKey, Vote>
}

export function campaignOf(parts: CampaignParts): Campaign {
  const { clock, identity, self, term, voter, ask, won } = parts
  const notary = notaryOfKeys(identity)
  let running: Running | null = null
  /** Which try this is: an answer may come when another has begun. */
  let tries = 0
  let highest = 0
  let stop = () => {}

  function end(): void {
    tries++
    stop()
    stop = () => {}
    running = null
  }

  function look(): void {
    if (!running) return
    const { candidacy, votes, signingKey } = running
    if (votes.size < majorityOf(candidacy.will.roster)) return
    end()
    won({ ...candidacy, votes: [...votes.values()] }, signingKey)
  }

  function keepAsking(will: SignedWill, untilMs: number): void {
    if (!running) return
    if (clock.now() >= untilMs) return void begin(will)
    const { votes, candidacy } = running
    ask(
      will.roster.filter((device) => !votes.has(device)),
      candidacy,
    )
    stop = clock.after(askEveryMs, () => keepAsking(will, untilMs))
  }

  async function begin(will: SignedWill): Promise<void> {
    end()
    const own = tries
    const signingKey = await identity.makeSigningKey()
    const coordinator = bytesToHex(await identity.publicKeyOf(signingKey))
    const ballot = await voter.ballot()
    if (own !== tries) return
    const next = Math.max(nextTerm({ term: term(), ballot }), highest + 1)
    const candidacy: Candidacy = { will, term: next, heir: self, coordinator }
    const vote = await voter.answer(candidacy)
    if (own !== tries) return
    if (typeof vote === 'string') {
      // Its disk is full, or it has not waited for long enough: that may pass.
      stop = clock.after(triesMs, () => void begin(will))
      return
    }
    running = { signingKey, candidacy, votes: new Map([[self, vote]]) }
    keepAsking(will, clock.now() + triesMs + moreMs * will.heirs.indexOf(self))
    look()
  }

  return {
    begin,
    end,
    heardOf(other) {
      highest = Math.max(highest, other)
    },
    async vote(from, vote, inTerm, coordinator) {
      const asked = running?.candidacy
      if (!asked || asked.term !== inTerm || asked.coordinator !== coordinator) return
      const isTheirs = notary.nameOf(vote.publicKey) === from && asked.will.roster.includes(from)
      if (!isTheirs || !(await notary.isSigned(vote.publicKey, vote.signature, voteText(asked)))) return
      if (running?.candidacy !== asked) return
      running.votes.set(from, vote)
      look()
    },
  }
}
