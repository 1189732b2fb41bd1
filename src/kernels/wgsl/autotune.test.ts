import { describe, expect, it } from 'vitest'
import { noGpu, openDawnAdapter } from '../machines/testing'
import { tilesFor, tuningPlanner } from './autotune'
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
    const planner = tuningPlanner(device, 'a test', store, 60_000)
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
    const later = tuningPlanner(device, 'a test', store, 60_000)
    await later.prepare([product])
    expect(later.planFor(product)).toEqual(other)
  })

  it('leaves the rule’s plans where there is no time', async ({ skip }) => {
    const adapter = await openDawnAdapter()
    if (!adapter) return skip(noGpu)
    const planner = tuningPlanner(await adapter.requestDevice(), 'a test', memory('{}'), 0)
    await planner.prepare([product])
    expect(planner.planFor(product)).toEqual(plannerByRule.planFor(product))
  })

  it('tries no tile that is mostly beside the output', () => {
    for (const { rows, columns } of tilesFor(skinny, limits)) expect(rows <= 64 && columns <= 16).toBe(true)
    expect(tilesFor({ ...product, rows: 1024, columns: 3072 }, limits).length).toBeGreaterThan(6)
  })
})

describe('a trial', () => {
  it.each(['NN', 'NT', 'TN'] as const)(
    'agrees with sums of its own, of every tile (%s)',
    async (layout) => {
      const adapter = await openDawnAdapter()
      if (!adapter) return
      const trial = openTrial(await adapter.requestDevice(), { ...product, layout, rows: 40, columns: 36 })
      for (const tile of tilesFor({ layout, rows: 40, columns: 36 }, limits))
        for (const slices of [1, 2]) expect(await trial.durationMs({ tile, slices }, 0)).toBeGreaterThan(0)
      await trial.dispose()
    },
    60_000,
  )

  it('takes timestamps where a device has them, and does without', async ({ skip }) => {
    for (const requiredFeatures of [[], ['timestamp-query']] satisfies GPUFeatureName[][]) {
      const adapter = await openDawnAdapter()
      if (!adapter) return skip(noGpu)
      const trial = openTrial(await adapter.requestDevice({ requiredFeatures }), skinny)
      expect(await trial.durationMs({ tile: smallestTile, slices: 1 }, 0)).toBeGreaterThan(0)
      await trial.dispose()
    }
  })
})
