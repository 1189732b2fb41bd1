/**
 * What an ensemble would have made of a text that is there already: the loss of each of its tokens. The same beliefs, mixtures and
 * gate as when it speaks (reasoning/modes/ensemble), each token forced to be the text's. For figures: how much better than its best
 * member, and how many questions asking only when unsure saves.
 */
import { logProbabilityIn, type Masses, sureness } from '../../model/masses'
import { afterToken, evenWeights, type LogWeights, mixtureLog, normalised, usualShare } from '../../reasoning/core/posterior'
import { toldTokens } from '../../reasoning/modes/ensemble/member'
import { ln } from '../../lib/portable'
import { massesIn, type Sessions } from '../../training/session'

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
  /** Questions to each of the others, of as many tokens. */
  readonly asked: number
  /** ln weights in the end. */
  readonly weights: LogWeights
}

export interface ForcedOptions {
  /** The asker, which is the first member, asks nobody where it gives a token this much. */
  readonly sureEnough: number
  readonly share?: number
  /** At the beginning; even where it is not said. */
  readonly weights?: readonly number[]
}

export async function forcedThrough(
  members: readonly ForcedMember[],
  rows: readonly ForcedRow[],
  { sureEnough, share = usualShare, weights: prior }: ForcedOptions,
): Promise<Forced> {
  const { layers, vocabulary } = await members[0].sessions.facts()
  const stretch = { layers: { from: 0, to: layers }, reads: 'ids', gives: 'logits' } as const
  const opened = await Promise.all(
    members.map(async ({ sessions, adapter }) => ({
      sessions,
      session: await sessions.openSession({ adapter, stretch }),
    })),
  )
  let weights = prior ? normalised(prior.map(ln)) : evenWeights(members.length)
  const losses: number[] = []
  const byMember = members.map((): number[] => [])
  let asked = 0
  for (const { tokens, countFrom } of rows) {
    const input = tokens.slice(0, -1)
    const thoughts: readonly (readonly Masses[])[] = await Promise.all(
      opened.map(async ({ sessions, session }) =>
        massesIn(await sessions.pass({ session, at: 0, input, rows: 'each', wanted: { kind: 'masses', top: toldTokens } })),
      ),
    )
    for (let at = 1; at < tokens.length; at++) {
      const logs = thoughts.map((masses) => logProbabilityIn(masses[at - 1], vocabulary, tokens[at]))
      if (at >= countFrom) {
        const isSure = sureness(thoughts[0][at - 1]) >= sureEnough
        losses.push(isSure ? -logs[0] : -mixtureLog(weights, logs))
        for (const [member, log] of logs.entries()) byMember[member].push(-log)
        if (!isSure) asked++
      }
      weights = afterToken(weights, logs, share)
    }
  }
  for (const { sessions, session } of opened) await sessions.closeSession(session)
  return { losses, byMember, asked, weights }
}
