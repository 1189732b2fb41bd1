/**
 * tfjs has one active backend per process; we have models on several (tests compare them, the Lab mixes them). So whoever
 * runs kernels names the backend first. Once a backend is started, switching is synchronous: no await lies between
 * `activate` and the kernels that follow it.
 */
import * as tf from '@tensorflow/tfjs-core'

export type Backend = 'webgpu' | 'wasm' | 'cpu'

/** Makes a started backend the one that runs the following kernels. */
export function activate(backend: Backend): void {
  if (tf.getBackend() !== backend) void tf.setBackend(backend)
}
