import { describe, expect, it } from 'vitest'
import { BackendError } from './backend'
import { loadDirectory, openHeadless } from './headless'

const adapter = { rank: 2, alpha: 4, targets: ['c_attn'] }
const open = (backend: 'auto' | 'wasm' | 'cpu' | 'webgpu', modelUrl = 'public/models/toy') =>
  openHeadless().open({ modelUrl, backend, adapter, seed: 1 })

describe('backends in Node', () => {
  it('are WebAssembly by themselves, and say why nothing faster', async () => {
    const { backend, device } = await open('auto')
    expect(backend).toBe('wasm')
    expect(device).toBe('WebAssembly, 1 thread (WebGPU not used: Node has none)')
  })

  it('are obeyed when asked for by name', async () => {
    expect((await open('cpu')).backend).toBe('cpu')
    expect((await open('wasm')).backend).toBe('wasm')
  })

  it('are refused when they cannot be had', async () => {
    await expect(open('webgpu')).rejects.toThrow(BackendError)
    await expect(open('webgpu')).rejects.toThrow(/use --backend wasm/)
  })
})

describe('loading a directory', () => {
  it('shares one set of weights between engines', async () => {
    const [one, other] = await Promise.all([1, 2].map(() => loadDirectory('public/models/toy', 'wasm')))
    expect(one.model).toBe(other.model)
  })

  it('says which file is missing, and tries again next time', async () => {
    await expect(open('wasm', '/nowhere')).rejects.toThrow(/\/nowhere\/\S+ cannot be read/)
    await expect(open('wasm', '/nowhere')).rejects.toThrow(/cannot be read/)
  })
})
