/**
 * @genai-fi/nanogpt: its first model with its own LoRA, AdamW and trainer, driven one `trainStep` at a time. The model is
 * no GPT-2 (root-mean-square norms, rotary positions, no biases), but its products have the same sizes, so that steps
 * compare at equal FLOPs. It has no kernels for WebAssembly. Without a GPU it runs on webgl, in software where there is
 * nothing else: slower than its plain JavaScript nowhere we looked, and right, which those kernels are not (version
 * 1.3.0 leaves out the activation there).
 */
import { models, TeachableLLM } from '@genai-fi/nanogpt'
import * as tf from '@tensorflow/tfjs-core'
// The package's only exported trainer wants a tokenizer and a corpus; this is the step inside it.
import BasicTrainer from '../node_modules/@genai-fi/nanogpt/dist/training/BasicTrainer.js'
import { adam, adapter, contextLength } from '../shapes'
import type { Peer } from './peer'

/** Opens what the package keeps to its subclasses. */
class Trainer extends BasicTrainer {
  update(batch: { xs: tf.Tensor; ys: tf.Tensor }): tf.Scalar {
    return this.trainStep({}, batch)
  }
}

export function nanogptTrainer(): Peer {
  let step: () => Promise<number>
  let dispose = () => {}
  return {
    name: 'nanogpt',
    async prepare({ shape, targets, weights, adapter: pairs, batch: batchOf }, { backend }) {
      const chosen = backend === 'webgpu' ? 'webgpu' : 'webgl'
      await TeachableLLM.selectBackend(chosen)
      const model = new models.NanoGPTV1({
        modelType: 'GenAI_NanoGPT_v1',
        vocabSize: shape.vocabulary,
        blockSize: contextLength(shape),
        nLayer: shape.layers,
        nHead: shape.heads,
        nEmbed: shape.width,
        mlpFactor: 4,
        useRope: true,
      })
      const tensors = new Map([...weights].map(([name, { shape, data }]) => [name, { shape, data }]))
      const named: [string, string][] = [
        ['token_embedding', 'wte'],
        ['final_rms_norm', 'ln_f'],
      ]
      for (let block = 0; block < shape.layers; block++)
        named.push(
          [`block_${block}_rms1`, `h.${block}.ln_1`],
          [`block_${block}_cAttn`, `h.${block}.attn.c_attn`],
          [`block_${block}_cProj`, `h.${block}.attn.c_proj`],
          [`block_${block}_rms2`, `h.${block}.ln_2`],
          [`block_${block}_mlpHidden`, `h.${block}.mlp.c_fc`],
          [`block_${block}_mlpOut`, `h.${block}.mlp.c_proj`],
        )
      const upload = ({ shape, data }: { shape: readonly number[]; data: Float32Array }) =>
        tf.tensor(data, [...shape])
      const frozen = named.map(([own, name]) => [own, [upload(tensors.get(`${name}.weight`)!)]] as const)
      model.weightStore.loadWeights(new Map(frozen) as unknown as Map<string, tf.Tensor[]>, true)

      const variables = { c_attn: ['*_cAttn'], c_fc: ['*_mlpHidden'], c_proj: ['*_cProj', '*_mlpOut'] }
      model.createLoRA('bench', { ...adapter, variables: targets.flatMap((target) => variables[target]) })
      model.attachLoRA('bench')
      for (const { layer, a } of pairs) {
        const own = named.find(([, name]) => name === layer)![0]
        const factor = tf.tidy(() => tf.transpose(tf.tensor2d(a.data, a.shape as [number, number]))) // [in, rank]
        model.weightStore.getRawVariable(`${own}_bench_loraA`).assign(factor)
        factor.dispose()
      }
      const { learningRate, beta1, beta2, epsilon } = adam
      const constant = { warmupSteps: 0, decayEpochs: 1e6, epochSteps: 1e6, minLearningRate: learningRate }
      const trainer = new Trainer(model as never, null as never, {
        learningRate,
        beta1,
        beta2,
        epsilon,
        weightDecay: 0,
        ...constant,
      })
      let steps = 0
      step = async () => {
        const { ids, targets } = batchOf(steps++)
        const sides: [number, number] = [shape.batch, shape.time]
        const xs = tf.tensor2d(ids, sides, 'int32')
        const ys = tf.tensor2d(targets, sides, 'int32')
        const loss = trainer.update({ xs, ys })
        const [value] = await loss.data()
        tf.dispose([xs, ys, loss])
        return value
      }
      dispose = () => {
        trainer.dispose()
        model.dispose()
      }
      return `nanogpt, ${chosen}${chosen === 'webgl' ? ': it has no WebAssembly kernels' : ''}`
    },
    step: () => step(),
    dispose: () => dispose(),
  }
}
