/** What a whole text costs that one tab makes alone, from the words of whoever asks down to the machine. */
import { expect, it, vi } from 'vitest'
import { machines } from '../kernels/machines/testing'
import { Pool } from '../model/pool'
import { tabClock } from '../network/time/clock'
import { continueAlone } from '../reasoning/soliloquy'
import { createEngine } from './engine'
import { randomModel } from './testing'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const wish = { adapter: null, prompt: 'Anna', tokens: 24, temperature: 0.9, seed: 5 }
const everywhere = [...(await machines()).keys()]

/** How many steps were started at once, again and again, and how many rows of logits were read, for a text. */
async function costsOn(machine: string, other: { readonly topK?: number } = {}) {
  const compute = createEngine({ load: () => randomModel(machine) })
  await compute.open({ model: 'tiny', backend: 'wasm', adapter, seed: 1 })
  const going = vi.spyOn(Pool.prototype, 'goOn')
  const reading = vi.spyOn(Pool.prototype, 'read')
  const { ids } = await continueAlone(compute.sessions, { ...wish, ...other }, tabClock())
  const steps = going.mock.calls.map(([, , draws]) => draws.length)
  const rows = reading.mock.calls.length
  vi.restoreAllMocks()
  return { ids, steps, rows }
}

it.skipIf(!everywhere.includes('webgpu'))(
  'on a GPU eight tokens a reading, none for nothing, and one row: the prompt’s',
  async () => {
    const { ids, steps, rows } = await costsOn('webgpu')
    expect(ids).toHaveLength(wish.tokens)
    expect(steps).toEqual([8, 8, 7])
    expect(rows).toBe(1)
  },
)

it('on WebAssembly a step when it is asked for', async () => {
  const { steps, rows } = await costsOn('wasm')
  expect(steps).toEqual(Array(wish.tokens - 1).fill(1))
  expect(rows).toBe(1)
})

it('where only the processor can draw, a row a token, and the same text where nothing is left out', async () => {
  const [there, here] = [await costsOn('wasm'), await costsOn('wasm', { topK: 64 })]
  expect(here.steps).toEqual([])
  expect(here.rows).toBe(wish.tokens)
  expect(here.ids).toEqual(there.ids)
})
