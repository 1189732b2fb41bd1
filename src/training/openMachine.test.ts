import { describe, expect, it } from 'vitest'
import type { Machine, Weights } from '../kernels/machines/machine'
import { machines, noGpu, openDawnAdapter } from '../kernels/machines/testing'
import { loadDirectory, openHeadless, premisesInNode } from './headless'
import { BackendError, openMachine } from './openMachine'
import { wrongProducts } from './products'
import { complaintAbout } from './proof'

const everywhere = [...(await machines()).keys()]
const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const open = (backend: 'auto' | 'wasm' | 'cpu' | 'webgpu', model = 'public/models/toy') =>
  openHeadless().open({ model, backend, adapter, seed: 1 })

describe('backends in Node', () => {
  it('are WebAssembly by themselves, and say why nothing faster', async () => {
    const { backend, device } = await open('auto')
    expect(backend).toBe('wasm')
    expect(device).toMatch(/^WebAssembly, SIMD \(WebGPU not used: /)
  })

  it('are obeyed when asked for by name', async () => {
    expect((await open('cpu')).backend).toBe('cpu')
    expect((await open('wasm')).backend).toBe('wasm')
  })

  it('are refused when they cannot be had', async () => {
    const withoutGpu = { ...premisesInNode(1), findGpu: async () => null }
    await expect(openMachine('webgpu', withoutGpu)).rejects.toThrow(BackendError)
    await expect(openMachine('webgpu', withoutGpu)).rejects.toThrow(/use --backend wasm/)
    const withoutSimd = { ...withoutGpu, loadSimd: () => Promise.reject(new Error('no SIMD')) }
    expect((await openMachine('auto', withoutSimd)).device).toMatch(/by tfjs/)
  })
})

describe('loading a directory', () => {
  it('shares one set of weights between engines', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => loadDirectory('public/models/toy', 'wasm')))
    expect(one).toBe(other)
  })

  it('says which file is missing, and tries again next time', async () => {
    await expect(open('wasm', '/nowhere')).rejects.toThrow(/\/nowhere\/\S+ cannot be read/)
    await expect(open('wasm', '/nowhere')).rejects.toThrow(/cannot be read/)
  })
})

describe('the proof that a machine must give', () => {
  it('is given by our SIMD functions, and not by a machine that computes another thing', async () => {
    const reference = (await machines()).get('cpu')!
    expect(await complaintAbout((await machines()).get('wasm')!, reference)).toBeNull()
    const wrong: Machine = {
      ...reference,
      openWeights: () => {
        const weights = reference.openWeights()
        const right = weights.write.bind(weights)
        const write: Weights['write'] = (name, firstRow, rows) => {
          const larger = name === 'h.0.up' && rows instanceof Float32Array
          return right(name, firstRow, larger ? rows.map((value) => 1.1 * value) : rows)
        }
        return Object.assign(weights, { write })
      },
    }
    expect(await complaintAbout(wrong, reference)).toMatch(/is off by/)
  })
})

describe('a browser that reports features and refuses them', () => {
  it('is computed on without them, and the tab says so', async ({ skip }) => {
    skip(!(await openDawnAdapter()), noGpu)
    const asked: (readonly string[])[] = []
    const findGpu = async () => {
      const adapter = (await openDawnAdapter())!
      const features = new Set([...adapter.features, 'shader-f16'])
      const requestDevice = async (wish: GPUDeviceDescriptor) => {
        const required = [...(wish.requiredFeatures ?? [])]
        asked.push(required)
        if (required.includes('shader-f16')) throw new TypeError('Not after all.')
        return adapter.requestDevice(wish)
      }
      const info = { ...card, description: 'llvmpipe' } // which need not prove itself
      const offering = { info, features, limits: adapter.limits, requestDevice }
      return { requestAdapter: async () => offering } as unknown as GPU
    }
    const { backend, device } = await openMachine('webgpu', { ...premisesInNode(1), findGpu })
    expect(backend).toBe('webgpu')
    expect(device).toMatch(/^WebGPU, .*, without .*shader-f16.*, which it reports and refuses$/)
    expect(asked).toEqual([expect.arrayContaining(['shader-f16']), []])
  })
})

describe('a card that is wrong in one tile alone', () => {
  it('is not computed on, and the tab says why', async ({ skip }) => {
    skip(!(await openDawnAdapter()), noGpu)
    const findGpu = async () =>
      ({ requestAdapter: async () => brokenCard((await openDawnAdapter())!) }) as unknown as GPU
    const machine = await openMachine('auto', { ...premisesInNode(1), findGpu })
    expect(machine.backend).toBe('wasm')
    expect(machine.device).toMatch(/the GPU computes wrongly \(\d+ numbers of its products are wrong\)/)
    await expect(openMachine('webgpu', { ...premisesInNode(1), findGpu })).rejects.toThrow(/Use backend=wasm/)
  })

  it.each(everywhere)('is told from one that is right in all: %s', async (name) => {
    expect(await wrongProducts((await machines()).get(name)!)).toBe(0)
  })
})

const card = { vendor: 'a card', architecture: '', device: '', description: '', isFallbackAdapter: false }

/** Passes for a card. One workgroup, where there are so many, does nothing. */
const brokenCard = (adapter: GPUAdapter) => ({
  info: card,
  features: adapter.features,
  limits: adapter.limits,
  async requestDevice(wish: GPUDeviceDescriptor) {
    const device = await adapter.requestDevice(wish)
    const create = device.createShaderModule.bind(device)
    const early = 'if (workgroup.x == 3u && workgroup.y == 2u) { return; }'
    const broken = (code: string) => code.replace(/(fn main\([^{]*workgroup: vec3u[^{]*\{)/, `$1\n${early}`)
    Reflect.set(device, 'createShaderModule', ({ code }: GPUShaderModuleDescriptor) =>
      create({ code: broken(code) }),
    )
    return device
  },
})
