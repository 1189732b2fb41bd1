import { describe, expect, it } from 'vitest'
import { generalText } from '../../corpora/pretraining'
import { defaultSettings } from '../../settings/reading'
import type { Settings } from '../../settings/table'
import type { Compute } from '../../training/compute'
import { PartMeasurements } from './parts'

/** An engine that finds every text as hard as its shelf and its adapter say, and remembers what it was asked. */
function recordingCompute() {
  const asked: string[] = []
  const held = new Map<string, number>()
  const compute = {
    async hold(shelf: string, examples: readonly unknown[]) {
      held.set(shelf, examples.length)
      return { examples: examples.length, tokens: examples.length }
    },
    async evaluate(adapter: Uint8Array | null, shelf: string) {
      asked.push(`${shelf} ${adapter?.[0] ?? 'base'}`)
      return { loss: shelf === 'general' ? 1 + (adapter?.[0] ?? 0) / 10 : 3, tokens: 7 }
    },
    answer: async () => [],
  }
  return { compute: compute as unknown as Compute, asked, held }
}

const settings = (said: Partial<Settings>): Settings => ({ ...defaultSettings, seed: 7, ...said })
const part = (number: number, devices = 2) => ({
  adapter: Uint8Array.of(number),
  pool: Array.from({ length: devices }, (_, index) => ({ index, corpus: 'kitchen' as const })),
})

describe('what else a model still knows', () => {
  it('is the loss of the merged adapter and of the base on the general text; the base is measured once', async () => {
    const { compute, asked, held } = recordingCompute()
    const parts = new PartMeasurements()
    const first = await parts.measure(compute, settings({ model: 'toy' }), part(1), 'pool')
    const second = await parts.measure(compute, settings({ model: 'toy' }), part(4), 'pool')
    expect([first.general, second.general]).toEqual([
      { merged: 1.1, base: 1 },
      { merged: 1.4, base: 1 },
    ])
    expect(first.sharedBy).toBe(2)
    expect(held.get('general')).toBe(generalText('toy').length)
    expect(asked.filter((one) => one === 'general base')).toHaveLength(1)
  })

  it.each<[string, Partial<Settings>]>([
    ['a model whose world nobody here knows', { model: 'openai-community/gpt2' }],
    ['a folder that is only called like one', { model: 'local:toy' }],
    ['models of which each device has its own', { model: 'toy', aggregation: 'fedsa' }],
  ])('is not known of %s', async (_, said) => {
    const { compute, held } = recordingCompute()
    const { general } = await new PartMeasurements().measure(compute, settings(said), part(1), 'pool')
    expect(general).toBeNull()
    expect(held.has('general')).toBe(false)
  })
})
