/**
 * How often a guess of the first layers is what the whole model says, by the two rules there are: equal noise for both, which needs
 * ids alone and keeps the text; and accept-and-resample, which needs probabilities and keeps the law.
 */
import { distributionOf } from '../../../model/masses'
import { wholeStretch } from '../../../model/stretch'
import { classicAgreement, coupledAgreement, totalVariation } from '../../../reasoning/core/laws/acceptance'
import { draftLayers, exitStretch } from '../../../reasoning/modes/speculative/drafter'
import { openReader } from '../../../reasoning/reader'
import { massesIn, type Sessions } from '../../../training/session'

/** Tokens of which a probability is told one by one; the others share what is left. */
const listed = 256

export interface Agreement {
  readonly coupled: number
  readonly classic: number
  readonly totalVariation: number
}

/** Means over the tokens of texts, at temperature 1. */
export async function agreementOn(
  sessions: Sessions,
  texts: readonly (readonly number[])[],
): Promise<Agreement> {
  const facts = await sessions.facts()
  const sums = { coupled: 0, classic: 0, totalVariation: 0 }
  let tokens = 0
  for (const text of texts) {
    const laws = await Promise.all(
      [wholeStretch(facts), exitStretch(draftLayers(facts))].map(async (stretch) => {
        const reader = openReader(sessions, null, stretch)
        const passed = await reader.read(text, { kind: 'masses', top: listed }, 0)
        reader.close()
        return massesIn(passed).map((masses) => [...distributionOf(masses, facts.vocabulary)])
      }),
    )
    for (const [index, large] of laws[0].entries()) {
      const small = laws[1][index]
      sums.coupled += coupledAgreement(large, small)
      sums.classic += classicAgreement(large, small)
      sums.totalVariation += totalVariation(large, small)
      tokens++
    }
  }
  return {
    coupled: sums.coupled / tokens,
    classic: sums.classic / tokens,
    totalVariation: sums.totalVariation / tokens,
  }
}
