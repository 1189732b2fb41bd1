/** Which machine says a model's texts: the faster, where nobody has asked for one by name. */
import { beforeEach, describe, expect, it } from 'vitest'
import { machines, noGpu } from '../kernels/machines/testing'
import type { LanguageModel } from '../model/languageModel'
import { tabClock } from '../network/time/clock'
import { continueAlone } from '../reasoning/soliloquy'
import type { OpenRequest } from './compute'
import { createEngine } from './engine'
import { millisecondsPerToken, speakerOf } from './speaker'
import { randomModel } from './testing'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const request = { model: 'tiny', adapter, seed: 1 }
const wish = { adapter: null, prompt: 'Anna lives in', tokens: 12, temperature: 0.7, seed: 3 }

/** A tab with a GPU, drawn in software here: much slower than our SIMD functions. */
const withGpu = (asked: OpenRequest[] = [], memoryBytes: number | null = null) =>
  createEngine({
    memoryBytes: () => memoryBytes,
    load(request) {
      asked.push(request)
      return randomModel(request.backend === 'wasm' ? 'wasm' : 'webgpu')
    },
  })

describe('a model whose machine has a GPU', () => {
  const isThere = (): Promise<boolean> => machines().then((all) => all.has('webgpu'))
  beforeEach(async ({ skip }) => skip(!(await isThere()), noGpu))

  it('trains there and speaks where that is faster, with the words of that machine, and says so', async () => {
    const asked: OpenRequest[] = []
    const compute = withGpu(asked)
    expect(await compute.open({ ...request, backend: 'auto' })).toMatchObject({
      backend: 'webgpu',
      speaksOn: 'wasm',
    })
    expect(asked.map(({ backend }) => backend)).toEqual(['auto', 'wasm'])
    const onWasm = createEngine({ load: () => randomModel('wasm') })
    await onWasm.open({ ...request, backend: 'wasm' })
    const { fingerprint } = await onWasm.sessions.arithmetic()
    expect((await compute.sessions.arithmetic()).fingerprint).toBe(fingerprint)
    const said = await continueAlone(compute.sessions, wish, tabClock())
    expect(said.ids).toEqual((await continueAlone(onWasm.sessions, wish, tabClock())).ids)
  })

  it('speaks there where it was asked for by name, and where there is no room for a copy', async () => {
    const asked: OpenRequest[] = []
    expect(await withGpu(asked).open({ ...request, backend: 'webgpu' })).toMatchObject({ speaksOn: null })
    expect(await withGpu(asked, 1000).open({ ...request, backend: 'auto' })).toMatchObject({ speaksOn: null })
    expect(asked.map(({ backend }) => backend)).toEqual(['webgpu', 'auto'])
  })

  it('stays there where no copy can be had, or the copy is another model', async () => {
    const model = await randomModel('webgpu')
    const auto = { backend: 'auto' } as const
    const speaker = (copy: () => Promise<LanguageModel>) => speakerOf(model, auto, null, copy)
    expect(await speaker(() => Promise.reject(new Error('offline')))).toBe(model)
    const wasm = await randomModel('wasm')
    expect(
      await speaker(async () =>
        Object.create(wasm, { hash: { value: 'other' }, backend: { value: 'wasm' } }),
      ),
    ).toBe(model)
    expect(await speaker(async () => wasm)).toBe(wasm)
  })
})

it('costs a few milliseconds to find out', async () => {
  expect(await millisecondsPerToken(await randomModel('wasm'))).toBeGreaterThan(0)
})
