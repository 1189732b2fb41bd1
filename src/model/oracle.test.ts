/** The engine against PyTorch: bench/oracle/oracle.py made the numbers, and shares no code with what is tested here. */
import { beforeAll, describe, expect, it } from 'vitest'
import { machines } from '../kernels/machines/testing'
import { makeBatch, sequentialBatches } from '../training/batches'
import { evaluate } from '../training/evaluate'
import { inputsOf } from '../training/inputs'
import { type Row, windows } from '../training/rows'
import { openOn } from '../training/testing'
import { train } from '../training/train'
import { type Adapter, adapterHash } from './adapter'
import { parseConfig } from './config'
import type { LanguageModel } from './languageModel'
import { unflatten } from './lora'
import { merge, type OracleModel, oracleModels } from './oracle'
import { decodePeft, encodePeft } from './peft/peft'
import { trainingProgram } from './programs/training'
import { encodeSafetensors, type TensorMap } from './safetensors'

/** The same model with other weights. */
function openWith(oracle: OracleModel, weights: TensorMap, machine: string): Promise<LanguageModel> {
  const small = [...oracle.files].filter(([name]) => name.endsWith('.json') && !name.includes('index'))
  return openOn(machine, new Map([...small, ['model.safetensors', encodeSafetensors(weights)]]))
}

/** Logits of all positions, [time vocabulary]. */
const logitsOf = (model: LanguageModel, ids: readonly number[], adapter: Adapter | null) =>
  model.with(adapter, async (workspace) => {
    const { shape, reading } = inputsOf(makeBatch([{ tokens: [...ids, 0], countFrom: 1 }], ids.length))
    const runnable = await workspace.logits(shape)
    return (await runnable.run(reading, ['logits'])).logits
  })

/** The loss of every token but a row's first. */
async function lossesOf(
  model: LanguageModel,
  rows: readonly Row[],
  time: number,
): Promise<readonly number[]> {
  const batches = rows.map((row) => makeBatch([row], time))
  return (await evaluate(model, null, batches)).perToken
}

/** The gradient of the mean loss of some full windows, and with checkpointing the same. */
async function gradientOf(
  model: LanguageModel,
  adapter: Adapter,
  rows: readonly Row[],
  time: number,
  checkpointing: boolean,
): Promise<TensorMap> {
  return model.with(adapter, async (workspace) => {
    const { shape, reading, learning } = inputsOf(makeBatch(rows, time))
    const { config, format } = model
    const layout = workspace.layout!
    const options = { layout, learns: { a: true, b: true }, checkpointing, proximal: false, clips: false }
    const kept = { config, format, shardRows: config.vocabulary }
    const runnable = await workspace.session.compile(trainingProgram(kept, shape, options))
    const standstill = { step: Int32Array.of(0), schedule: new Float32Array(4) } // a rate of 0
    const { gradient } = await runnable.run({ ...reading, ...learning, ...standstill }, ['gradient'])
    return unflatten(layout, adapter.config, gradient).tensors
  })
}

/** The adapter after Adam steps over a stream's windows in their order, and the loss before each step. */
async function trainedAdapter(
  model: LanguageModel,
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

// A software driver compiles shaders for long, so there one model of each family must do, all targets; tfjs' own machines, which
// nobody's tab trains on where SIMD functions are, take one of each family, too, but in the long run.
const isFull = process.env.GOSSAMER_FULL === '1'
const onGpu = ['gpt2', 'llama-tied-sharded', ...(isFull ? ['qwen3-tied-sharded'] : [])]
const onTfjs = ['gpt2', 'llama-tied-sharded', 'qwen3-tied-sharded']
const available = await machines()
const names = [...available.keys()]
const modelsOn = (machine: string): readonly OracleModel[] =>
  machine !== 'webgpu'
    ? oracleModels.filter(({ name }) => isFull || machine === 'wasm' || onTfjs.includes(name))
    : oracleModels
        .filter(({ name }) => onGpu.includes(name))
        .map((oracle) => ({
          ...oracle,
          cases: oracle.cases.filter(({ name }) => name.includes('c_fc') || name.includes('gate')),
        }))

describe.each(names)('on %s', (machine) => {
  const known = modelsOn(machine)
  describe.each(known)('the engine agrees with PyTorch about $name', (oracle) => {
    const { training, ids } = oracle
    let model: LanguageModel
    beforeAll(async () => {
      model = await openOn(machine, oracle.files)
    })
    const rows = windows(ids, training.time)
    const full = rows.filter(({ tokens }) => tokens.length === training.time + 1)
    /** Logits of the positions that the oracle kept. */
    const lastLogits = async (one: LanguageModel, adapter: Adapter | null): Promise<Float32Array> =>
      (await logitsOf(one, ids.slice(0, oracle.sequence), adapter)).slice(-oracle.logits.data.length)

    it('token ids', () => {
      expect(model.tokenizer.encode(oracle.text)).toEqual(ids)
    })

    it('logits to 1e-4', async () => {
      expect(difference(await lastLogits(model, null), oracle.logits.data)).toBeLessThan(1e-4)
    })

    it('per-token losses to 1e-4', async () => {
      expect(difference(await lossesOf(model, rows, training.time), oracle.losses)).toBeLessThan(1e-4)
    })

    describe.each(oracle.cases)('with targets $name', (course) => {
      it('the gradient of every factor to 1e-3 of its largest entry', async () => {
        const batch = full.slice(0, training.batch)
        for (const checkpointing of machine === 'webgpu' ? [false] : [false, true]) {
          const gradient = await gradientOf(model, course.start, batch, training.time, checkpointing)
          expect([...gradient.keys()]).toEqual([...course.gradient.keys()])
          for (const [name, { data }] of course.gradient)
            expect(difference(gradient.get(name)!.data, data) / largest(data), name).toBeLessThan(1e-3)
        }
      })

      it(`${training.steps} Adam steps: losses to 1e-4, the adapter to 1e-3`, async () => {
        const { trained, losses } = await trainedAdapter(model, course.start, full, training)
        expect(difference(losses, course.losses)).toBeLessThan(1e-4)
        for (const [name, { data }] of course.trained.tensors)
          expect(difference(trained.tensors.get(name)!.data, data), name).toBeLessThan(1e-3)
      })

      it('logits to 1e-4, with the adapter beside the weights and, exported to PEFT, inside them', async () => {
        const exported = encodePeft(course.trained, oracle.name)
        const beside = await lastLogits(model, decodePeft(exported, parseConfig(oracle.config)))
        const inside = await lastLogits(
          await openWith(oracle, merge(oracle.weights, exported), machine),
          null,
        )
        expect(difference(beside, course.logits.data)).toBeLessThan(1e-4)
        expect(difference(inside, course.logits.data)).toBeLessThan(1e-4)
        expect(difference(inside, beside)).toBeLessThan(1e-4)
        // The adapter matters: without it the logits are others.
        expect(difference(await lastLogits(model, null), course.logits.data)).toBeGreaterThan(1e-2)
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
    expect(adapterHash(decodePeft(exported, parseConfig(oracle.config)))).toBe(adapterHash(oracle.start))
  },
)
