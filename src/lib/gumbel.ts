/** Gumbel noise of a random word: added to logits, the largest sum is a draw from their softmax. The same in every engine. */
import { ln } from './portable'

/** -ln(-ln u) with u = (word + 1/2) / 2^32, strictly between 0 and 1: from -3.14 to 22.88. */
export const gumbel = (word: number): number => -ln(-ln((word + 0.5) / 2 ** 32))
