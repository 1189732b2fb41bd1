/**
 * The engine without a browser: models from directories, WebAssembly binaries from node_modules, WebGPU by Dawn where the
 * package `webgpu` and a driver are there. The command line, the Lab's scripts and the tests open it. For Node only.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { loadSimdInNode } from '../kernels/simd/load'
import { plannerByRule } from '../kernels/wgsl/plans'
import type { LanguageModel } from '../model/languageModel'
import { directorySource } from '../model/source/directory'
import type { BackendChoice, Compute, Precision } from './compute'
import { createEngine } from './engine'
import { loadModel } from './loadModel'
import { openMachine, type Premises } from './openMachine'

const loaded = new Map<string, Promise<LanguageModel>>()

/** Loads a model directory; engines that name the same directory, backend and precision share one set of weights. */
export function loadDirectory(
  directory: string,
  choice: BackendChoice,
  precision: Precision = 'auto',
): Promise<LanguageModel> {
  const key = `${choice} ${precision} ${directory}`
  if (!loaded.has(key)) {
    const loading = openMachine(choice, nodePremises).then((machine) =>
      loadModel(directorySource(directory), machine, precision),
    )
    loading.catch(() => loaded.delete(key))
    loaded.set(key, loading)
  }
  return loaded.get(key)!
}

/** An engine for Node: a request's `model` is a directory's path. */
export const openHeadless = (): Compute =>
  createEngine({ load: ({ model, backend, precision }) => loadDirectory(model, backend, precision) })

/** Dawn crashes where this is collected while its devices live. */
let dawn: GPU | null = null

export const nodePremises: Premises = {
  wasmPaths: join(
    dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
    'dist/',
  ),
  loadSimd: loadSimdInNode,
  async findGpu() {
    const webgpu = await import('webgpu').catch(() => null)
    if (!webgpu) return null
    Object.assign(globalThis, webgpu.globals)
    dawn ??= webgpu.create([])
    return dawn
  },
  withoutGpu: {
    why: 'Node has none',
    problem:
      'Node has no WebGPU: install the package “webgpu”, use --backend wasm, or open the page in a browser that has it.',
  },
  openPlanner: () => plannerByRule,
}
