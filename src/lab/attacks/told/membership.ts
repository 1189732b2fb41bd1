/**
 * Membership inference: has this device learned from that text? Whoever merges compares the loss of the text under the base with that
 * under the base and the update; what became much likelier was probably read (Yeom et al., arXiv 1709.01604; against the base as a reference,
 * Carlini et al., arXiv 2112.03570, in its simplest form). The number is the area under the curve over texts that were read and others
 * of the same kind: 0.5 is a coin, 1 is certainty. It needs no fact to be recalled, so it sees what `reading` does not.
 */
import { membershipAuc } from '../../../federation/analysis/membership'
import { lossesUnder } from '../../measuring/membership'
import type { ArmOf, Attack } from '../attack'
import { meanOver } from './meanOver'
import { openUpdates, type View } from './updates'

const viewOf: Readonly<Record<ArmOf<'membership'>, View>> = {
  nobody: 'nothing',
  undefended: 'update',
  masks: 'sum',
  noise: 'noised',
}

export const membership: Attack<'membership'> = async (site) => {
  const { compute, shares, strangers, look } = await openUpdates(site)
  return (arm) =>
    meanOver(shares, async ({ train }, device) => {
      const seen = await look(viewOf[arm], device)
      const read = await lossesUnder(compute, seen, train)
      return membershipAuc(read, await lossesUnder(compute, seen, strangers))
    })
}
