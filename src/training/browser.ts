/**
 * How a worker of a page opens a model: everything that needs a browser or a bundler stands here and nowhere else, the
 * WebAssembly binaries' addresses and where models are kept. The compute worker and the Lab's open theirs by it.
 */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { loadSimd } from '../kernels/simd/load'
import ownPlain from '../kernels/simd/simd.wasm?url'
import ownRelaxed from '../kernels/simd/simd-relaxed.wasm?url'
import sharedRelaxed from '../kernels/simd/simd-relaxed-shared.wasm?url'
import sharedPlain from '../kernels/simd/simd-shared.wasm?url'
import { startHandInBrowser } from '../kernels/simd/threads/inBrowser'
import { tuningPlanner } from '../kernels/wgsl/autotune'
import type { LanguageModel } from '../model/languageModel'
import { openDisk } from '../model/source/download/opfs'
import { memoryStore } from '../model/source/download/store'
import { sourceNamed } from '../model/source/named'
import type { ModelSource } from '../model/source/source'
import type { LoadProgress, OpenRequest } from './compute'
import { sharedCores } from './cores'
import { keptPlans } from './keptPlans'
import { noForms, packedFormsIn } from './loading/packedForms'
import { type Loading, loadModel } from './loadModel'
import { openMachine, type Premises } from './openMachine'

/** Absolute, since the threaded build's own workers start from a blob and know no base address. */
const absolute = (url: string): string => new URL(url, self.location.href).href

const fetchBytes = async (url: string): Promise<ArrayBuffer> => (await fetch(absolute(url))).arrayBuffer()

const tab: Premises = {
  wasmPaths: {
    'tfjs-backend-wasm.wasm': absolute(plain),
    'tfjs-backend-wasm-simd.wasm': absolute(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
  },
  async loadSimd(isShared) {
    const binaries = isShared ? [sharedPlain, sharedRelaxed] : [ownPlain, ownRelaxed]
    const [plain, relaxed] = await Promise.all(binaries.map(fetchBytes))
    return loadSimd({ plain, relaxed }, isShared)
  },
  cores: self.crossOriginIsolated
    ? sharedCores({
        cores: navigator.hardwareConcurrency,
        locks: navigator.locks,
        own: crypto.randomUUID(),
        startHand: startHandInBrowser,
      })
    : null,
  findGpu: async () => navigator.gpu ?? null,
  withoutGpu: {
    why: 'this browser has none',
    problem:
      'This browser has no WebGPU: open the page over https or localhost in Chrome or Edge, or in Safari 26, or use backend=wasm.',
  },
  withoutAdapter: 'turn hardware acceleration on in the browser’s settings, or use backend=wasm',
  openPlanner: (device, name, offered) => tuningPlanner(device, name, offered, keptPlans),
}

/** Whether this browser has a disk for files. */
export const keepsFiles = async (): Promise<boolean> => (await openDisk()) !== null

/** Loads what is asked for; with `source` that instead of the model's own files. */
export async function loadInBrowser(
  {
    model,
    backend,
    precision,
    depth,
    batch,
  }: Pick<OpenRequest, 'model' | 'backend' | 'precision' | 'depth' | 'batch'>,
  onProgress: (progress: LoadProgress) => void = () => {},
  how?: Pick<Loading, 'partOf' | 'meanwhile'>,
  source?: ModelSource,
): Promise<LanguageModel> {
  const machine = await openMachine(backend, tab)
  const disk = await openDisk()
  const from = source ?? sourceNamed(model, self.location.href, disk ?? memoryStore())
  const forms = disk ? packedFormsIn(disk) : noForms
  return loadModel(from, machine, { precision, depth, batch, forms, ...how }, onProgress)
}
