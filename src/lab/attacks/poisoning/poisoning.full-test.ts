/** Rooms of ten with real training, five seeds: minutes, so it belongs to the long run. docs/attacks.md has the means as a table. */
import { describe, expect, it } from 'vitest'
import { type Arm, type AttackName, armsOf } from '../attack'
import { tryAttack } from '../attacks'
import { siteFor } from '../inNode'

const seeds = [1, 2, 3, 4, 5]

async function meansOf(name: AttackName): Promise<Readonly<Record<Arm, number>>> {
  const means = Object.fromEntries(armsOf(name).map((arm) => [arm, 0])) as Record<Arm, number>
  for (const seed of seeds)
    await tryAttack(name, armsOf(name), siteFor(seed), (arm, found) => {
      means[arm] += found / seeds.length
    })
  return means
}

describe('three liars of ten', () => {
  it('lose a room more than it learned by what they send backwards, most of it within the bound, and little to a rule', async () => {
    const lost = await meansOf('signFlip')
    expect(lost.nobody).toBe(0)
    expect(lost.undefended).toBeGreaterThan(1)
    expect(lost.bound).toBeGreaterThan(0.5)
    expect(lost.rule).toBeLessThan(0.1)
  }, 900_000)

  it('lose it all by shouting, and nothing within the bound', async () => {
    const lost = await meansOf('scaling')
    expect(lost.undefended).toBeGreaterThan(1)
    expect(lost.bound).toBeLessThan(0.1)
    expect(lost.rule).toBeLessThan(0.1)
  }, 900_000)

  it('lose it a part by wrong texts, which no bound sees', async () => {
    const lost = await meansOf('labelFlip')
    expect(lost.undefended).toBeGreaterThan(0.1)
    expect(lost.bound).toBeGreaterThan(0.1)
    expect(lost.rule).toBeLessThan(0.1)
  }, 900_000)

  it('hide a phrase that nobody else would say, also within the bound', async () => {
    const fired = await meansOf('backdoor')
    expect(fired.nobody).toBeLessThan(0.05)
    expect(fired.undefended).toBeGreaterThan(0.5)
    expect(fired.bound).toBeGreaterThan(0.5)
    expect(fired.rule).toBeLessThan(fired.undefended)
  }, 900_000)
})
