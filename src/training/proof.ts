/**
 * A machine proves itself before it is trusted: products of whole numbers, over hundreds of tiles, must be exact (products.ts),
 * and one training step of a tiny random model there and by tfjs' plain JavaScript must give the same loss and gradient. Drivers and shader compilers have bugs that show in no error message,
 * and a device that computed wrongly would poison the average of all.
 */
import { type Machine, upload } from '../kernels/machines/machine'
import { sizeOfShape } from '../kernels/value'
import { random } from '../lib/rng'
import type { ModelConfig } from '../model/config'
import { adapterLayout } from '../model/lora'
import { trainingProgram } from '../model/programs/training'
import { makeBatch } from './batches'
import { inputsOf } from './inputs'
import { wrongProducts } from './products'

const config: ModelConfig = {
  type: 'gpt2',
  family: 'gpt2',
  vocabulary: 50,
  contextLength: 16,
  width: 32,
  layers: 1,
  heads: 2,
  keyValueHeads: 2,
  headWidth: 16,
  innerWidth: 64,
  normEpsilon: 1e-5,
  eosIds: [],
  tiedHead: true,
  qkvBias: true,
  headNorms: false,
  rope: null,
}
const tolerance = 1e-3

/** What is wrong with a machine, null where it agrees with the reference. */
export async function complaintAbout(machine: Machine, reference: Machine): Promise<string | null> {
  const wrong = await wrongProducts(machine)
  if (wrong > 0) return `${wrong} numbers of its products are wrong`
  const [actual, expected] = [await oneStep(machine), await oneStep(reference)]
  for (const part of ['loss', 'gradient'] as const) {
    const error = largest(actual[part].map((value, index) => value - expected[part][index]))
    const relative = error / largest(expected[part])
    if (!(relative <= tolerance)) return `its ${part} is off by ${relative.toPrecision(2)}`
  }
  return null
}

const largest = (values: Float32Array): number =>
  values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

async function oneStep(machine: Machine): Promise<{ loss: Float32Array; gradient: Float32Array }> {
  const layout = adapterLayout(config, { rank: 4, alpha: 8, targets: ['c_attn', 'c_proj', 'c_fc'] })
  const row = Array.from({ length: 13 }, (_, place) => (7 * place) % config.vocabulary)
  const { shape, reading, learning } = inputsOf(makeBatch([{ tokens: row, countFrom: 1 }], 12))
  const program = trainingProgram({ config, format: 'float32', shardRows: config.vocabulary }, shape, {
    layout,
    learns: { a: true, b: true },
    checkpointing: false,
    proximal: false,
    clips: false,
  })
  const numbers = (name: string, size: number) =>
    Float32Array.from({ length: size }, random(1, name).gaussian).map((value) => value / 5)
  const weights = machine.openWeights()
  for (const [name, { shape }] of program.weights)
    await upload(weights, name, shape, numbers(name, sizeOfShape(shape)), 'float32')
  const session = machine.openSession(weights)
  const runnable = await session.compile(program)
  session.write('parameters', numbers('parameters', layout.size))
  const { gradient } = await runnable.run(
    { ...reading, ...learning, step: Int32Array.of(0), schedule: Float32Array.of(1e-3, 10, 30, 0) },
    ['gradient'],
  )
  const losses = await session.read('losses')
  session.dispose()
  weights.dispose()
  return { gradient, loss: losses.slice(0, 1) }
}
