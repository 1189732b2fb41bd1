/** Rooms of ten with real training, five seeds: minutes, so it belongs to the long run. docs/attacks.md has the means as a table. */
import { describe, expect, it } from 'vitest'
import { meansOf } from '../fixtures/means'

const seeds = [1, 2, 3, 4, 5]

describe('three liars of ten', () => {
  it('lose a room more than it learned by what they send backwards, most of it within the bound, and little to a rule', async () => {
    const lost = await meansOf('signFlip', seeds)
    expect(lost.nobody).toBe(0)
    expect(lost.undefended).toBeGreaterThan(1)
    expect(lost.bound).toBeGreaterThan(0.5)
    expect(lost.rule).toBeLessThan(0.1)
  }, 900_000)

  it('lose it all by shouting, and nothing within the bound', async () => {
    const lost = await meansOf('scaling', seeds)
    expect(lost.undefended).toBeGreaterThan(1)
    expect(lost.bound).toBeLessThan(0.1)
    expect(lost.rule).toBeLessThan(0.1)
  }, 900_000)

  it('lose it a part by wrong texts, which no bound sees', async () => {
    const lost = await meansOf('labelFlip', seeds)
    expect(lost.undefended).toBeGreaterThan(0.1)
    expect(lost.bound).toBeGreaterThan(0.1)
    expect(lost.rule).toBeLessThan(0.1)
  }, 900_000)

  it('hide a phrase that nobody else would say, also within the bound', async () => {
    const fired = await meansOf('backdoor', seeds)
    expect(fired.nobody).toBeLessThan(0.05)
    expect(fired.undefended).toBeGreaterThan(0.5)
    expect(fired.bound).toBeGreaterThan(0.5)
    expect(fired.rule).toBeLessThan(fired.undefended)
  }, 900_000)
})
