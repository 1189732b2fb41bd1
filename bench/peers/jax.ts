/**
 * jax-js: the whole step, update included, as one function under `jit`. Arrays are owned: a function uses up what it is
 * given, and `.ref` keeps a claim for later use. Frozen weights are arguments of the compiled step, not constants in it.
 */
import { defaultDevice, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax'
import type { Tensor } from '../../src/model/safetensors'
import { adam, adapter, normEpsilon } from '../shapes'
import type { Peer } from './peer'

type Arrays = { [name: string]: np.Array }

export function jaxTrainer(): Peer {
  let step: () => Promise<number>
  let dispose = () => {}
  return {
    name: 'jax',
    async prepare({ shape, weights: raw, adapter: pairs, batch: batchOf }, { backend }) {
      const started = await init(backend)
      if (!started.includes(backend)) throw new Error(`jax-js found no ${backend} here.`)
      defaultDevice(backend)
      const { layers, heads, width, batch, time, vocabulary } = shape
      const rows = batch * time

      const norm = (x: np.Array, weights: Arrays, name: string): np.Array => {
        const centred = x.ref.sub(x.mean(-1, { keepdims: true }))
        const variance = np.square(centred.ref).mean(-1, { keepdims: true })
        const normal = centred.div(np.sqrt(variance.add(normEpsilon)))
        return normal.mul(weights[`${name}.weight`].ref).add(weights[`${name}.bias`].ref)
      }
      const linear = (x: np.Array, weights: Arrays, lora: Arrays, name: string): np.Array => {
        const output = np.matmul(x.ref, weights[`${name}.weight`].ref).add(weights[`${name}.bias`].ref)
        const [a, b] = [lora[`${name}.a`], lora[`${name}.b`]]
        if (!a) {
          x.dispose()
          return output
        }
        const update = np.matmul(np.matmul(x, a.ref.transpose()), b.ref.transpose())
        return output.add(update.mul(adapter.alpha / adapter.rank))
      }
      const byHead = (x: np.Array): np.Array =>
        x.reshape([batch, time, heads, width / heads]).transpose([0, 2, 1, 3])
      const attention = (qkv: np.Array): np.Array => {
        const [q, k, v] = np.split(qkv, 3, 1).map(byHead) // each [batch, head, time, channel]
        const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(width / heads))
        const causal = np.tri(time, time, 0, { dtype: np.bool }) // [time, time]
        const shares = nn.softmax(np.where(causal, scores, -1e9))
        return np.matmul(shares, v).transpose([0, 2, 1, 3]).reshape([rows, width])
      }
      const lossOf = (lora: Arrays, weights: Arrays, ids: np.Array, targets: np.Array): np.Array => {
        const positions = weights['wpe.weight'].ref.slice([0, time]) // [time, width]
        let x = weights['wte.weight'].ref.slice(ids).add(positions).reshape([rows, width])
        for (let block = 0; block < layers; block++) {
          const name = `h.${block}`
          const normal = norm(x.ref, weights, `${name}.ln_1`)
          const mixed = attention(linear(normal, weights, lora, `${name}.attn.c_attn`))
          x = x.add(linear(mixed, weights, lora, `${name}.attn.c_proj`))
          const inner = linear(norm(x.ref, weights, `${name}.ln_2`), weights, lora, `${name}.mlp.c_fc`)
          x = x.add(linear(nn.gelu(inner), weights, lora, `${name}.mlp.c_proj`))
        }
        const logits = np.matmul(norm(x, weights, 'ln_f'), weights['wte.weight'].ref.transpose())
        const logProbabilities = nn.logSoftmax(logits) // [row, vocabulary]
        tree.dispose(lora)
        tree.dispose(weights)
        return logProbabilities
          .mul(nn.oneHot(targets, vocabulary))
          .sum()
          .mul(-1 / rows)
      }
      const update = jit((state: State, weights: Arrays, ids: np.Array, targets: np.Array) => {
        const { lora, first, second, decay1, decay2 } = state
        const [loss, gradient] = valueAndGrad(lossOf)(tree.ref(lora), weights, ids, targets)
        const next: State = {
          lora: {},
          first: {},
          second: {},
          decay1: decay1.mul(adam.beta1),
          decay2: decay2.mul(adam.beta2),
        }
        for (const name of Object.keys(lora)) {
          const slope = gradient[name]
          const m = first[name].mul(adam.beta1).add(slope.ref.mul(1 - adam.beta1))
          const v = second[name].mul(adam.beta2).add(np.square(slope).mul(1 - adam.beta2))
          const mean = m.ref.div(np.subtract(1, next.decay1.ref))
          const root = np.sqrt(v.ref.div(np.subtract(1, next.decay2.ref)))
          next.lora[name] = lora[name].sub(mean.div(root.add(adam.epsilon)).mul(adam.learningRate))
          next.first[name] = m
          next.second[name] = v
        }
        return { loss, next }
      })

      const upload = ({ shape, data }: Tensor) => np.array(data.slice(), { shape: [...shape] })
      const weights: Arrays = Object.fromEntries([...raw].map(([name, tensor]) => [name, upload(tensor)]))
      const factors = (make: (tensor: Tensor) => np.Array): Arrays =>
        Object.fromEntries(
          pairs.flatMap(({ layer, a, b }) => [
            [`${layer}.a`, make(a)],
            [`${layer}.b`, make(b)],
          ]),
        )
      const zeros = ({ shape }: Tensor) => np.zeros([...shape])
      let state: State = {
        lora: factors(upload),
        first: factors(zeros),
        second: factors(zeros),
        decay1: np.array(1),
        decay2: np.array(1),
      }
      let steps = 0
      step = async () => {
        const { ids, targets } = batchOf(steps++)
        const { loss, next } = update(
          state,
          tree.ref(weights),
          np.array(ids, { shape: [batch, time], dtype: np.int32 }),
          np.array(targets, { dtype: np.int32 }),
        )
        state = next
        const [value] = await loss.data()
        return value
      }
      dispose = () => {
        tree.dispose(state)
        tree.dispose(weights)
        update.dispose()
      }
      return `jax-js, ${backend}`
    },
    step: () => step(),
    dispose: () => dispose(),
  }
}

/** What a step changes. The decays are beta^step, for Adam's bias correction. */
type State = { lora: Arrays; first: Arrays; second: Arrays; decay1: np.Array; decay2: np.Array }
