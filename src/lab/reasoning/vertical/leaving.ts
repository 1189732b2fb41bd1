/**
 * What leaving early costs on a text that is there already: the loss of each of its tokens, given the layers that were run for
 * the one before it. The same mechanism as when a text is made (reasoning/modes/earlyExit), each token forced to be the text's.
 */
import { logProbabilityIn } from '../../../model/masses'
import { openExits } from '../../../reasoning/modes/earlyExit/exits'
import { massesIn, type Sessions } from '../../../training/session'

/** Tokens of which a probability is told one by one; the others share what is left. */
const listed = 256

export interface Left {
  /** exp of the mean loss. */
  readonly perplexity: number
  /** Share of layers that were not run. */
  readonly saved: number
  readonly tokens: number
}

/** @param least below this doubt the first layers' choice stands; 0: never */
export async function leavingEarly(
  sessions: Sessions,
  adapter: Uint8Array | null,
  texts: readonly (readonly number[])[],
  least: number,
): Promise<Left> {
  const facts = await sessions.facts()
  const { layers, vocabulary } = facts
  const self = { facts, arithmetic: { fingerprint: '', millisecondsPerLayer: 1 }, mostLayers: layers }
  let [loss, tokens, run] = [0, 0, 0]
  for (const ids of texts) {
    const exits = openExits({ sessions, self }, adapter)
    for (let length = 1; length < ids.length; length++) {
      const draw = { temperature: 0, seed: 0, position: length }
      const wanted = { kind: 'masses', top: listed } as const
      const read = await exits.read(ids.slice(0, length), wanted, draw, least)
      loss -= logProbabilityIn(massesIn(read.passed)[0], vocabulary, ids[length])
      run += read.layers
      tokens++
    }
    exits.close()
  }
  return { perplexity: Math.exp(loss / tokens), saved: 1 - run / (tokens * layers), tokens }
}
