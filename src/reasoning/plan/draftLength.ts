/**
 * How many tokens to guess before asking whether they are right. Guessing is cheap and a round trip dear, so the worse the link,
 * the longer the draft; but what comes after a refused guess was drafted in vain. From how often guesses were accepted and how
 * long everything took follows the length that gives most tokens a second.
 *
 * Source: Leviathan et al., Fast Inference from Transformers via Speculative Decoding, arXiv 2211.17192, equation 1, with a link.
 */

/** What is known of the rounds so far: moving averages. */
export interface RoundRates {
  /** Share of guesses accepted, of those that were judged. */
  readonly acceptance: number
  /** To guess one token. */
  readonly draftMs: number
  /** To verify one row; each further one costs a quarter of it. */
  readonly verifyMs: number
  /** Of one round, beside all computing. */
  readonly travelMs: number
}

/** Before anything was measured. */
export const firstRates: RoundRates = { acceptance: 0.6, draftMs: 5, verifyMs: 10, travelMs: 20 }

export const longestDraft = 12
/** A further row costs so much of the first. */
export const furtherRow = 0.25
const weight = 1 / 8

/** Tokens that one round gives, with `length` guesses of which each is accepted with this probability: (1 - a^(g+1)) / (1 - a). */
export const expectedTokens = (acceptance: number, length: number): number =>
  acceptance === 1 ? length + 1 : (1 - acceptance ** (length + 1)) / (1 - acceptance)

/** Milliseconds to verify a draft of this length: its rows and the one before them. */
const verifyingMs = (verifyMs: number, length: number): number => verifyMs * (1 + furtherRow * length)

export function tokensPerSecond(
  { acceptance, draftMs, verifyMs, travelMs }: RoundRates,
  length: number,
): number {
  const waitingMs = travelMs + verifyingMs(verifyMs, length)
  // Guessed on while the verdict travelled, the next draft is ready, as far as that gave time, where all of this one was right.
  const readyMs = Math.min(length * draftMs, waitingMs) * acceptance ** (length + 1)
  const roundMs = length * draftMs - readyMs + waitingMs
  return (1000 * expectedTokens(acceptance, length)) / roundMs
}

/** The length, from 1 to `most`, that gives most tokens a second; of equal ones the shortest. */
export function draftLength(rates: RoundRates, most = longestDraft): number {
  let best = 1
  for (let length = 2; length <= most; length++)
    if (tokensPerSecond(rates, length) > tokensPerSecond(rates, best)) best = length
  return best
}

/** One round, as it was. */
export interface Judged {
  readonly drafted: number
  readonly accepted: number
  /** Of the verifier's computing. */
  readonly verifyMs: number
  readonly travelMs: number
}

/** A guess after the first refused one was not judged, so a round tries at most one more than it accepts. */
export function afterRound(rates: RoundRates, { drafted, accepted, verifyMs, travelMs }: Judged): RoundRates {
  const tried = Math.min(drafted, accepted + 1)
  const towards = (old: number, now: number, share = weight) => old + share * (now - old)
  return {
    ...rates,
    acceptance:
      tried === 0
        ? rates.acceptance
        : towards(rates.acceptance, accepted / tried, 1 - (1 - weight / 2) ** tried),
    verifyMs: towards(rates.verifyMs, verifyMs / (1 + furtherRow * drafted)),
    travelMs: towards(rates.travelMs, travelMs),
  }
}

export const afterDraft = (rates: RoundRates, draftMs: number): RoundRates => ({
  ...rates,
  draftMs: rates.draftMs + weight * (draftMs - rates.draftMs),
})
