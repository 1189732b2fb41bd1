import { describe, expect, it } from 'vitest'
import { type Machine, MachineLost } from '../kernels/machines/machine'
import { machines } from '../kernels/machines/testing'
import type { LanguageModel } from '../model/languageModel'
import { directorySource } from '../model/source/directory'
import { tabClock } from '../network/time/clock'
import { hashOfIds } from '../reasoning/ask'
import { continueAlone } from '../reasoning/soliloquy'
import type { Compute, OpenRequest, TrainRequest } from './compute'
import { createEngine } from './engine'
import { loadModel } from './loadModel'
import { randomModel, randomModelDirectory } from './testing'

const adapter = { rank: 4, alpha: 8, targets: ['c_attn', 'c_proj', 'c_fc'] }
const request: OpenRequest = { model: '', backend: 'wasm', adapter, seed: 1 }
const examples = [
  { prompt: 'Anna lives in', completion: ' Riga' },
  { prompt: 'Bob lives in', completion: ' Oslo' },
]
const order: Omit<TrainRequest, 'adapter'> = {
  shelf: 'train',
  steps: 4,
  learningRate: 1e-2,
  batch: 2,
  seed: 1,
  continueAs: null,
  slow: 1,
}

/** Engines that share one model, as in the Lab. */
async function engines(count: number): Promise<{ compute: Compute; initial: Uint8Array }[]> {
  const model = await randomModel('wasm')
  const load = async () => model
  return Promise.all(
    Array.from({ length: count }, async () => {
      const compute = createEngine({ load })
      const { initialAdapter } = await compute.open(request)
      return { compute, initial: initialAdapter }
    }),
  )
}

describe('the engine', () => {
  it('trains, evaluates, answers and generates by the contract', async () => {
    const [{ compute, initial }] = await engines(1)
    const held = await compute.hold('train', examples)
    expect(held).toEqual({ examples: 2, rows: 2, tokens: 12 }) // five letters and the end of text, twice
    const base = await compute.evaluate(null, 'train')
    expect(await compute.evaluate(initial, 'train')).toEqual(base) // B is zero
    const steps: number[] = []
    const trained = await compute.train(
      { ...order, adapter: initial, steps: 60, learningRate: 2e-2 },
      ({ step }) => steps.push(step),
    )
    expect(steps).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    expect(trained).toMatchObject({ examples: 120, tokens: 60 * 12 })
    expect((await compute.evaluate(trained.adapter, 'train')).loss).toBeLessThan(0.2 * base.loss)

    const probes = examples.map(({ prompt, completion }) => ({
      prompt,
      answer: completion,
      phrasing: 'trained' as const,
    }))
    expect((await compute.answer(trained.adapter, probes)).map(({ text, right }) => [text, right])).toEqual([
      [' Riga', true],
      [' Oslo', true],
    ])
    expect((await compute.answer(null, probes)).some(({ right }) => right)).toBe(false)

    const wish = { adapter: trained.adapter, prompt: 'Anna lives in', tokens: 20, temperature: 0, seed: 1 }
    const { text, ids, hash } = await continueAlone(compute.sessions, wish, tabClock())
    expect(text).toBe(' Riga')
    expect(ids.at(-1)).toBe(0) // it stopped at the end of text
    expect(hash).toBe(hashOfIds(ids))
  })

  it('gives the same answer to the same request, also between engines that share a model', async () => {
    const [one, other] = await engines(2)
    for (const { compute } of [one, other]) await compute.hold('train', examples)
    const results = await Promise.all(
      [one, other, one].map(({ compute, initial }) => compute.train({ ...order, adapter: initial })),
    )
    expect(results[1].adapter).toEqual(results[0].adapter)
    expect(results[2].adapter).toEqual(results[0].adapter)
  })

  it('continues by name: moments and the place in the data', async () => {
    const [{ compute, initial }] = await engines(1)
    await compute.hold('train', examples)
    const whole = await compute.train({ ...order, adapter: initial, steps: 4, continueAs: 'whole' })
    const half = await compute.train({ ...order, adapter: initial, steps: 2, continueAs: 'halves' })
    const rest = await compute.train({ ...order, adapter: half.adapter, steps: 2, continueAs: 'halves' })
    expect(rest.adapter).toEqual(whole.adapter)
    const fresh = await compute.train({ ...order, adapter: half.adapter, steps: 2 })
    expect(fresh.adapter).not.toEqual(whole.adapter)
  })

  it('stops, answers other calls while it trains, and trains again afterwards', async () => {
    const [{ compute, initial }] = await engines(1)
    await compute.hold('train', examples)
    const long = compute.train({ ...order, adapter: initial, steps: 10_000 })
    const { tokens } = await compute.evaluate(null, 'train')
    expect(tokens).toBe(12)
    await compute.stop()
    await expect(long).rejects.toMatchObject({ name: 'Stopped' })
    await expect(compute.train({ ...order, adapter: initial })).resolves.toMatchObject({ examples: 8 })
  })

  it('slows down on request', async () => {
    const [{ compute, initial }] = await engines(1)
    await compute.hold('train', examples)
    const fast = await compute.train({ ...order, adapter: initial })
    const slow = await compute.train({ ...order, adapter: initial, slow: 3 })
    expect(slow.adapter).toEqual(fast.adapter)
  })

  it('says what is missing', async () => {
    const empty = createEngine({ load: () => randomModel('wasm') })
    await expect(empty.hold('train', examples)).rejects.toThrow(/Open a model first/)
    await empty.open(request)
    await expect(empty.hold('train', [])).rejects.toThrow(/empty/)
    await expect(empty.evaluate(null, 'nowhere')).rejects.toThrow(/no text on the shelf "nowhere"/)
    await expect(
      continueAlone(empty.sessions, { adapter: null, prompt: '', tokens: 1, seed: 0 }, tabClock()),
    ).rejects.toThrow(/prompt is empty/)
    await expect(empty.open({ ...request, adapter: { ...adapter, targets: ['q_proj'] } })).rejects.toThrow(
      /c_attn/,
    )
  })

  it('slides on when a text outgrows the context', async () => {
    const [{ compute }] = await engines(1)
    const wish = { adapter: null, prompt: 'abcdefghij '.repeat(4), temperature: 1, seed: 5, tokens: 60 }
    const { ids } = await continueAlone(compute.sessions, wish, tabClock())
    expect(ids.length === 60 || ids.at(-1) === 0).toBe(true)
    expect((await continueAlone(compute.sessions, wish, tabClock())).ids).toEqual(ids)
  })
})

describe('a GPU that is taken away', () => {
  /** A machine that is lost after some runs of any program, as a real one is: whatever it is asked then fails. */
  async function fragile(runs: number): Promise<LanguageModel> {
    const sound = (await machines()).get('cpu')!
    let left = runs
    const spend = () => {
      if (left-- <= 0) throw new MachineLost('The GPU was taken away: a test (unknown).')
    }
    const openSession: Machine['openSession'] = (weights) => {
      const session = sound.openSession(weights)
      return {
        write: (state, data) => session.write(state, data),
        read: (state) => session.read(state),
        dispose: () => session.dispose(),
        async compile(program) {
          const runnable = await session.compile(program)
          return {
            run(inputs, wanted) {
              spend()
              return runnable.run(inputs, wanted)
            },
          }
        },
      }
    }
    return loadModel(directorySource(randomModelDirectory), { ...sound, openSession })
  }

  it('costs some steps and nothing else: the model is loaded again and training ends', async () => {
    let loads = 0
    const compute = createEngine({ load: () => fragile(loads++ === 0 ? 3 : 100) })
    const { initialAdapter } = await compute.open(request)
    await compute.hold('train', examples)
    const { adapter, examples: seen } = await compute.train({ ...order, adapter: initialAdapter, steps: 8 })
    expect(loads).toBe(2)
    expect(seen).toBeGreaterThan(0)
    expect(adapter).not.toEqual(initialAdapter)
  })

  it('again and again ends the run with its reason, and the adapter that it began with is still there', async () => {
    const compute = createEngine({ load: () => fragile(1) })
    const { initialAdapter } = await compute.open(request)
    await compute.hold('train', examples)
    const lost = compute.train({ ...order, adapter: initialAdapter, steps: 8 })
    await expect(lost).rejects.toThrow(/taken away/)
    expect((await compute.evaluate(initialAdapter, 'train')).tokens).toBe(12)
  })
})
