/**
 * ONNX Runtime Web, the engine under transformers.js: one session over the model as an ONNX file with a key-value cache,
 * in the package's build for the backend.
 * As transformers.js does, the cache stays on the device between tokens, and logits are read to choose the next one.
 */
import type { InferenceSession, Tensor } from 'onnxruntime-web'
import { argMax } from '../../src/model/sampling'
import { cacheNames, gpt2Onnx } from './onnx'
import type { Generator } from './peer'

export function ortGenerator(): Generator {
  let generate: Generator['generate']
  let session: InferenceSession
  return {
    name: 'ort',
    async prepare({ shape, weights, prompt, tokens }, { backend, wasm }) {
      const ort = await (backend === 'webgpu'
        ? import('onnxruntime-web/webgpu')
        : import('onnxruntime-web/wasm'))
      const binary = `ort-wasm-simd-threaded${backend === 'webgpu' ? '.asyncify' : ''}.wasm`
      ort.env.wasm.wasmPaths = { wasm: wasm[binary] }
      const names = cacheNames(shape.layers)
      const onDevice = Object.fromEntries(names.map((name) => [`present.${name}`, 'gpu-buffer'] as const))
      session = await ort.InferenceSession.create(gpt2Onnx(shape, weights), {
        executionProviders: [backend],
        ...(backend === 'webgpu' ? { preferredOutputLocation: onDevice } : {}),
      })

      const { heads, width } = shape
      const integers = (values: readonly number[]) =>
        new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length])
      const read = async (ids: readonly number[], past: number, cache: Record<string, Tensor>) => {
        const outputs = await session.run({
          input_ids: integers(ids),
          position_ids: integers(ids.map((_, index) => past + index)),
          attention_mask: integers(Array.from({ length: past + ids.length }, () => 1)),
          ...Object.fromEntries(names.map((name) => [`past_key_values.${name}`, cache[`present.${name}`]])),
        })
        for (const tensor of Object.values(cache)) tensor.dispose()
        return outputs as Record<string, Tensor>
      }
      generate = async (onToken) => {
        const nothing = () => new ort.Tensor('float32', new Float32Array(), [1, heads, 0, width / heads])
        const empty = Object.fromEntries(names.map((name) => [`present.${name}`, nothing()]))
        let outputs = await read(prompt, 0, empty)
        for (let count = 1; ; count++) {
          const { logits, ...cache } = outputs
          const id = argMax((await logits.getData()) as Float32Array)
          logits.dispose()
          onToken(id)
          if (count === tokens) {
            for (const tensor of Object.values(cache)) tensor.dispose()
            return
          }
          outputs = await read([id], prompt.length + count - 1, cache)
        }
      }
      return `ONNX Runtime Web ${ort.env.versions.web}, ${backend}`
    },
    generate: (onToken) => generate(onToken),
    dispose: () => session.release(),
  }
}
