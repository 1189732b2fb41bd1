/** What one engine makes of a text: what it thinks comes next, and how likely it found the tokens that it has just read. */
import { logProbabilitiesOf, type Masses } from '../../../model/masses'
import { massesIn } from '../../../training/session'
import type { Reader } from '../../reader'

/** Tokens that are told with a probability of their own; the others share what is left. */
export const toldTokens = 32

export interface Opinion {
  readonly masses: Masses
  /** ln p of the tokens after `from`, each by what stands before it. */
  readonly likelihoods: readonly number[]
  /** Of computing. */
  readonly milliseconds: number
}

/** @param from the first token that is news; of itself nothing is said, since what was thought before it was said then */
export async function opinionOn(
  reader: Reader,
  text: readonly number[],
  from: number,
  vocabulary: number,
): Promise<Opinion> {
  const passed = await reader.read(text, { kind: 'masses', top: toldTokens }, from)
  const masses = massesIn(passed)
  const likelihoods = logProbabilitiesOf(text.slice(from + 1), masses, vocabulary)
  return { masses: masses.at(-1)!, likelihoods, milliseconds: passed.milliseconds }
}
