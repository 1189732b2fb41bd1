import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { siteFor } from '../inNode'
import { orders } from './orders'
import { spoofing } from './spoofing'
import { sybil } from './sybil'

const seeds = fc.integer({ min: 1, max: 1_000_000 })
const times = { numRuns: 10 }

describe('letters in the coordinator’s name', () => {
  it('are all acted on where no signature is checked, and none where one is', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const arm = await orders(siteFor(seed))
        expect(await arm('nobody')).toBe(0)
        expect(await arm('undefended')).toBe(1)
        expect(await arm('signed')).toBe(0)
      }),
      times,
    )
  })
})

describe('a name that is another’s', () => {
  it('opens the door where keys are not checked, in each way, and in none where they are', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const arm = await spoofing(siteFor(seed))
        expect(await arm('nobody')).toBe(0)
        expect(await arm('undefended')).toBe(1)
        expect(await arm('signed')).toBe(0)
      }),
      times,
    )
  })
})

describe('one person in three tabs, beside four others', () => {
  it('owns a merge by claims, three of seven parts of it where claims are bounded, and one of five in a locked room', async () => {
    const arm = await sybil(siteFor(1))
    expect(await arm('nobody')).toBeCloseTo(1 / 5)
    expect(await arm('undefended')).toBeGreaterThan(0.97)
    expect(await arm('claims')).toBeCloseTo(3 / 7)
    expect(await arm('lock')).toBeCloseTo(1 / 5)
  })
})
