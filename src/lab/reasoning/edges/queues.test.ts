import { expect, it } from 'vitest'
import { type Choosing, runQueues, usualTraffic } from './queues'

const isFull = process.env.GOSSAMER_FULL === '1'
const seeds = isFull ? [1, 2, 3, 4, 5] : [1, 2]

/** At the mean over rooms: a tail is a few answers. */
async function tails(choosing: Choosing, hedges: boolean) {
  const all = await Promise.all(seeds.map((seed) => runQueues({ ...usualTraffic, seed, choosing, hedges })))
  const mean = (of: (one: (typeof all)[number]) => number) =>
    all.reduce((sum, one) => sum + of(one), 0) / all.length
  return { p99: mean((one) => one.p99), extra: mean((one) => one.extra) }
}

it('choosing of two and hedging make the slowest answers much faster than chance or turns do, for few more questions', async () => {
  const [chance, turns, chosen, overtaken] = [
    await tails('random', false),
    await tails('round robin', false),
    await tails('power of two', false),
    await tails('power of two', true),
  ]
  expect(overtaken.p99 / chance.p99).toBeLessThanOrEqual(0.35)
  expect(overtaken.p99 / turns.p99).toBeLessThanOrEqual(0.75)
  expect(overtaken.p99).toBeLessThan(chosen.p99)
  expect(overtaken.extra).toBeLessThanOrEqual(0.08)
}, 120_000)

it('equal edges are used evenly', async () => {
  const traffic = {
    ...usualTraffic,
    serviceMs: [40, 40, 40, 40],
    choosing: 'power of two',
    hedges: true,
  } as const
  for (const seed of seeds) expect((await runQueues({ ...traffic, seed })).fairness).toBeGreaterThan(0.9)
}, 120_000)
