/**
 * The engine without a browser: models from directories, WebAssembly binaries from node_modules, WebGPU by Dawn where the
 * package `webgpu` and a driver are there. The command line, the Lab's scripts and the tests open it. For Node only.
 */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { loadSimdInNode } from '../kernels/simd/load'
import { startHandInNode } from '../kernels/simd/threads/inNode'
import { plannerByRule } from '../kernels/wgsl/plans'
import { type FoundModel, findModel } from '../model/checkpoint/openModel'
import type { LanguageModel } from '../model/languageModel'
import { directorySource } from '../model/source/directory'
import { isWhole, wholePart } from '../model/stretch'
import type { BackendChoice, Compute, Precision } from './compute'
import { ownCores } from './cores'
import { createEngine } from './engine'
import { loadFound, type PartOf } from './loadModel'
import { openMachine, type Premises } from './openMachine'

/** A model directory of which everything small was read and checked. */
export interface FoundDirectory extends Pick<FoundModel, 'config' | 'tokenizer'> {
  /** Its weights; asked for again they are the same. A part of them is loaded for whoever asks. */
  load(partOf?: PartOf): Promise<LanguageModel>
}

const found = new Map<string, Promise<FoundDirectory>>()

/**
 * Finds a model directory; whoever names the same directory, backend, precision, depth and threads shares one set of weights.
 * @param depth its first layers alone, as a shorter model; null: all of it
 * @param threads so many compute together where the processor does it; whoever runs several engines at once lets each have one
 */
export function findDirectory(
  directory: string,
  choice: BackendChoice,
  precision: Precision = 'auto',
  depth: number | null = null,
  threads = 1,
): Promise<FoundDirectory> {
  const key = `${choice} ${precision} ${depth} ${threads} ${directory}`
  if (!found.has(key)) {
    const finding = find({ directory, choice, precision, depth, threads }, () => found.delete(key))
    finding.catch(() => found.delete(key))
    found.set(key, finding)
  }
  return found.get(key)!
}

interface Finding {
  readonly directory: string
  readonly choice: BackendChoice
  readonly precision: Precision
  readonly depth: number | null
  readonly threads: number
}

async function find(
  { directory, choice, precision, depth, threads }: Finding,
  onFailure: () => void,
): Promise<FoundDirectory> {
  const machine = await openMachine(choice, premisesInNode(threads))
  const model = await findModel(directorySource(directory), depth)
  let loading: Promise<LanguageModel> | null = null
  const load = (partOf: PartOf = wholePart) => {
    if (!isWhole(partOf(model.config), model.config)) return loadFound(model, machine, { precision, partOf })
    loading ??= loadFound(model, machine, { precision })
    loading.catch(onFailure)
    return loading
  }
  return { config: model.config, tokenizer: model.tokenizer, load }
}

/** Loads a model directory. */
export const loadDirectory = async (
  directory: string,
  choice: BackendChoice,
  precision: Precision = 'auto',
): Promise<LanguageModel> => (await findDirectory(directory, choice, precision)).load()

/** An engine for Node: a request's `model` is a directory's path. */
export const openHeadless = (): Compute =>
  createEngine({
    load: async ({ model, backend, precision, depth }, _, how) =>
      (await findDirectory(model, backend, precision, depth)).load(how?.partOf),
  })

/** Dawn crashes where this is collected while its devices live. */
let dawn: GPU | null = null

/** @param threads of a machine that computes on the processor */
export const premisesInNode = (threads: number): Premises => ({
  wasmPaths: join(
    dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/package.json')),
    'dist/',
  ),
  loadSimd: loadSimdInNode,
  cores: threads > 1 ? ownCores(threads, startHandInNode) : null,
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
  withoutAdapter: 'install its Vulkan driver, or use --backend wasm',
  openPlanner: () => plannerByRule,
})
