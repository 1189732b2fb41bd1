/** Liars in a room of the Lab, and what meets them. With real training, over seeds: `npm run results -- --rule 11`. */
import { describe, expect, it } from 'vitest'
import type { Settings } from '../settings/table'
import { labPresets } from './presets'
import { runPreset } from './runPreset'

const rounds = 8

/** Ten devices of the quadratic model, of which three lie where there is something that they do. */
async function lossOf(change: Partial<Settings>) {
  const { settings, world } = labPresets.iid
  const { loss, yardsticks } = await runPreset(
    {
      preset: {
        settings: { ...settings, aggregation: 'fedavg', rounds, ...change },
        world: { ...world, devices: 10, attackingDevices: 0.3 },
      },
      seed: 2,
      model: 'quadratic',
      baselines: [],
    },
    () => [],
  )
  return { loss: loss!, base: yardsticks.base }
}

const clean = lossOf({})

describe('three liars of ten who send what they learned backwards', () => {
  it('take more than half of what a plain average learns, also within the norm bound, and nothing from a robust rule', async () => {
    const { loss, base } = await clean
    const lost = async (robust: Settings['robust']) =>
      ((await lossOf({ attack: 'sign-flip', robust })).loss - loss) / (base - loss)
    expect(await lost([])).toBeGreaterThan(0.5)
    expect(await lost(['norm-bound'])).toBeGreaterThan(0.5)
    expect(await lost(['norm-bound', 'multi-krum'])).toBeLessThan(0.1)
  })

  it('meet a median of single numbers where one factor is shared', async () => {
    const ofB = (change: Partial<Settings>) => lossOf({ aggregation: 'ffa', ...change })
    const { loss, base } = await ofB({})
    const attacked = await ofB({ attack: 'sign-flip', robust: ['norm-bound', 'median'] })
    expect((attacked.loss - loss) / (base - loss)).toBeLessThan(0.2)
  })

  it('are refused a rule where nobody sees all updates of a round', async () => {
    await expect(lossOf({ scheme: 'asynchronous', robust: ['krum'] })).rejects.toThrow(
      /^“krum” looks at all updates of a round together/,
    )
  })
})

describe('a gate', () => {
  it('keeps what has been reached where nothing else stops a liar', async () => {
    const { loss: open, base } = await lossOf({ attack: 'scaling', robust: [] })
    const { loss: gated } = await lossOf({ attack: 'scaling', robust: ['gate'] })
    expect(open).toBeGreaterThan(gated)
    expect(gated).toBeLessThanOrEqual(base)
  })

  it('lets honest merges through', async () => {
    const gated = await lossOf({ robust: ['norm-bound', 'gate'] })
    expect(gated.loss).toBe((await clean).loss)
  })
})
