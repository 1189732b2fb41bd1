/** The worker that one run lives in: hooks first, then the peer. It answers one message with one message. */
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'
import ortGpu from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'
import ortCpu from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url'
import gossamerSimd from '../../src/kernels/simd/simd.wasm?url'
import gossamerRelaxed from '../../src/kernels/simd/simd-relaxed.wasm?url'
import gossamerSharedRelaxed from '../../src/kernels/simd/simd-relaxed-shared.wasm?url'
import gossamerShared from '../../src/kernels/simd/simd-shared.wasm?url'
import transformersWasm from '../node_modules/@huggingface/transformers/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify.wasm?url'
import type { Job } from '../plan'
import { installCounters } from './counters'
import { measure } from './measure'
import { beLikeAPhone } from './phone'
import { installProfiler } from './profile'

const counters = installCounters()
const absolute = (url: string): string => new URL(url, self.location.href).href

self.onmessage = async ({ data: job }: MessageEvent<Job>) => {
  const wasm = {
    'tfjs-backend-wasm.wasm': absolute(plain),
    'tfjs-backend-wasm-simd.wasm': absolute(simd),
    'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
    'simd.wasm': absolute(gossamerSimd),
    'simd-relaxed.wasm': absolute(gossamerRelaxed),
    'simd-shared.wasm': absolute(gossamerShared),
    'simd-relaxed-shared.wasm': absolute(gossamerSharedRelaxed),
    'ort-wasm-simd-threaded.wasm': absolute(ortCpu),
    'ort-wasm-simd-threaded.asyncify.wasm': absolute(ortGpu),
    'transformers.wasm': absolute(transformersWasm),
  }
  if (job.phone) beLikeAPhone(navigator.gpu)
  try {
    const profiler = job.profile ? installProfiler() : null
    postMessage({ run: await measure(job, { backend: job.backend, wasm }, counters, profiler) })
  } catch (problem) {
    postMessage({ problem: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) })
  }
}
