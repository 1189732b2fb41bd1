import { beforeEach, describe, expect, it } from 'vitest'
import { weightedSum } from '../loss/weightedSum'
import { ProgramBuilder } from '../program'
import { exactPlanner } from '../wgsl/plans'
import { openGpu } from './gpu'
import { MachineLost } from './machine'
import { noGpu, openDawnAdapter } from './testing'
import { openWebgpuMachine } from './webgpu'

/** A program of one line: the sum of some losses into a ring. */
function sumProgram() {
  const p = new ProgramBuilder()
  const ring = weightedSum(p, {
    losses: p.input('losses', [4]),
    weights: p.input('weights', [4]),
    ring: p.state('ring', [8]),
    step: p.input('step', [1], 'int32'),
  })
  p.result('ring', ring)
  return p.build('sum')
}
const inputs = (step: number) => ({
  losses: Float32Array.of(1, 2, 3, 4),
  weights: Float32Array.of(1, 1, 1, step),
  step: Int32Array.of(step),
})

const adapter = await openDawnAdapter()

describe('a GPU', () => {
  beforeEach(({ skip }) => skip(!adapter, noGpu))

  const open = async () => {
    const fresh = await openDawnAdapter()
    const gpu = await openGpu(fresh!, 'Dawn', () => exactPlanner)
    const machine = openWebgpuMachine(gpu)
    const session = machine.openSession(machine.openWeights())
    return { gpu, machine, session, runnable: await session.compile(sumProgram()) }
  }

  it('replays a program without creating anything, one submission a run', async () => {
    const { gpu, machine, session, runnable } = await open()
    const counts = { submit: 0, createBuffer: 0, createBindGroup: 0, createComputePipelineAsync: 0 }
    const count = (object: object, name: keyof typeof counts) => {
      const original = Reflect.get(object, name) as (...args: unknown[]) => unknown
      Reflect.set(object, name, (...args: unknown[]) => {
        counts[name]++
        return original.apply(object, args)
      })
    }
    await runnable.run(inputs(0))
    await session.read('ring') // makes its reading buffer
    const before = machine.bytesHeld()
    count(gpu.device.queue, 'submit')
    for (const name of ['createBuffer', 'createBindGroup', 'createComputePipelineAsync'] as const)
      count(gpu.device, name)
    for (let step = 1; step <= 5; step++) await runnable.run(inputs(step))
    expect(counts).toEqual({ submit: 5, createBuffer: 0, createBindGroup: 0, createComputePipelineAsync: 0 })
    expect([...(await session.read('ring'))]).toEqual([6, 10, 14, 18, 22, 26, 0, 0])
    expect(counts.createBuffer).toBe(0)
    expect(machine.bytesHeld()).toBe(before)
    session.dispose()
    expect(machine.bytesHeld()).toBe(0)
  })

  it('gives a run’s own results, whatever runs after it', async () => {
    const { runnable } = await open()
    const [one, other] = await Promise.all([1, 2].map((step) => runnable.run(inputs(step), ['ring'])))
    expect([...one.ring.subarray(0, 3)]).toEqual([0, 10, 0])
    expect([...other.ring.subarray(0, 3)]).toEqual([0, 10, 14])
  })

  it('that is lost says so to whoever waits for it', async () => {
    const { gpu, session, runnable } = await open()
    await runnable.run(inputs(0))
    const reading = session.read('ring')
    gpu.device.destroy()
    await expect(reading).rejects.toThrow(MachineLost)
    await expect(runnable.run(inputs(1), ['ring'])).rejects.toThrow(/taken away/)
  })
})
