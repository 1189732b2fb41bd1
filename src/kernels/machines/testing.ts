/**
 * For tests of kernels: the same lines on every machine of this computer. `machines()` opens tfjs on cpu and wasm, our
 * SIMD functions, and, where the system has a Vulkan driver, WebGPU through Dawn; SwiftShader, which comes with Chromium,
 * is enough. A kernel's test asks all of them and compares.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import * as tf from '@tensorflow/tfjs-core'
import { slowOnSoftwareGpus } from '../../../tools/test/softwareGpu'
import type { Shape } from '../program'
import { ProgramBuilder, type Value } from '../program'
import { loadSimdInNode } from '../simd/load'
import { plannerByRule } from '../wgsl/plans'
import { openGpu } from './gpu'
import { type Inputs, type Machine, upload } from './machine'
import { openTfjsMachine } from './tfjs'
import { openWasmMachine } from './wasm'
import { openWebgpuMachine } from './webgpu'

/** Dawn crashes where this is collected while its devices live. */
let dawn: GPU | null = null

/** What a test says that needs a GPU, where `openDawnAdapter` finds none. */
export const noGpu = 'There is no Vulkan driver on this computer, so nothing was computed on a GPU.'

/** A device of Dawn, null where this computer has no Vulkan driver (tools/test/vulkan.ts looks for one). */
export async function openDawnAdapter(): Promise<GPUAdapter | null> {
  const { create, globals } = await import('webgpu')
  Object.assign(globalThis, globals)
  // Subgroup matrices are among what Dawn calls unsafe.
  dawn ??= create([`disable-dawn-features=${slowOnSoftwareGpus}`, 'enable-dawn-features=allow_unsafe_apis'])
  return dawn.requestAdapter()
}

let opened: Promise<ReadonlyMap<string, Machine>> | null = null

/** Machines that every computer has. */
export const plainMachines = ['cpu', 'tfjs-wasm', 'wasm'] as const

/** All machines of this computer by name: `cpu`, `tfjs-wasm`, `wasm`, and `webgpu` where there is one. */
export const machines = (): Promise<ReadonlyMap<string, Machine>> => (opened ??= openAll())

/** Starts tfjs' own backends of this computer. */
async function startTestBackends(): Promise<void> {
  tf.enableProdMode()
  const binaries = dirname(
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json'),
  )
  setWasmPaths(join(binaries, 'dist/'))
  for (const backend of ['cpu', 'wasm']) await tf.setBackend(backend)
}

async function openAll(): Promise<ReadonlyMap<string, Machine>> {
  await startTestBackends()
  const all = new Map([
    ['cpu', openTfjsMachine('cpu', 'plain JavaScript')],
    ['tfjs-wasm', openTfjsMachine('wasm', 'tfjs')],
    ['wasm', openWasmMachine(await loadSimdInNode(), 'SIMD')],
  ])
  const adapter = await openDawnAdapter()
  if (adapter) all.set('webgpu', openWebgpuMachine(await openGpu(adapter, 'Dawn', () => plannerByRule)))
  return all
}

/**
 * Builds a program, runs it once and gives back the results that `build` returned. `numbers` holds what the program names:
 * inputs, weights, which are uploaded, and states, which are written before the run.
 */
export async function runOn(
  machine: Machine,
  build: (program: ProgramBuilder) => Readonly<Record<string, Value | null | undefined>>,
  numbers: Inputs,
): Promise<Readonly<Record<string, Float32Array>>> {
  const builder = new ProgramBuilder()
  const results = Object.entries(build(builder)).filter((entry): entry is [string, Value] => entry[1] != null)
  for (const [name, value] of results) builder.result(name, value)
  const program = builder.build('test')

  const weights = machine.openWeights()
  for (const [name, { shape, source }] of program.weights)
    if (source.kind === 'weight')
      await upload(weights, name, shape as Shape, numbers[name] as Float32Array, source.format)
  const session = machine.openSession(weights)
  const runnable = await session.compile(program)
  for (const name of program.states.keys()) if (numbers[name]) session.write(name, numbers[name])
  const read = await runnable.run(
    numbers,
    results.map(([name]) => name),
  )
  session.dispose()
  weights.dispose()
  return read
}

/** The largest absolute difference over the largest absolute value of the second. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let [difference, largest] = [0, 0]
  for (let index = 0; index < expected.length; index++) {
    difference = Math.max(difference, Math.abs(actual[index] - expected[index]))
    largest = Math.max(largest, Math.abs(expected[index]))
  }
  return difference / Math.max(largest, 1e-30)
}

/**
 * The gradient of Σ f(x) c by central differences in 64-bit sums, where f runs on `machine` (the composites on cpu are
 * the reference). Compare with what a gradient kernel gives for dy = c.
 */
export async function numericGradient(
  f: (x: Float32Array) => Promise<Float32Array>,
  x: Float32Array,
  c: Float32Array,
  step = 1e-2,
): Promise<Float32Array> {
  const objective = async (moved: Float32Array): Promise<number> =>
    (await f(moved)).reduce((sum, value, index) => sum + value * c[index], 0)
  const gradient = new Float32Array(x.length)
  for (let index = 0; index < x.length; index++) {
    const [up, down] = [x.slice(), x.slice()]
    up[index] += step
    down[index] -= step
    gradient[index] = ((await objective(up)) - (await objective(down))) / (2 * step)
  }
  return gradient
}
