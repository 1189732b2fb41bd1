/**
 * The compute worker: the engine behind comlink. Everything that needs a worker or a bundler stands here and nowhere
 * else: the WebAssembly binaries' addresses, fetching models, the message port.
 */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import { expose } from 'comlink'
import { loadGpt2 } from '../model/gpt2'
import { startBackend } from './backend'
import { downloadModel } from './download'
import { createEngine } from './engine'

/** Absolute, since the threaded build's own workers start from a blob and know no base address. */
const absolute = (url: string): string => new URL(url, self.location.href).href

const wasmPaths = {
  'tfjs-backend-wasm.wasm': absolute(plain),
  'tfjs-backend-wasm-simd.wasm': absolute(simd),
  'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
}

const engine = createEngine({
  async load({ modelUrl, backend: choice }, onProgress) {
    const files = await downloadModel(absolute(modelUrl), (done, total) =>
      onProgress({ stage: 'downloading', done, total }),
    )
    onProgress({ stage: 'starting', done: 0, total: 1 })
    const { backend, device } = await startBackend(choice, wasmPaths)
    const model = loadGpt2(files, backend)
    onProgress({ stage: 'starting', done: 1, total: 1 })
    return { model, device }
  },
})

expose(engine)
