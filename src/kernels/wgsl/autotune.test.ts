import { describe, expect, it } from 'vitest'
import type { Tile } from '../kernel'
import { noGpu, openDawnAdapter } from '../machines/testing'
import { tuningPlanner } from './autotune'
import { noHalves } from './halves/candidates'
import { plannerByRule, smallestTile } from './plans'
import { fits } from './tiles'
import { openTrial } from './trial'

/** A store in memory, which at first answers everything with `damaged`. */
function memory(damaged: string) {
  const kept = new Map<string, string>()
  return {
    kept,
    get: async (key: string) => kept.get(key) ?? damaged,
    set: async (key: string, value: string) => void kept.set(key, value),
  }
}

const limits = { maxWorkgroupStorageBytes: 16384, maxInvocations: 256 }
const product = { layout: 'NN', rows: 32, columns: 32, depth: 300, layers: 1 } as const
const skinny = { layout: 'NT', rows: 64, columns: 8, depth: 64, layers: 1 } as const

describe('tuning', () => {
  it('finds plans for the classes of a program, and keeps them', async ({ skip }) => {
    const adapter = await openDawnAdapter()
    if (!adapter) return skip(noGpu)
    const device = await adapter.requestDevice()
    const store = memory('{"NN": {"rows": 3}}')
    const planner = tuningPlanner(device, 'a test', noHalves, store, 60_000)
    await planner.prepare([product, skinny])
    const plan = planner.planFor(product)
    expect(fits(plan.tile, 'NN', limits)).toBe(true)
    expect(planner.planFor({ ...product, rows: 35 })).toEqual(plan) // of its class
    expect(planner.planFor({ ...product, rows: 512 })).toEqual(
      plannerByRule.planFor({ ...product, rows: 512 }),
    )

    const [[key, text]] = store.kept
    expect(key).toContain('a test')
    const kept = Object.keys(JSON.parse(text))
    expect(kept).toHaveLength(2)
    const other = { tile: smallestTile, slices: 2 }
    store.kept.set(key, JSON.stringify(Object.fromEntries(kept.map((name) => [name, other]))))
    const later = tuningPlanner(device, 'a test', noHalves, store, 60_000)
    await later.prepare([product])
    expect(later.planFor(product)).toEqual(other)
  })

  it('leaves the rule’s plans where there is no time', async ({ skip }) => {
    const adapter = await openDawnAdapter()
    if (!adapter) return skip(noGpu)
    const planner = tuningPlanner(await adapter.requestDevice(), 'a test', noHalves, memory('{}'), 0)
    await planner.prepare([product])
    expect(planner.planFor(product)).toEqual(plannerByRule.planFor(product))
  })
})

describe('a trial', () => {
  it.for(['NN', 'NT', 'TN'] as const)(
    'agrees with sums of its own, of tiles of every kind (%s)',
    { timeout: 60_000 },
    async (layout, { skip }) => {
      const adapter = await openDawnAdapter()
      if (!adapter) return skip(noGpu)
      const sides = { layout, rows: 70, columns: 36 }
      const trial = openTrial(await adapter.requestDevice(), { ...product, ...sides })
      const tiles: readonly Tile[] = [
        { rows: 128, columns: 64, depth: 16, rowsEach: 8, columnsEach: 4 },
        { rows: 64, columns: 128, depth: 16, rowsEach: 4, columnsEach: 8 },
        { rows: 64, columns: 64, depth: 16, rowsEach: 8, columnsEach: 8 },
      ]
      const durations = await trial.durationsMs(tiles.map((tile, index) => ({ tile, slices: 1 + index })))
      for (const durationMs of durations) expect(durationMs).toBeGreaterThan(0)
      await trial.dispose()
    },
  )

  it('gives no time for a plan whose shader no device takes', async ({ skip }) => {
    const adapter = await openDawnAdapter()
    if (!adapter) return skip(noGpu)
    const trial = openTrial(await adapter.requestDevice(), skinny)
    const huge = { tile: { rows: 1024, columns: 1024, depth: 64, rowsEach: 4, columnsEach: 4 }, slices: 1 }
    const [wrong, right] = await trial.durationsMs([huge, { tile: smallestTile, slices: 1 }])
    expect(wrong).toBeNull()
    expect(right).toBeGreaterThan(0)
    await trial.dispose()
  })

  it('takes timestamps where a device has them, and does without', async ({ skip }) => {
    for (const requiredFeatures of [[], ['timestamp-query']] satisfies GPUFeatureName[][]) {
      const adapter = await openDawnAdapter()
      if (!adapter) return skip(noGpu)
      const trial = openTrial(await adapter.requestDevice({ requiredFeatures }), skinny)
      const [durationMs] = await trial.durationsMs([{ tile: smallestTile, slices: 1 }])
      expect(durationMs).toBeGreaterThan(0)
      await trial.dispose()
    }
  })
})
