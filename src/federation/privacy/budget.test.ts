import { describe, expect, it } from 'vitest'
import { epsilonOf } from './accountant'
import { charged, emptyAccount, noiseOf, type PrivacyTerms, standingOf, updatesLeft } from './budget'

const terms: PrivacyTerms = { unit: 'device', delta: 1e-5, budget: 20, noise: 1, updates: 10 }
const training = { steps: 20, rate: 0.1 }

function trainedUntilSpent(terms: PrivacyTerms) {
  const noise = noiseOf(terms, training)!
  let account = emptyAccount
  while (updatesLeft(account, terms, training) >= 1 && account.updates < 1000)
    account = charged(account, terms, training, noise)
  return account
}

describe('the budget of a text', () => {
  it.each(['device', 'example'] as const)('of unit %s ends before an epsilon beyond it', (unit) => {
    const own = { ...terms, unit }
    const account = trainedUntilSpent(own)
    expect(account.updates).toBeGreaterThan(0)
    expect(standingOf(account, own).epsilon).toBeLessThanOrEqual(20)
    const more = charged(account, own, training, 1)
    expect(standingOf(more, own).epsilon).toBeGreaterThan(20)
  })

  it('counts an update as one release of a device, or as its steps of examples', () => {
    const ofDevice = charged(emptyAccount, terms, training, 1)
    expect(standingOf(ofDevice, terms).epsilon).toBeCloseTo(
      epsilonOf(
        ofDevice.spent.map((_, at) => (at + 2) / 2),
        1e-5,
      ),
      8,
    )
    const own = { ...terms, unit: 'example' as const }
    const twice = charged(charged(emptyAccount, own, training, 1), own, training, 1)
    const atOnce = charged(emptyAccount, own, { ...training, steps: 40 }, 1)
    expect(standingOf(twice, own).epsilon).toBeCloseTo(standingOf(atOnce, own).epsilon!, 8)
  })

  it('of ten rounds at z = 1 is the golden value', () => {
    let account = emptyAccount
    for (let round = 0; round < 10; round++) account = charged(account, terms, training, 1)
    expect(standingOf(account, terms).epsilon).toBeCloseTo(19.8017, 3)
    expect(standingOf(account, terms).epsilonIfReplaced).toBeGreaterThan(19.8017)
  })

  it('where noise follows from it, lasts for the planned updates', () => {
    for (const unit of ['device', 'example'] as const) {
      const planned = { ...terms, unit, noise: null, budget: 3 }
      expect(trainedUntilSpent(planned).updates).toBe(10)
    }
  })

  it('of zero never trains, whatever the noise', () => {
    for (const noise of [null, 0, 1, 1000])
      expect(updatesLeft(emptyAccount, { ...terms, noise, budget: 0 }, training)).toBe(0)
    expect(noiseOf({ ...terms, noise: null, budget: 0 }, training)).toBeNull()
  })

  it('is no end where none was said, and nothing is promised without noise', () => {
    const open = { ...terms, budget: null }
    expect(updatesLeft(emptyAccount, open, training)).toBe(Number.POSITIVE_INFINITY)
    const bare = charged(emptyAccount, { ...open, noise: 0 }, training, 0)
    expect(standingOf(bare, open)).toEqual({ epsilon: null, epsilonIfReplaced: null })
    expect(updatesLeft(emptyAccount, { ...terms, noise: 0 }, training)).toBe(0)
  })
})
