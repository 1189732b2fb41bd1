/**
 * How far a choice made in 32 bits may be believed. `model/sampling.ts` chooses in 64 bits with logarithms of its own; a machine
 * that adds the same noise to the same logits in floats comes to the same token wherever the best score is ahead of the second by
 * more than twice what a score may be off by. Where it is not, the processor chooses.
 *
 * What a score x = l/T + g may be off by, for |l/T| <= L and e = 2^-23, which no single operation exceeds, whichever way a GPU rounds:
 * - l/T is a product with the rounded 1/T: 1.5 e L.
 * - u of the noise has two roundings, 2 e. Below 3/4, -ln u is at least 0.28, so it is off by 2 e / 0.28 of itself; above, 1 - u is
 *   what was rounded, and that is less. The inner logarithm adds at most 4.5 e of itself, the outer one of its own value, which is
 *   at most 22.9: together less than (7.2 + 4.5 + 4.5 · 22.9) e = 115 e, and without the power of two in front, 1.4e-5.
 * - The sum adds e (L + 23).
 * Together less than 2^-15 + 2^-21 L, and so twice of that is asked for. Fused operations round less often.
 *
 * Nothing is rounded where the largest logit is wanted; only what a GPU takes for zero is in doubt. Logits that are no numbers, or
 * larger than 2^64, are in doubt always: the processor says what is to be done with them. Of equals it takes the lowest id.
 */

/** From here on the bits of a float's size mean 2^64, more, or no number. */
export const oddBits = 0x5f800000

/** Stands for the size of odd logits. A common score is at most 2^64 times the largest factor. */
export const odd = 2 ** 100

/** 1/T must lie between these, so that no product is too large or too small for a float. */
export const factors = { least: 2 ** -20, most: 2 ** 20 } as const

/**
 * The gap above which a choice is the processor's.
 * @param largest the largest |logit / temperature| of the row (|logit| where the temperature is 0), or `odd`
 */
export function leastGap(largest: number, temperature: number): number {
  if (largest >= odd) return Number.POSITIVE_INFINITY
  return temperature === 0 ? 2 ** -100 : 2 ** -14 + 2 ** -20 * largest
}
