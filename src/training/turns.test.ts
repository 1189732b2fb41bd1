import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { turnsOf } from './turns'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Whether training may go on, after each of so many milliseconds of texts that follow each other every 100 ms. */
async function trainingDuring(
  milliseconds: number,
): Promise<{ readonly steps: number; readonly firstMs: number }> {
  const turns = turnsOf()
  const beganAtMs = performance.now()
  let [steps, firstMs, isOver] = [0, Number.POSITIVE_INFINITY, false]
  await turns.during(async () => {})
  const training = (async () => {
    while (!isOver) {
      await turns.free()
      steps++
      firstMs = Math.min(firstMs, performance.now() - beganAtMs)
      await new Promise((resolve) => setTimeout(resolve, 100)) // a step
    }
  })()
  for (let at = 0; at < milliseconds; at += 100) {
    await vi.advanceTimersByTimeAsync(100)
    await turns.during(async () => {})
  }
  isOver = true
  await vi.advanceTimersByTimeAsync(2000)
  await training
  return { steps, firstMs }
}

it('training waits for an answer, and a moment more', async () => {
  const { firstMs } = await trainingDuring(3000)
  expect(firstMs).toBeGreaterThanOrEqual(3000)
})

it('training takes turns with texts that never end', async () => {
  const { steps, firstMs } = await trainingDuring(60_000)
  expect(firstMs).toBeLessThan(6000)
  expect(steps).toBeGreaterThan(120)
})
