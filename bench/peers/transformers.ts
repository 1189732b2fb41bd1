/**
 * transformers.js, as somebody would use it to write text in a browser: its own loop, cache and choice of tokens over the same ONNX
 * file as `ort.ts`, whose engine it brings in a version of its own. It looks for files at addresses; here it finds them in
 * memory, so that nothing leaves this machine.
 */
import type { TextStreamer } from '@huggingface/transformers'
import { gpt2Onnx } from './onnx'
import type { Generator } from './peer'

const folder = 'gpt2'

export function transformersGenerator(): Generator {
  let generate: Generator['generate']
  let dispose: Generator['dispose'] = () => {}
  return {
    name: 'transformers',
    async prepare({ shape, weights, prompt, tokens }, { backend, wasm }) {
      const { AutoModelForCausalLM, BaseStreamer, env, Tensor } = await import('@huggingface/transformers')
      const { layers, heads, width, vocabulary } = shape
      const config = {
        model_type: 'gpt2',
        architectures: ['GPT2LMHeadModel'],
        n_layer: layers,
        n_head: heads,
        n_embd: width,
        vocab_size: vocabulary,
      }
      const files = new Map<string, BlobPart>([
        ['config.json', JSON.stringify(config)],
        ['generation_config.json', JSON.stringify({})],
        ['onnx/model.onnx', gpt2Onnx(shape, weights) as Uint8Array<ArrayBuffer>],
      ])
      const found = (address: string) =>
        [...files].find(([name]) => address.endsWith(`${folder}/${name}`))?.[1]
      env.allowRemoteModels = false
      env.allowLocalModels = true
      env.useBrowserCache = false
      env.useCustomCache = true
      env.customCache = {
        match: async (address: string) => {
          const file = found(address)
          return file === undefined ? undefined : new Response(file)
        },
        put: async () => {},
      }
      env.backends.onnx.wasm!.wasmPaths = { wasm: wasm['transformers.wasm'] }
      const model = await AutoModelForCausalLM.from_pretrained(folder, { device: backend, dtype: 'fp32' })
      dispose = async () => void (await model.dispose())
      const ids = new Tensor('int64', BigInt64Array.from(prompt, BigInt), [1, prompt.length])
      generate = async (onToken) => {
        /** It is first shown the prompt, then each token as it is chosen. */
        class Listener extends BaseStreamer {
          isPrompt = true
          override put(chosen: bigint[][]) {
            if (!this.isPrompt) for (const id of chosen[0]) onToken(Number(id))
            this.isPrompt = false
          }
          override end() {}
        }
        await model.generate({
          inputs: ids,
          max_new_tokens: tokens,
          min_new_tokens: tokens,
          do_sample: false,
          // Its types ask for the one kind of listener that writes text.
          streamer: new Listener() as unknown as TextStreamer,
        })
      }
      return `transformers.js ${env.version}, ${backend}`
    },
    generate: (onToken) => generate(onToken),
    dispose: () => dispose(),
  }
}
