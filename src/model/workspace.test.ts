import { describe, expect, it } from 'vitest'
import { openWasmMachine } from '../kernels/machines/wasm'
import { OutOfMemory } from '../kernels/outOfMemory'
import { loadSimdInNode } from '../kernels/simd/load'
import { makeBatch } from '../training/batches'
import { inputsOf } from '../training/inputs'
import { loadModel } from '../training/loadModel'
import { randomModelDirectory } from '../training/testing'
import { directorySource } from './source/directory'

const config = { rank: 4, alpha: 8, targets: ['c_attn', 'c_fc'] }
const rows = Array.from({ length: 64 }, (_, row) => ({
  tokens: Array.from({ length: 33 }, (_, place) => (row + 7 * place) % 64),
  countFrom: 1,
}))

/** A step's gradient on a machine whose memory ends at `mostBytes`, and how many bytes the machine then holds. */
async function stepWithin(mostBytes: number) {
  const module = await loadSimdInNode()
  const { memory } = module
  const grow = memory.grow.bind(memory)
  memory.grow = (pages) => {
    if (memory.buffer.byteLength + pages * 65_536 > mostBytes) throw new RangeError('no more')
    return grow(pages)
  }
  const machine = openWasmMachine(module, 'SIMD')
  const model = await loadModel(directorySource(randomModelDirectory), machine)
  return model.use(config, async (workspace) => {
    const numbers = Float32Array.from({ length: workspace.layout!.size }, (_, index) => Math.sin(index) / 10)
    workspace.session.write('parameters', numbers)
    const { shape, reading, learning } = inputsOf(makeBatch(rows, 32))
    const options = { learns: { a: true, b: true }, checkpointing: false, proximal: false, clips: false }
    const runnable = await workspace.training(shape, options)
    const standstill = { step: Int32Array.of(0), schedule: new Float32Array(4) }
    const { gradient } = await runnable.run({ ...reading, ...learning, ...standstill }, ['gradient'])
    return { gradient, bytesHeld: machine.bytesHeld() }
  })
}

describe('a training step', () => {
  it('computes activations again where there is no room to keep them, and gives the same gradient', async () => {
    const roomy = await stepWithin(2 ** 30)
    const tight = await stepWithin(roomy.bytesHeld - 300_000)
    expect(tight.bytesHeld).toBeLessThan(roomy.bytesHeld - 300_000)
    const largest = Math.max(...roomy.gradient.map(Math.abs))
    for (const [index, value] of tight.gradient.entries())
      expect(Math.abs(value - roomy.gradient[index])).toBeLessThan(1e-5 * largest)
  })

  it('says that there is no room where that does not help either', async () => {
    await expect(stepWithin(2 ** 20)).rejects.toThrow(OutOfMemory)
  })
})
