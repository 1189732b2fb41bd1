import { describe, expect, it } from 'vitest'
import type { AggregationName } from '../federation/aggregation/registry'
import { type LabPreset, labPresets } from './presets'
import { runPreset } from './runPreset'

/** Four quick, eight middling and four slow devices, 1 : 2 : 4, in rounds. Training is the quadratic model, of rank 2. */
const stragglers: LabPreset = {
  ...labPresets.stragglers,
  settings: { ...labPresets.stragglers.settings, scheme: 'synchronous' },
}
const bySpeed = (deadline: number | null): LabPreset => ({
  ...stragglers,
  settings: { ...stragglers.settings, allocation: 'by-speed', deadline },
})
const run = (preset: LabPreset) => runPreset({ preset, seed: 1, model: 'quadratic', baselines: [] }, () => [])
const dealt = (aggregation: AggregationName, ranks: readonly number[]) =>
  run({
    settings: { ...stragglers.settings, aggregation },
    world: { ...stragglers.world, ranks },
  })

describe('what the Lab gives to each device', () => {
  it('is the same for all unless something else is asked for', async () => {
    expect((await run(stragglers)).allocation).toBeNull()
  })

  it('is work in proportion to speed, so that nobody waits for the slowest', async () => {
    const same = await run(stragglers)
    const given = await run(bySpeed(null))
    const steps = given.allocation!.map((own) => own.steps)
    expect(Math.max(...steps), 'never more than the room asks for').toBe(8)
    expect(Math.min(...steps), 'a device that is twice as slow as the middling ones').toBeLessThanOrEqual(4)
    expect(given.allocation!.every(({ isInTime }) => isInTime)).toBe(true)
    expect(given.virtualSeconds).toBeLessThan(0.6 * same.virtualSeconds)
  })

  it('is less for a device that would miss the deadline: smaller batches, which take less time', async () => {
    const { allocation, virtualSeconds } = await run(bySpeed(70))
    const batches = allocation!.map(({ batch }) => batch)
    expect(new Set(batches)).toEqual(new Set([4, 2]))
    expect(virtualSeconds).toBeLessThan(10 * 100)
  })

  it.each(['flora', 'flexlora', 'hetlora'] as const)('may be ranks that %s merges', async (aggregation) => {
    const { allocation, loss, yardsticks } = await dealt(aggregation, [2, 1])
    expect(allocation!.slice(0, 4).map(({ rank }) => rank)).toEqual([2, 1, 2, 1])
    expect(new Set(allocation!.map(({ steps }) => steps))).toEqual(new Set([8]))
    expect(loss!).toBeLessThan(0.8 * yardsticks.base)
  })

  it('is refused where the aggregation cannot merge it, or the adapter cannot hold it', async () => {
    await expect(dealt('flora', [3, 1])).rejects.toThrow(/cannot have rank 3: the shared adapter has rank 2/)
    await expect(dealt('fedavg', [2, 1])).rejects.toThrow(/needs rank 2 on every device.*flora, flexlora/)
  })
})
