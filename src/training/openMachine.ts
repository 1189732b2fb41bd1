/**
 * Chooses and opens the machine that computes: WebGPU where there is a real GPU that proves itself, our SIMD functions in
 * WebAssembly otherwise, tfjs where a browser has no SIMD, plain JavaScript last. A software rasteriser that poses as a GPU
 * is about ten times slower than WebAssembly, so `auto` passes it by; a backend asked for by name is obeyed or refused,
 * never exchanged. The machine's `device` says what runs and why nothing faster does.
 */
import { sentence } from '../lib/sentence'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import type { Backend } from '../kernels/activate'
import { lendToTfjs, type OpenPlanner, openGpu } from '../kernels/machines/gpu'
import type { Machine } from '../kernels/machines/machine'
import { openTfjsMachine } from '../kernels/machines/tfjs'
import { openWasmMachine } from '../kernels/machines/wasm'
import type { Cores } from '../kernels/machines/wasmMemory'
import { openWebgpuMachine } from '../kernels/machines/webgpu'
import type { SimdModule } from '../kernels/simd/load'
import { plannerByRule } from '../kernels/wgsl/plans'
import type { BackendChoice } from './compute'
import { complaintAbout } from './proof'

/** Where the three binaries of tfjs lie: a directory with a trailing slash, or an address for each file name. */
export type WasmPaths = string | Readonly<Record<string, string>>

/** What differs between a tab and Node. */
export interface Premises {
  readonly wasmPaths: WasmPaths
  /** Our own binary, of those whose memory threads share or of the others. Throws where the browser cannot run it. */
  loadSimd(isShared: boolean): Promise<SimdModule>
  /** Which of this computer's cores may help; null where threads cannot share a memory. */
  readonly cores: Cores | null
  /** What WebGPU is here, and the words for having none. */
  findGpu(): Promise<GPU | null>
  readonly withoutGpu: { readonly why: string; readonly problem: string }
  /** What to do where there is WebGPU and no GPU behind it. */
  readonly withoutAdapter: string
  /** Who decides how products are cut on a GPU. */
  readonly openPlanner: OpenPlanner
}

/** A backend that was asked for by name and cannot run here. The message says what to do. */
export class BackendError extends Error {
  override name = 'BackendError'
}

/** Throws a `BackendError` where the choice cannot be had. */
export async function openMachine(choice: BackendChoice, premises: Premises): Promise<Machine> {
  tf.enableProdMode()
  if (choice === 'cpu') return openPlain('plain JavaScript, as asked')
  if (choice === 'wasm') return openWasm(premises, 'as asked')

  const found = await findAdapter(premises)
  if (choice === 'webgpu') {
    if (!found.adapter) throw new BackendError(found.problem)
    const { machine, complaint } = await openWebgpu(found, premises)
    if (complaint)
      throw new BackendError(`${sentence(`This GPU computes wrongly: ${complaint}`)} Use backend=wasm.`)
    return machine
  }
  let reason: string
  if (found.adapter && !found.software) {
    const { machine, complaint } = await openWebgpu(found, premises)
    if (!complaint) return machine
    reason = `the GPU computes wrongly (${complaint})`
  } else reason = found.adapter ? `its only WebGPU adapter is software (${nameOf(found.adapter)})` : found.why
  try {
    return await openWasm(premises, `WebGPU not used: ${reason}`)
  } catch {
    return openPlain(`plain JavaScript; WebGPU not used: ${reason}; WebAssembly did not start`)
  }
}

async function openPlain(device: string): Promise<Machine> {
  await startTfjs('cpu')
  return openTfjsMachine('cpu', device)
}

async function openWasm({ loadSimd, cores, wasmPaths }: Premises, why: string): Promise<Machine> {
  try {
    const isShared = cores !== null && cores.most > 1
    // Where so much memory cannot be set apart for sharing, one thread has one that grows.
    const module = await loadSimd(isShared).catch(() => loadSimd(false))
    const simd = module.relaxed ? 'relaxed SIMD' : 'SIMD'
    const threads = module.shared && cores ? `, up to ${cores.most} threads` : ''
    return openWasmMachine(module, `WebAssembly, ${simd}${threads} (${why})`, cores)
  } catch {
    // The paths may be set once only, before the first start.
    if (tf.engine().registry.wasm === undefined) setWasmPaths(wasmPaths as string | Record<string, string>)
    await startTfjs('wasm')
    return openTfjsMachine('wasm', `WebAssembly by tfjs, since this browser has no SIMD (${why})`)
  }
}

async function openWebgpu(
  { adapter, software }: Found & { adapter: GPUAdapter },
  { openPlanner }: Premises,
): Promise<{ machine: Machine; complaint: string | null }> {
  const gpu = await openGpu(adapter, nameOf(adapter), software ? () => plannerByRule : openPlanner)
  await lendToTfjs(gpu, adapter.info)
  const machine = openWebgpuMachine(gpu)
  // A software adapter, taken only by name, compiles for a minute; it is a driver that our own tests run on.
  if (software) return { machine, complaint: null }
  await startTfjs('cpu')
  return { machine, complaint: await complaintAbout(machine, openTfjsMachine('cpu', '')) }
}

async function startTfjs(backend: Backend): Promise<void> {
  if (!(await tf.setBackend(backend)))
    throw new BackendError(`The ${backend} backend did not start. Try backend=auto.`)
}

type Found =
  | { readonly adapter: GPUAdapter; readonly software: boolean }
  | { readonly adapter: null; readonly why: string; readonly problem: string }

async function findAdapter({ findGpu, withoutGpu, withoutAdapter }: Premises): Promise<Found> {
  const gpu = await findGpu()
  if (!gpu) return { adapter: null, ...withoutGpu }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter)
    return {
      adapter: null,
      why: 'no GPU was found',
      problem: `WebGPU is here but found no GPU: ${withoutAdapter}.`,
    }
  const software = adapter.info.isFallbackAdapter || softwareNames.test(nameOf(adapter))
  return { adapter, software }
}

const softwareNames = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|\bwarp\b/i

function nameOf({ info }: GPUAdapter): string {
  const names = [info.vendor, info.architecture, info.device, info.description]
  return [...new Set(names.filter(Boolean))].join(' ') || 'unnamed adapter'
}
