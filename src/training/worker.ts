/**
 * The compute worker: the engine behind comlink. Everything that needs a worker or a bundler stands here and nowhere
 * else: the WebAssembly binaries' addresses, where models are kept, the message port.
 */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { expose } from 'comlink'
import { loadSimd } from '../kernels/simd/load'
import ownPlain from '../kernels/simd/simd.wasm?url'
import ownRelaxed from '../kernels/simd/simd-relaxed.wasm?url'
import { tuneTiles } from '../kernels/wgsl/autotune'
import { openStore } from '../model/source/download/opfs'
import { sourceNamed } from '../model/source/named'
import { createEngine } from './engine'
import { keptTiles } from './keptTiles'
import { loadModel } from './loadModel'
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
  async loadSimd() {
    const [plain, relaxed] = await Promise.all([ownPlain, ownRelaxed].map(fetchBytes))
    return loadSimd({ plain, relaxed })
  },
  findGpu: async () => navigator.gpu ?? null,
  withoutGpu: {
    why: 'this browser has none',
    problem:
      'This browser has no WebGPU: open the page over https or localhost in Chrome or Edge, or in Safari 26, or use backend=wasm.',
  },
  tune: (device, name) => tuneTiles(device, name, keptTiles),
}

const engine = createEngine({
  async load({ model, backend, precision }, onProgress) {
    const machine = await openMachine(backend, tab)
    const source = sourceNamed(model, self.location.href, await openStore())
    return loadModel(source, machine, precision, onProgress)
  },
})

expose(engine)
