/** Weights on a device that has less memory than it says; it is made up, since no test may take all that a real one has. */
import { describe, expect, it } from 'vitest'
import { oneByOne } from '../../lib/async'
import { OutOfMemory } from '../outOfMemory'
import { packRows } from '../packing'
import { Buffers, GpuWeights } from './gpuMemory'

/** As WebGPU tells it: a buffer comes at once, and only the error scope says later that there was no memory for it. */
function smallDevice(bytes: number) {
  let held = 0
  let scope: { message: string } | null = null
  const state = { failsToWrite: false, written: 0, live: 0, held: () => held }
  const device = {
    pushErrorScope: () => {
      scope = null
    },
    popErrorScope: async () => scope,
    createBuffer({ size }: { size: number }) {
      held += size
      state.live++
      if (held > bytes) scope = { message: 'out of memory' }
      return {
        size,
        destroy() {
          held -= size
          state.live--
        },
      }
    },
    queue: {
      writeBuffer(_: unknown, offset: number, data: ArrayBufferView) {
        state.written += data.byteLength
        expect(offset % 4).toBe(0)
        if (state.failsToWrite) scope = { message: 'out of memory' }
      },
    },
  }
  const buffers = new Buffers(device as unknown as GPUDevice)
  return { state, buffers, weights: new GpuWeights(buffers, oneByOne()) }
}
Object.assign(globalThis, { GPUBufferUsage: { STORAGE: 1, COPY_DST: 2 } })

const rooms = [
  { name: 'norm', shape: [64], format: 'float32' },
  { name: 'up', shape: [128, 64], format: 'int8' },
] as const
const needed = 4 * 64 + 128 * 64 + 4 * 128

describe('weights on a GPU', () => {
  it('find room for all of them, or none is held, which is an OutOfMemory', async () => {
    const enough = smallDevice(needed)
    await enough.weights.reserve(rooms)
    expect(enough.weights.bytes).toBe(needed)
    const small = smallDevice(needed - 1)
    await expect(small.weights.reserve(rooms)).rejects.toThrow(OutOfMemory)
    expect([small.state.live, small.weights.bytes, small.buffers.bytesHeld]).toEqual([0, 0, 0])
  })

  it('come by rows, and what could not be written is not taken for written', async () => {
    const { weights, state } = smallDevice(needed)
    await weights.reserve(rooms)
    const rows = packRows(new Float32Array(32 * 64).fill(1), 64, 'int8')
    await weights.write('up', 96, rows)
    expect(state.written).toBe(32 * 64 + 4 * 32)
    state.failsToWrite = true
    await expect(weights.write('up', 0, rows)).rejects.toThrow(/memory ran out while up was written/)
    weights.dispose()
    expect([state.live, weights.bytes]).toEqual([0, 0])
  })

  it('wait while plans are tried, whose times would be wrong otherwise', async () => {
    const { buffers } = smallDevice(needed)
    const inTurn = oneByOne()
    const weights = new GpuWeights(buffers, inTurn)
    await weights.reserve(rooms)
    const order: string[] = []
    const trying = inTurn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      order.push('tried')
    })
    const writing = weights.write('norm', 0, new Float32Array(64)).then(() => order.push('written'))
    await Promise.all([trying, writing])
    expect(order).toEqual(['tried', 'written'])
  })
})
