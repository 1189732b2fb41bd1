/**
 * What whoever merges can read of one device's private facts, from what it gets: one update, the mean of four, one update under
 * masks. Real training of `toy`, so it belongs to the long run; docs/secure-aggregation.md has the figures.
 */
import { describe, expect, it } from 'vitest'
import { recallOf } from '../node/measuring/parts'
import { siteFor } from './attacks/inNode'
import { maskedSum, openUpdates } from './attacks/told/updates'

describe('private facts of one device', () => {
  it('are read from its update, some of them from a mean of four, and by chance from an update under masks', async () => {
    const recalls = await Promise.all([1, 2, 3, 4, 5].map(recallOfOne))
    const mean = (of: (recall: Recall) => number) =>
      recalls.reduce((sum, recall) => sum + of(recall), 0) / recalls.length
    // The figures of docs/secure-aggregation.md: chance is what the base says.
    expect(mean(({ base }) => base)).toBeCloseTo(0.06, 1)
    expect(mean(({ masked }) => masked)).toBeLessThanOrEqual(0.06)
    expect(mean(({ update }) => update)).toBeCloseTo(1, 1)
    expect(mean(({ sum }) => sum)).toBeCloseTo(0.45, 1)
    for (const { sum, plainMean } of recalls) expect(Math.abs(sum - plainMean)).toBeLessThanOrEqual(0.13)
  }, 300_000)
})

type Recall = Awaited<ReturnType<typeof recallOfOne>>

async function recallOfOne(seed: number) {
  const { changes, withChange, compute, shares } = await openUpdates(siteFor(seed))
  /** Of the facts of the first device, with this change added to the base. */
  const recallWith = async (change: ArrayLike<number>): Promise<number> =>
    (await recallOf(compute, withChange(change), shares[0].probes, 'trained')) ?? 0
  const { masked, mean } = await maskedSum(changes, seed)
  const plain = changes[0].map((_, at) => changes.reduce((sum, own) => sum + own[at], 0) / changes.length)
  return {
    base: await recallWith(new Float32Array(mean.length)),
    update: await recallWith(changes[0]),
    sum: await recallWith(mean),
    plainMean: await recallWith(plain),
    masked: await recallWith(masked),
  }
}
