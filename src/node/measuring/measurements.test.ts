/** Rounds wait to be measured, and the run does not wait for them. */
import { expect, it } from 'vitest'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import type { Compute } from '../../training/compute'
import { measureRounds } from './measurements'
import type { CompletedRound, Published } from './record'

/** Finds the text as hard as the round says, each time after so long. */
function roomThatTakes(milliseconds: number) {
  const clock = virtualClock()
  const published: Published[] = []
  const compute = {
    hold: async () => ({ examples: 1, tokens: 1 }),
    evaluate: (adapter: Uint8Array | null) =>
      new Promise((resolve) =>
        clock.after(milliseconds / 2, () => resolve({ loss: adapter ? adapter[0] : 100, tokens: 1 })),
      ),
    answer: async () => [],
  } as unknown as Compute
  const settings = { ...defaultSettings, model: 'local:some', baselines: false }
  const measurements = measureRounds(
    clock,
    () => compute,
    () => settings,
    (one) => published.push(one),
    (error) => expect(error).toBeNull(),
  )
  return { clock, measurements, published }
}

const completed = (round: number): CompletedRound => ({
  round,
  version: round,
  seconds: round,
  bytes: 0,
  parts: [{ adapter: Uint8Array.of(round), pool: [{ index: 0, corpus: 'kitchen' }] }],
  trained: new Map(),
  distortion: null,
  staleness: null,
  lanBytes: null,
  waits: false,
})

const rounds = Array.from({ length: 40 }, (_, at) => at + 1)

it('every round that there is time for is measured', async () => {
  const { clock, measurements, published } = roomThatTakes(1_000)
  for (const round of rounds) clock.after(1_500 * round, () => measurements.completed(completed(round)))
  await clock.run(100_000)
  expect(published.map(({ record }) => record.heldOut)).toEqual(rounds)
})

it('where rounds are quicker than measuring, no more than some wait, all are recorded, and the last are measured', async () => {
  const { clock, measurements, published } = roomThatTakes(10_000)
  for (const round of rounds) clock.after(1_000 * round, () => measurements.completed(completed(round)))
  await clock.run(40_000)
  expect(published.length, 'behind by what waits, and what came in while one was measured').toBeGreaterThan(
    20,
  )
  await clock.run(400_000)
  expect(published.map(({ record }) => record.round)).toEqual(rounds)
  const heldOut = published.map(({ record }) => record.heldOut)
  expect(heldOut.filter((loss) => loss === null).length).toBeGreaterThan(10)
  for (const [at, loss] of heldOut.entries()) expect([rounds[at], null]).toContain(loss)
  expect(heldOut.slice(-8)).toEqual(rounds.slice(-8))
  expect(new Set(published.map(({ baseLoss }) => baseLoss)), 'the base is what it is').toEqual(new Set([100]))
})
