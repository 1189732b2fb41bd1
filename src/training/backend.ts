/**
 * Chooses and starts what computes: WebGPU where there is a real GPU, WebAssembly otherwise, plain JavaScript last. A
 * software rasteriser that poses as a GPU is about ten times slower than WebAssembly, so `auto` passes it by; a backend
 * asked for by name is obeyed or refused, never exchanged. Where it started, `device` says what runs and why nothing
 * faster does.
 */
import '@tensorflow/tfjs-backend-cpu'
import { getThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { Backend, BackendChoice } from './compute'

/** Where the three WebAssembly binaries lie: a directory with a trailing slash, or an address for each file name. */
export type WasmPaths = string | Readonly<Record<string, string>>

export interface StartedBackend {
  readonly backend: Backend
  readonly device: string
}

/** A backend that was asked for by name and cannot run here. The message says what to do. */
export class BackendError extends Error {
  override name = 'BackendError'
}

/** Starts a backend, or finds it started. Throws a `BackendError` where the choice cannot be had. */
export async function startBackend(choice: BackendChoice, wasmPaths: WasmPaths): Promise<StartedBackend> {
  tf.enableProdMode()
  if (choice === 'cpu') return start('cpu', 'plain JavaScript, as asked')
  if (choice === 'wasm') return startWasm(wasmPaths, 'as asked')

  const gpu = await findGpu()
  if (choice === 'webgpu') {
    if (!gpu.adapter) throw new BackendError(gpu.problem)
    return startWebgpu(gpu.adapter)
  }
  if (gpu.adapter && !gpu.software) return startWebgpu(gpu.adapter)
  const reason = gpu.adapter ? `its only WebGPU adapter is software (${nameOf(gpu.adapter)})` : gpu.why
  try {
    return await startWasm(wasmPaths, `WebGPU not used: ${reason}`)
  } catch {
    return start('cpu', `plain JavaScript; WebGPU not used: ${reason}; WebAssembly did not start`)
  }
}

async function start(backend: Backend, device: string): Promise<StartedBackend> {
  if (!(await tf.setBackend(backend)))
    throw new BackendError(`The ${backend} backend did not start. Try backend=auto.`)
  return { backend, device }
}

async function startWasm(paths: WasmPaths, why: string): Promise<StartedBackend> {
  // The paths may be set once only, before the first start.
  if (tf.engine().registry.wasm === undefined) setWasmPaths(paths as string | Record<string, string>)
  await start('wasm', '')
  const threads = (await tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT')) ? getThreadsCount() : 1
  const isolation =
    threads > 1 || globalThis.crossOriginIsolated !== false ? '' : ', no threads: page not isolated'
  return {
    backend: 'wasm',
    device: `WebAssembly, ${threads} ${threads === 1 ? 'thread' : 'threads'}${isolation} (${why})`,
  }
}

async function startWebgpu(adapter: GPUAdapter): Promise<StartedBackend> {
  await import('@tensorflow/tfjs-backend-webgpu')
  tf.env().set('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE', 128)
  tf.env().set('WEBGPU_CPU_FORWARD', false)
  // 3 = packed for all shapes: the split-K program is wrong with transposed operands and sums in arrival order.
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', 3)
  return start('webgpu', `WebGPU, ${nameOf(adapter)}`)
}

type Gpu =
  | { readonly adapter: GPUAdapter; readonly software: boolean }
  | { readonly adapter: null; readonly why: string; readonly problem: string }

async function findGpu(): Promise<Gpu> {
  if (typeof process === 'object' && process.versions?.node)
    return {
      adapter: null,
      why: 'Node has none',
      problem: 'Node has no WebGPU: use --backend wasm here, or open the page in a browser that has it.',
    }
  const gpu: GPU | undefined = globalThis.navigator?.gpu
  if (!gpu)
    return {
      adapter: null,
      why: 'this browser has none',
      problem:
        'This browser has no WebGPU: open the page over https or localhost in Chrome or Edge, or in Safari 26, or use backend=wasm.',
    }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter)
    return {
      adapter: null,
      why: 'this browser found no GPU',
      problem:
        'The browser knows WebGPU but found no GPU: turn hardware acceleration on in its settings, or use backend=wasm.',
    }
  const software = adapter.info.isFallbackAdapter || softwareNames.test(nameOf(adapter))
  return { adapter, software }
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i

function nameOf({ info }: GPUAdapter): string {
  const names = [info.vendor, info.architecture, info.device, info.description]
  return [...new Set(names.filter(Boolean))].join(' ') || 'unnamed adapter'
}
