import { expect, it } from 'vitest'
import { upload } from '../../kernels/machines/machine'
import { machines, plainMachines } from '../../kernels/machines/testing'
import { random } from '../../lib/rng'
import { makeBatch } from '../../training/batches'
import { inputsOf } from '../../training/inputs'
import { parseConfig } from '../config'
import { adapterLayout } from '../lora'
import { weightSlots } from '../weights'
import { trainingProgram } from './training'
import { shardsOf } from './values'

const config = parseConfig({
  model_type: 'gpt2',
  vocab_size: 150,
  n_positions: 16,
  n_embd: 16,
  n_layer: 1,
  n_head: 2,
})
const layout = adapterLayout(config, { rank: 2, alpha: 4, targets: ['c_attn'] })

/** Gradient and loss of one step, with the vocabulary in shards of so many rows. */
async function oneStep(machine: string, shardRows: number): Promise<readonly number[]> {
  const found = (await machines()).get(machine)!
  const tokens = Array.from({ length: 13 }, (_, place) => (37 * place) % config.vocabulary)
  const { shape, reading, learning } = inputsOf(makeBatch([{ tokens, countFrom: 1 }], 12))
  const options = {
    layout,
    learns: { a: true, b: true },
    checkpointing: false,
    proximal: false,
    clips: false,
  }
  const program = trainingProgram({ config, format: 'float32', shardRows }, shape, options)
  const weights = found.openWeights()
  for (const { name, shape } of weightSlots(config)) {
    const size = shape.reduce((product, side) => product * side, 1)
    const data = Float32Array.from({ length: size }, random(3, name).gaussian).map((value) => value / 4)
    if (name !== 'tokens') await upload(weights, name, shape, data, 'float32')
    else
      for (const shard of shardsOf(name, config.vocabulary, shardRows)) {
        const rows = data.slice(shard.firstRow * config.width, (shard.firstRow + shard.rows) * config.width)
        await upload(weights, shard.name, [shard.rows, config.width], rows, 'float32')
      }
  }
  const session = found.openSession(weights)
  session.write('parameters', Float32Array.from({ length: layout.size }, random(4).gaussian))
  const runnable = await session.compile(program)
  const standstill = { step: Int32Array.of(0), schedule: new Float32Array(4) }
  const { gradient } = await runnable.run({ ...reading, ...learning, ...standstill }, ['gradient'])
  const [loss] = await session.read('losses')
  session.dispose()
  return [loss, ...gradient]
}

// Our own WebAssembly binds whatever lies in its memory, so it is never asked for shards.
it.each(plainMachines.filter((machine) => machine !== 'wasm'))(
  'a vocabulary in three shards gives the loss and gradient of a whole one, on %s',
  async (machine) => {
    const whole = await oneStep(machine, 150)
    const shards = await oneStep(machine, 64)
    for (const [index, value] of shards.entries()) expect(value).toBeCloseTo(whole[index], 4)
  },
)
