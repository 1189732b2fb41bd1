/**
 * The WebGPU device that everything on this page computes on: asked for with the adapter's own limits, since WebGPU's
 * defaults would not bind a large embedding, and handed to tfjs as its `webgpu` backend, so that composites and our shaders
 * run on one device and one queue. What goes wrong on it is never silent: errors that nobody awaits are reported, and a
 * device that the system takes away ends `life`.
 */

import { oneByOne } from '../../lib/async'
import { type Lifetime, lifetime } from '../../lib/lifetime'
import { clause } from '../../lib/sentence'
import type { GpuTraits } from '../kernel'
import { halfFeatures, type OfferedHalves, offeredHalves } from '../wgsl/halves/candidates'
import type { Planner } from '../wgsl/plans'
import type { InTurn } from './gpuMemory'
import { MachineLost } from './machine'

export interface Gpu {
  readonly device: GPUDevice
  /** The adapter's name, for people and for caches. */
  readonly name: string
  /** Features that the adapter reported and then refused: the device has none of them. */
  readonly refused: readonly string[]
  readonly traits: GpuTraits
  /** Decides how products are cut here; `traits` ask it. */
  readonly planner: Planner
  /** Ends with a `MachineLost` when the device is gone. */
  readonly life: Lifetime
  /** For trials, whose times count, and for weights, which come while programs are compiled and would disturb them. */
  readonly inTurn: InTurn
}

const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
] as const

/** Timestamps, for finding plans, and what products of float16 need. */
const wantedFeatures: readonly string[] = ['timestamp-query', ...halfFeatures]

/** Who decides how products are cut on a device (wgsl/plans.ts, wgsl/autotune.ts). */
export type OpenPlanner = (device: GPUDevice, name: string, offered: OfferedHalves) => Planner

/** Throws where the adapter gives no device. */
export async function openGpu(adapter: GPUAdapter, name: string, openPlanner: OpenPlanner): Promise<Gpu> {
  const { device, refused } = await requestDevice(adapter)
  device.addEventListener('uncapturederror', ({ error }) => console.error('WebGPU:', error.message))
  const life = lifetime()
  void device.lost.then(({ reason, message }) =>
    life.end(new MachineLost(`The GPU was taken away: ${clause(message) || 'no message'} (${reason}).`)),
  )
  const planner = openPlanner(device, name, offeredHalves(device.features, adapter.info))
  const traits: GpuTraits = {
    name,
    planFor: (product) => planner.planFor(product),
    maxWorkgroupStorageBytes: device.limits.maxComputeWorkgroupStorageSize,
    maxInvocations: device.limits.maxComputeInvocationsPerWorkgroup,
  }
  return { device, name, refused, traits, planner, life, inTurn: oneByOne() }
}

/** Where an adapter refuses features that it reports, it is asked again for none. Throws where it refuses that, too. */
async function requestDevice(
  adapter: GPUAdapter,
): Promise<{ readonly device: GPUDevice; readonly refused: readonly string[] }> {
  const requiredLimits = Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]]))
  const reported = wantedFeatures.filter((feature) => adapter.features.has(feature))
  // The types know only the names that are no longer experimental.
  const requiredFeatures = reported as GPUFeatureName[]
  try {
    return { device: await adapter.requestDevice({ requiredLimits, requiredFeatures }), refused: [] }
  } catch {
    return { device: await adapter.requestDevice({ requiredLimits }), refused: reported }
  }
}

/** Makes tfjs compute on this device when its `webgpu` backend is asked for. */
export async function lendToTfjs({ device }: Gpu, info: GPUAdapterInfo): Promise<void> {
  const [tf, { WebGPUBackend }] = await Promise.all([
    import('@tensorflow/tfjs-core'),
    import('@tensorflow/tfjs-backend-webgpu'),
  ])
  tf.env().set('WEBGPU_CPU_FORWARD', false)
  // 3 = packed for all shapes: the split-K program is wrong with transposed operands and sums in arrival order.
  tf.env().set('WEBGPU_MATMUL_PROGRAM_TYPE', 3)
  if (tf.findBackendFactory('webgpu')) tf.removeBackend('webgpu')
  tf.registerBackend('webgpu', () => new WebGPUBackend(device, info))
}

/** What runs it, for people. */
export function deviceOf({ name, refused }: Gpu): string {
  if (refused.length === 0) return `WebGPU, ${name}`
  return `WebGPU, ${name}, without ${refused.join(', ')}, which it reports and refuses`
}
