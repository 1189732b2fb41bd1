/**
 * What an ensemble would have made of a text that is there already: the loss of each of its tokens. The same beliefs, the same
 * mixture and the same choice of whom to ask as when it speaks (reasoning/modes/ensemble), each token forced to be the text's.
 */
import { exp } from '../../../lib/portable'
import { logProbabilitiesOf, logProbabilityIn, type Masses } from '../../../model/masses'
import { wholeStretch } from '../../../model/stretch'
import { mixtureLog, overResponders } from '../../../reasoning/core/laws/posterior'
import { whomToAsk } from '../../../reasoning/modes/ensemble/attention'
import { type Belief, beliefIn } from '../../../reasoning/modes/ensemble/believed'
import { toldTokens } from '../../../reasoning/modes/ensemble/opinion'
import { massesIn, type Sessions } from '../../../training/session'

export interface ForcedMember {
  readonly sessions: Sessions
  readonly adapter: Uint8Array | null
}

export interface ForcedRow {
  readonly tokens: readonly number[]
  /** The first token whose loss counts. */
  readonly countFrom: number
}

export interface Forced {
  /** -ln p of the counted tokens, in nats. */
  readonly losses: readonly number[]
  /** Of each member by itself. */
  readonly byMember: readonly (readonly number[])[]
  /** Questions to others for counted tokens; all asked every time would be `(members - 1) losses.length`. */
  readonly questions: number
}

export interface ForcedOptions {
  /** 0: all are asked for every token. */
  readonly leastWeight: number
  readonly share?: number
  /** At the beginning; even where it is null. The asker is the first member. */
  readonly weights?: readonly number[] | null
}

/** Weights are learned from one row to the next, as from one part of a long text to the next. */
export async function forcedThrough(
  members: readonly ForcedMember[],
  rows: readonly ForcedRow[],
  { leastWeight, share, weights: prior = null }: ForcedOptions,
): Promise<Forced> {
  const facts = await members[0].sessions.facts()
  const { vocabulary } = facts
  const stretch = wholeStretch(facts)
  const opened = await Promise.all(
    members.map(async ({ sessions, adapter }) => ({
      sessions,
      session: await sessions.openSession({ adapter, stretch }),
    })),
  )
  const thoughtsOn = (input: readonly number[]): Promise<readonly (readonly Masses[])[]> =>
    Promise.all(
      opened.map(async ({ sessions, session }) => {
        const wanted = { kind: 'masses', top: toldTokens } as const
        return massesIn(await sessions.pass({ session, at: 0, input, rows: 'each', wanted }))
      }),
    )
  const losses: number[] = []
  const byMember = members.map((): number[] => [])
  let questions = 0
  let weights: readonly number[] | null = prior
  for (const { tokens, countFrom } of rows) {
    const thoughts = await thoughtsOn(tokens.slice(0, -1))
    const read = readingOf(thoughts, tokens, vocabulary)
    const belief = beliefIn(members.length, vocabulary, weights, share)
    let surprise = 0
    for (let at = 1; at < tokens.length; at++) {
      const text = tokens.slice(0, at)
      const asked = whomToAsk({ weights: belief.weights(text), surprise, length: at, leastWeight })
      for (const member of members.keys()) if (member === 0 || asked[member]) read(belief, member, at)
      const answered = belief.opinions(at).map((opinion) => opinion !== null)
      const logs = thoughts.map((masses) => logProbabilityIn(masses[at - 1], vocabulary, tokens[at]))
      surprise = -mixtureLog(overResponders(belief.weights(text), answered), logs)
      if (at < countFrom) continue
      losses.push(surprise)
      questions += answered.slice(1).filter(Boolean).length
      for (const [member, log] of logs.entries()) byMember[member].push(-log)
    }
    weights = belief.weights(tokens).map(exp)
  }
  for (const { sessions, session } of opened) await sessions.closeSession(session)
  return { losses, byMember, questions }
}

/** Lets a member say what it thinks of the token at a place, and of those that it has not been asked about. */
function readingOf(thoughts: readonly (readonly Masses[])[], tokens: readonly number[], vocabulary: number) {
  const known = thoughts.map(() => 0)
  return (belief: Belief, member: number, at: number): void => {
    const masses = thoughts[member]
    const first = known[member] + 1
    const likelihoods = logProbabilitiesOf(tokens.slice(first, at), masses.slice(first - 1), vocabulary)
    known[member] = at
    belief.heard(member, at, masses[at - 1], likelihoods)
  }
}
