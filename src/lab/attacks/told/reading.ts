/**
 * Reading facts from one update. Whoever merges adds a device's update to the base, which everybody has, and asks the outcome about that
 * device's private facts: nothing has to be broken, since an update is there to be added. The facts are the canaries of Carlini et al.
 * (The Secret Sharer, arXiv 1802.08232): made-up names and words that no other text holds, so what is said right was read from the
 * update, and what the base says right is chance.
 *
 * Masks leave the sum of the room alone to be asked, which still tells some: the mean of few devices is a model that has learned from each.
 * Noise hides the update itself. Both together hide each device behind the noise of all.
 */
import { recallOf } from '../../../node/measuring/parts'
import type { ArmOf, Attack } from '../attack'
import { meanOver } from './meanOver'
import { openUpdates, type View } from './updates'

/** What is left to be seen. */
const viewOf: Readonly<Record<ArmOf<'reading'>, View>> = {
  nobody: 'nothing',
  undefended: 'update',
  masks: 'sum',
  noise: 'noised',
  both: 'noised-sum',
}

export const reading: Attack<'reading'> = async (site) => {
  const { compute, shares, look } = await openUpdates(site)
  return (arm) =>
    meanOver(shares, async ({ probes }, device) => {
      const seen = await look(viewOf[arm], device)
      return (await recallOf(compute, seen, probes, 'trained')) ?? 0
    })
}
