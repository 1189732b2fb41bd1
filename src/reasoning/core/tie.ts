/**
 * Machines that round otherwise may part where two tokens are as good as equally likely: that, and no more, is excused. Both must
 * have found it so: what one alone says of itself excuses nothing. Machines whose arithmetic has the same fingerprint never part.
 */

/** In logits: twice what machines that round otherwise were seen to differ by, rounded up. */
export const tieWithin = 1e-4

/** @param gap by how much a choice won, in units of logits / temperature (of logits where that is 0) */
export const isTie = (gap: number, temperature: number): boolean =>
  gap * (temperature === 0 ? 1 : temperature) < tieWithin
