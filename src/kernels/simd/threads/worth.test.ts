import { expect, it } from 'vitest'
import { Worth } from './worth'

/** So many runs, each as long as it takes with the threads that it has; how many had which. */
function runs(
  worth: Worth,
  count: number,
  offered: number,
  msOf: (threads: number) => number,
): Map<number, number> {
  const had = new Map<number, number>()
  for (let run = 0; run < count; run++) {
    const threads = worth.threads(offered)
    worth.ran(threads, msOf(threads))
    had.set(threads, (had.get(threads) ?? 0) + 1)
  }
  return had
}

const idle = (threads: number): number => 60 / threads
/** Threads that wait for each other’s turn. */
const crowded = (threads: number): number => (threads === 1 ? 120 : 180)

it('takes all cores that are idle, and looks now and then whether one would do', () => {
  const had = runs(new Worth(), 320, 2, idle)
  expect(had.get(2)).toBeGreaterThan(300)
  expect(had.get(1)).toBeGreaterThan(3)
})

it('is alone where others are busy, and comes back when they are done', () => {
  const worth = new Worth()
  expect(runs(worth, 320, 4, crowded).get(1)).toBeGreaterThan(300)
  runs(worth, 64, 4, idle)
  expect(runs(worth, 320, 4, idle).get(4)).toBeGreaterThan(300)
})

it('forgets what other numbers of threads took, and has one where no more are offered', () => {
  const worth = new Worth()
  runs(worth, 100, 2, crowded)
  expect(runs(worth, 100, 8, idle).get(8)).toBeGreaterThan(90)
  expect(runs(worth, 10, 1, idle)).toEqual(new Map([[1, 10]]))
})

it('is not put off by a run that was disturbed', () => {
  const worth = new Worth()
  runs(worth, 50, 2, idle)
  worth.ran(2, 70)
  expect(runs(worth, 20, 2, idle).get(2)).toBeGreaterThan(18)
})
