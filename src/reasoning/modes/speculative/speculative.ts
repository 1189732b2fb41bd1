/**
 * Speculative: a weak device guesses, a strong one judges. The device runs the first layers of the model and leaves early; an edge
 * that holds all of it judges a handful of guesses in one pass, and says how many are right and what comes after them. Ids
 * travel and nothing else. Since both draw with the same noise at the same position, the text is the whole model's, token for
 * token, at any temperature, whoever guesses and whoever judges.
 *
 * Not the accept-and-resample rule of the first papers, which keeps the law of the text and not the text, and must send
 * probabilities (core/laws/acceptance.ts, for comparison). Source: Daliri et al., drafter-invariant speculative decoding,
 * arXiv 2408.07978.
 */
import type { Mode } from '../../mode'
import { lacksEdge } from './lacking'
import { openSpeculation } from './speculation'

export const speculative: Mode = {
  name: 'speculative',
  isLossless: true,
  others: 'needed',
  lacks: lacksEdge,
  open: (ports, line, question) => openSpeculation(ports, line, question, 'one'),
}
