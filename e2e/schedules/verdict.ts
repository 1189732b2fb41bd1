/**
 * What must come of a disturbed run, held against the same run undisturbed: the living end with one adapter, who returns takes part
 * again, and the loss is that of the quiet run, as long as nobody's text is missing. Time is counted in rounds of the quiet run where
 * the machine is too busy for the seconds that are asked for.
 */
import type { Page } from '@playwright/test'
import { expect } from '../fixtures'
import { snapshot, until, untilRound } from '../surface'

/** Asked for: a device that is back takes part within so long. */
const returnMs = 10_000
/** On a busy machine: within so many rounds as they are without any disturbance. */
const returnRounds = 4
const lossTolerance = 0.02
/** The loss of one round jumps by a per cent by itself. */
const comparedRounds = 5

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** What the undisturbed run showed. */
export interface Quiet {
  /** Held-out loss after each round, from round 1; null: there was no time to measure it. */
  readonly heldOut: readonly (number | null)[]
  readonly roundMs: number
}

const history = (coordinator: Page) =>
  coordinator.evaluate(() =>
    globalThis.gossamer!.store.getState().history.map(({ round, seconds, heldOut, trainByDevice }) => ({
      round,
      seconds,
      heldOut,
      contributors: Object.keys(trainByDevice),
    })),
  )

/** How many rounds of the last ones went by without it. */
export async function roundsWithout(coordinator: Page, key: string): Promise<number> {
  const records = await history(coordinator)
  return records.length - 1 - records.findLastIndex(({ contributors }) => contributors.includes(key))
}

export async function quietOf(coordinator: Page): Promise<Quiet> {
  const records = await history(coordinator)
  const [first, last] = [records[0], records.at(-1)!]
  return {
    heldOut: records.map(({ heldOut }) => heldOut),
    roundMs: (1000 * (last.seconds - first.seconds)) / Math.max(1, records.length - 1),
  }
}

/** Resolves once these devices contribute to a round that began after now, or fails when that takes too long. */
export async function takePartAgain(coordinator: Page, keys: readonly string[], quiet: Quiet): Promise<void> {
  const sinceMs = Date.now()
  const { round } = await snapshot(coordinator)
  const limitMs = Math.max(returnMs, returnRounds * quiet.roundMs)
  // The round that was under way may have had its last contributions already.
  const first = round + 2
  const missing = async () => {
    const late = (await history(coordinator)).filter((record) => record.round >= first)
    return keys.filter((key) => !late.some(({ contributors }) => contributors.includes(key)))
  }
  await expect.poll(missing, { timeout: 6 * limitMs, intervals: [100] }).toEqual([])
  const tookMs = Date.now() - sinceMs
  console.log(
    `took part again after ${(tookMs / 1000).toFixed(1)} s (a quiet round: ${(quiet.roundMs / 1000).toFixed(1)} s)`,
  )
  expect(tookMs, 'milliseconds from the return to the first contribution').toBeLessThanOrEqual(limitMs)
}

/**
 * Lets what was missed be learned, ends the run, and looks at what is left: one adapter in all tabs, and the quiet run's loss.
 * @param more rounds at most, before the run is ended
 */
export async function endsAlike(
  coordinator: Page,
  others: readonly Page[],
  quiet: Quiet | null,
  more = 20,
): Promise<void> {
  const { round: now } = await snapshot(coordinator)
  await untilRound(
    coordinator,
    quiet ? Math.max(now + 6, Math.min(quiet.heldOut.length, now + more)) : now + 1,
    300_000,
  )
  await coordinator.evaluate(() => globalThis.gossamer!.stop())
  const phase = () => coordinator.evaluate(() => globalThis.gossamer!.store.getState().phase.kind)
  await expect.poll(phase, { timeout: 60_000 }).toBe('finished')
  const records = await settledHistory(coordinator)
  const { adapterHash } = await snapshot(coordinator)
  expect(adapterHash).not.toBeNull()
  for (const page of others)
    await until(page, (state, hash) => state.adapterHash === hash, adapterHash, 30_000)
  if (!quiet) return
  const compared = records
    .flatMap(({ round, heldOut }) => {
      const undisturbed = quiet.heldOut[Math.min(round, quiet.heldOut.length) - 1]
      return heldOut === null || undisturbed === null ? [] : [{ round, heldOut, undisturbed }]
    })
    .slice(-comparedRounds)
  const heldOut = mean(compared.map((record) => record.heldOut))
  const expected = mean(compared.map(({ undisturbed }) => undisturbed))
  console.log(
    `held-out loss after round ${compared.at(-1)!.round}: ${heldOut.toFixed(4)}, undisturbed ${expected.toFixed(4)}`,
  )
  expect(Math.abs(heldOut - expected) / expected).toBeLessThanOrEqual(lossTolerance)
}

/** Of a run that is over: every completed round has been measured; the last one may have been stopped before that. */
async function settledHistory(coordinator: Page) {
  const versions = async () => {
    const { version, history: records } = await coordinator.evaluate(() =>
      globalThis.gossamer!.store.getState(),
    )
    return version - records.at(-1)!.version
  }
  await expect.poll(versions, { timeout: 30_000 }).toBeLessThanOrEqual(1)
  return history(coordinator)
}

/** After its reload a coordinator goes on by itself, or asks its person, who says yes. */
export async function goesOn(coordinator: Page): Promise<void> {
  const { kind } = await coordinator.evaluate(() => globalThis.gossamer!.store.getState().phase)
  if (kind === 'paused') await coordinator.evaluate(() => globalThis.gossamer!.resume())
}
