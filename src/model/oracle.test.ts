/** The engine against PyTorch: bench/oracle/oracle.py made the numbers, and shares no code with what is tested here. */
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { activate, type Backend } from '../kernels/activate'
import { startTestBackends, testBackends } from '../kernels/testing'
import { makeBatch, sequentialBatches } from '../training/batches'
import { evaluate, withAdapter } from '../training/evaluate'
import { type Row, windows } from '../training/rows'
import { lossAndGradient, train } from '../training/train'
import { type Adapter, adapterHash } from './adapter'
import { type Gpt2, hiddenRows, loadGpt2, logits } from './gpt2'
import { adapterSlots, flatten } from './lora'
import { cut, merge, type OracleModel, oracleModels } from './oracle'
import { decodePeft, encodePeft } from './peft'
import { encodeSafetensors, type TensorMap } from './safetensors'

// The engine, as this file knows it. All that is below speaks of the functions here.

type Model = Gpt2
/** The architectures that the engine knows. */
const families: readonly OracleModel['family'][] = ['gpt2']

/** The model from its directory. */
const open = (oracle: OracleModel, backend: Backend): Model =>
  loadGpt2(
    {
      config: oracle.config,
      tokenizer: oracle.tokenizer,
      tokenizerSettings: null,
      weights: oracle.files.get('model.safetensors')!,
    },
    backend,
  )

/** The same model with other weights. */
const openWith = (oracle: OracleModel, weights: TensorMap, backend: Backend): Model =>
  loadGpt2(
    {
      config: oracle.config,
      tokenizer: oracle.tokenizer,
      tokenizerSettings: null,
      weights: encodeSafetensors(weights),
    },
    backend,
  )

/** Logits of all positions, [time vocabulary]. */
const logitsOf = (model: Model, ids: readonly number[], adapter: Adapter | null): Promise<Float32Array> =>
  withAdapter(model, adapter, async (lora) => {
    activate(model.backend)
    return tf.tidy(() =>
      logits(
        model,
        hiddenRows(model, tf.tensor1d([...ids], 'int32'), { batch: 1, time: ids.length }, lora),
      ).dataSync<'float32'>(),
    )
  })

/** The loss of every token but a row's first. */
const lossesOf = async (model: Model, rows: readonly Row[], time: number): Promise<readonly number[]> =>
  (
    await evaluate(
      model,
      null,
      rows.map((row) => makeBatch([row], time)),
    )
  ).perToken

/** The gradient of the mean loss of some full windows. */
async function gradientOf(
  model: Model,
  adapter: Adapter,
  rows: readonly Row[],
  time: number,
): Promise<TensorMap> {
  activate(model.backend)
  const parameters = tf.tensor1d(flatten(model.config, adapter))
  const slots = adapterSlots(model.config, adapter.config)
  const { gradient } = tf.tidy(() =>
    lossAndGradient(model, makeBatch(rows, time), slots, parameters, adapter.config),
  )
  return cut(gradient.dataSync<'float32'>(), adapter.tensors)
}

/** The adapter after AdamW steps over a stream's windows in their order, and the loss before each step. */
async function trainedAdapter(
  model: Model,
  adapter: Adapter,
  rows: readonly Row[],
  { learningRate, batch, time, steps }: OracleModel['training'],
): Promise<{ trained: Adapter; losses: readonly number[] }> {
  const losses: number[] = []
  const batches = sequentialBatches(rows, batch, time)
  const onStep = ({ loss }: { loss: number }) => void losses.push(loss)
  const { adapter: trained } = await train({ model, adapter, batches, steps, learningRate, onStep })
  return { trained, losses }
}

/** The largest difference; NaN where something is no number or missing. */
const difference = (actual: ArrayLike<number>, expected: ArrayLike<number>): number =>
  Array.from(expected).reduce(
    (most, value, index) => Math.max(most, Math.abs(actual[index] - value)),
    actual.length === expected.length ? 0 : Number.NaN,
  )

const largest = (values: ArrayLike<number>): number =>
  difference(
    values,
    Array.from(values, () => 0),
  )

beforeAll(startTestBackends)

describe.each(testBackends)('on %s', (backend) => {
  const known = oracleModels.filter(({ family }) => families.includes(family))
  describe.each(known)('the engine agrees with PyTorch about $name', (oracle) => {
    const { training, ids } = oracle
    const model = (): Model => (opened ??= open(oracle, backend))
    let opened: Model | undefined
    const rows = windows(ids, training.time)
    const full = rows.filter(({ tokens }) => tokens.length === training.time + 1)
    /** Logits of the positions that the oracle kept. */
    const lastLogits = async (one: Model, adapter: Adapter | null): Promise<Float32Array> =>
      (await logitsOf(one, ids.slice(0, oracle.sequence), adapter)).slice(-oracle.logits.data.length)

    it('token ids', () => {
      expect(model().tokenizer.encode(oracle.text)).toEqual(ids)
    })

    it('logits to 1e-4', async () => {
      expect(difference(await lastLogits(model(), null), oracle.logits.data)).toBeLessThan(1e-4)
    })

    it('per-token losses to 1e-4', async () => {
      expect(difference(await lossesOf(model(), rows, training.time), oracle.losses)).toBeLessThan(1e-4)
    })

    describe.each(oracle.cases)('with targets $name', (course) => {
      it('the gradient of every factor to 1e-3 of its largest entry', async () => {
        const batch = full.slice(0, training.batch)
        const gradient = await gradientOf(model(), course.start, batch, training.time)
        expect([...gradient.keys()]).toEqual([...course.gradient.keys()])
        for (const [name, { data }] of course.gradient)
          expect(difference(gradient.get(name)!.data, data) / largest(data), name).toBeLessThan(1e-3)
      })

      it(`${training.steps} AdamW steps: losses to 1e-4, the adapter to 1e-3`, async () => {
        const { trained, losses } = await trainedAdapter(model(), course.start, full, training)
        expect(difference(losses, course.losses)).toBeLessThan(1e-4)
        for (const [name, { data }] of course.trained.tensors)
          expect(difference(trained.tensors.get(name)!.data, data), name).toBeLessThan(1e-3)
      })

      it('logits to 1e-4, with the adapter beside the weights and, exported to PEFT, inside them', async () => {
        const exported = encodePeft(course.trained, oracle.name)
        const beside = await lastLogits(model(), decodePeft(exported))
        const inside = await lastLogits(openWith(oracle, merge(oracle.weights, exported), backend), null)
        expect(difference(beside, course.logits.data)).toBeLessThan(1e-4)
        expect(difference(inside, course.logits.data)).toBeLessThan(1e-4)
        expect(difference(inside, beside)).toBeLessThan(1e-4)
        // The adapter matters: without it the logits are others.
        expect(difference(await lastLogits(model(), null), course.logits.data)).toBeGreaterThan(1e-2)
      })
    })
  })
})

it.each(oracleModels)(
  'an adapter for $name comes back from PEFT files as it was, and says how to merge it',
  (oracle) => {
    const exported = encodePeft(oracle.start, oracle.name)
    const own: unknown = JSON.parse(Buffer.from(oracle.files.get('adapter_config.json')!).toString('utf8'))
    expect(own).toHaveProperty('fan_in_fan_out', JSON.parse(exported.config).fan_in_fan_out)
    expect(adapterHash(decodePeft(exported))).toBe(adapterHash(oracle.start))
  },
)
