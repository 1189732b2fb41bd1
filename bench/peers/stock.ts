/**
 * Stock tfjs: the model written with tfjs' own operations, gradients by `variableGrads`, the update by `train.adam`, as
 * the library's documentation teaches it. No setting of the library is touched.
 */
import '@tensorflow/tfjs-backend-cpu'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import '@tensorflow/tfjs-backend-webgpu'
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-core/dist/register_all_gradients'
import { adam, adapter, normEpsilon } from '../shapes'
import type { Generator, Peer, Surroundings } from './peer'

type Weights = ReadonlyMap<string, tf.Tensor>
type Factors = ReadonlyMap<string, { readonly a: tf.Variable; readonly b: tf.Variable }>
type Sizes = { readonly layers: number; readonly heads: number }

export async function start({ backend, wasm }: Surroundings): Promise<string> {
  if (backend === 'wasm') setWasmPaths({ ...wasm })
  await tf.setBackend(backend)
  await tf.ready()
  return `tfjs ${tf.version_core}, ${backend}`
}

export function stockTrainer(): Peer {
  let step: () => Promise<number>
  return {
    name: 'stock',
    async prepare({ shape, weights: raw, adapter: pairs, batch: batchOf }, surroundings) {
      const device = await start(surroundings)
      const weights = upload(raw)
      const lora: Factors = new Map(
        pairs.map(({ layer, a, b }) => [
          layer,
          {
            a: tf.variable(tf.tensor(a.data, [...a.shape])),
            b: tf.variable(tf.tensor(b.data, [...b.shape])),
          },
        ]),
      )
      const variables = [...lora.values()].flatMap(({ a, b }) => [a, b])
      const optimizer = tf.train.adam(adam.learningRate, adam.beta1, adam.beta2, adam.epsilon)
      const { batch, time, vocabulary } = shape
      let steps = 0
      step = async () => {
        const { ids, targets } = batchOf(steps++)
        const loss = tf.tidy(() => {
          const input = tf.tensor2d(ids, [batch, time], 'int32')
          const labels = tf.oneHot(tf.tensor1d(targets, 'int32'), vocabulary)
          const { value, grads } = tf.variableGrads(() => {
            const logits = tf.reshape(forward(input, weights, shape, lora), [batch * time, vocabulary])
            return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar
          }, variables)
          optimizer.applyGradients(grads as tf.NamedTensorMap & Record<string, tf.Variable>)
          return value
        })
        const [value] = await loss.data()
        loss.dispose()
        return value
      }
      return device
    },
    step: () => step(),
    dispose: () => tf.disposeVariables(),
  }
}

/** Generation with tfjs' own operations and no memory: each token costs the whole text, padded to one length. */
export function stockGenerator(): Generator {
  let generate: Generator['generate']
  return {
    name: 'stock',
    async prepare({ shape, weights: raw, prompt, tokens }, surroundings) {
      const device = await start(surroundings)
      const weights = upload(raw)
      const length = prompt.length + tokens
      generate = async (onToken) => {
        const text = new Int32Array(length)
        text.set(prompt)
        for (let position = prompt.length; position < length; position++) {
          const chosen = tf.tidy(() => {
            const logits = forward(tf.tensor2d(text, [1, length], 'int32'), weights, shape, null)
            return tf.argMax(tf.slice(logits, [0, position - 1, 0], [1, 1, -1]), -1)
          })
          const [id] = await chosen.data()
          chosen.dispose()
          text[position] = id
          onToken(id)
        }
      }
      return `${device}, without a cache`
    },
    generate: (onToken) => generate(onToken),
    dispose() {},
  }
}

const upload = (raw: ReadonlyMap<string, { shape: readonly number[]; data: Float32Array }>): Weights =>
  new Map([...raw].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape])]))

function forward(
  ids: tf.Tensor2D, // [batch, time]
  weights: Weights,
  { layers, heads }: Sizes,
  lora: Factors | null,
): tf.Tensor {
  const [batch, time] = ids.shape
  const embedding = weights.get('wte.weight')!
  const width = embedding.shape[1]!
  const rows = batch * time

  const norm = (x: tf.Tensor, name: string): tf.Tensor => {
    const { mean, variance } = tf.moments(x, -1, true)
    const normal = tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, normEpsilon)))
    return tf.add(tf.mul(normal, weights.get(`${name}.weight`)!), weights.get(`${name}.bias`)!)
  }
  const linear = (x: tf.Tensor, name: string): tf.Tensor => {
    const output = tf.add(tf.matMul(x, weights.get(`${name}.weight`)!), weights.get(`${name}.bias`)!)
    const factors = lora?.get(name)
    if (!factors) return output
    const update = tf.matMul(tf.matMul(x, factors.a, false, true), factors.b, false, true)
    return tf.add(output, tf.mul(update, adapter.alpha / adapter.rank))
  }
  const byHead = (x: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(x, [batch, time, heads, width / heads]), [0, 2, 1, 3])
  const mask = tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([time, time]), -1, 0)), -1e9) // [time, time]
  const attention = (qkv: tf.Tensor): tf.Tensor => {
    const [q, k, v] = tf.split(qkv, 3, 1).map(byHead) // each [batch, head, time, channel]
    const scores = tf.mul(tf.matMul(q, k, false, true), 1 / Math.sqrt(width / heads))
    const mixed = tf.matMul(tf.softmax(tf.add(scores, mask)), v)
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [rows, width])
  }

  const positions = tf.slice(weights.get('wpe.weight')!, [0, 0], [time, width])
  let x = tf.reshape(tf.add(tf.gather(embedding, ids), positions), [rows, width])
  for (let block = 0; block < layers; block++) {
    const mixed = attention(linear(norm(x, `h.${block}.ln_1`), `h.${block}.attn.c_attn`))
    x = tf.add(x, linear(mixed, `h.${block}.attn.c_proj`))
    const inner = gelu(linear(norm(x, `h.${block}.ln_2`), `h.${block}.mlp.c_fc`))
    x = tf.add(x, linear(inner, `h.${block}.mlp.c_proj`))
  }
  const logits = tf.matMul(norm(x, 'ln_f'), embedding, false, true)
  return tf.reshape(logits, [batch, time, -1])
}

function gelu(x: tf.Tensor): tf.Tensor {
  const cubic = tf.add(x, tf.mul(tf.mul(tf.mul(x, x), x), 0.044715))
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(tf.mul(cubic, Math.sqrt(2 / Math.PI)))))
}
