/** Schedules that broke something, cut down to what was needed. */
import { describe, expect, it } from 'vitest'
import { runChaos } from './run'
import type { Schedule } from './schedule'
import { usualQueryOf } from './schemes'

/** A coordinator that is gone for good, and an heir with a slow disk that is elected at 40 s and goes as well. */
const twice = (secondEndAtMs: number): Schedule => ({
  seed: 1,
  devices: ['device-0', 'device-1', 'device-2', 'device-3'],
  acts: [
    { do: 'command', key: 'coordinator', command: 'start', atMs: 4_000 },
    { do: 'end', atMs: 20_000 },
    { do: 'slow-disk', key: 'device-0', byMs: 2_000, forMs: 60_000, atMs: 30_000 },
    { do: 'end', atMs: secondEndAtMs },
  ],
  calmAtMs: 90_000,
})

describe('a room goes on under the next heir where one goes that was elected', () => {
  it.each([
    ['before anybody has come to it', 45_000],
    ['before it has made a will of its own', 46_500],
  ])('%s', async (_, secondEndAtMs) => {
    const usual = usualQueryOf('synchronous', 1)
    expect(await runChaos('synchronous', twice(secondEndAtMs), () => {}, usual)).toEqual([])
  })
})
