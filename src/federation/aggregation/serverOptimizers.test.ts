import { describe, expect, it } from 'vitest'
import { random } from '../../lib/rng'
import { type ServerSettings, serverOptimizers, serverStep } from './serverOptimizers'
import type { ServerMemory, ServerOptimizerName } from './types'

const tensor = (values: readonly number[]) => ({ shape: [values.length], data: Float32Array.from(values) })
const settings: ServerSettings = { serverRate: 0.1, serverMomentum: 0.9 }

/** Algorithm 2 of arXiv 2003.00295 for one number, as written there. */
const published: Readonly<Record<ServerOptimizerName, (v: number, delta: number) => number>> = {
  fedavg: () => 0,
  fedavgm: () => 0,
  fedadagrad: (v, delta) => v + delta ** 2,
  fedyogi: (v, delta) => v - 0.01 * delta ** 2 * Math.sign(v - delta ** 2),
  fedadam: (v, delta) => 0.99 * v + 0.01 * delta ** 2,
}

describe('server optimizers', () => {
  it.each(['fedadagrad', 'fedyogi', 'fedadam'] as const)('%s follows the published equations', (name) => {
    const { gaussian } = random(3, name)
    let [w, m, v] = [0.5, 0, 0]
    let tensors: ReadonlyMap<string, ReturnType<typeof tensor>> = new Map([['w', tensor([w])]])
    let memory: ServerMemory | null = null
    for (let round = 0; round < 20; round++) {
      const delta = gaussian()
      m = 0.9 * m + 0.1 * delta
      v = published[name](v, delta)
      w += (0.1 * m) / (Math.sqrt(v) + 1e-3)
      const next = serverStep(name, tensors, new Map([['w', tensor([delta])]]), memory, settings)
      tensors = next.tensors as typeof tensors
      memory = next.memory
      expect(tensors.get('w')!.data[0]).toBeCloseTo(w, 4)
    }
  })

  it('fedavg at rate 1 adds the mean; fedavgm rolls on', () => {
    const start = new Map([['w', tensor([1])]])
    const mean = new Map([['w', tensor([2])]])
    const plain = serverStep('fedavg', start, mean, null, { serverRate: 1, serverMomentum: 0 })
    expect([...plain.tensors.get('w')!.data]).toEqual([3])
    expect(plain.memory.momentum.size).toBe(0)
    const heavy = { serverRate: 1, serverMomentum: 0.5 }
    const first = serverStep('fedavgm', start, mean, null, heavy)
    const second = serverStep('fedavgm', first.tensors, mean, first.memory, heavy)
    expect([...second.tensors.get('w')!.data]).toEqual([6])
  })

  it('leaves alone what was not trained, and its memory: A and B may take turns', () => {
    const start = new Map([
      ['a', tensor([1])],
      ['b', tensor([1])],
    ])
    const only = (name: string) => new Map([[name, tensor([1])]])
    const first = serverStep('fedadam', start, only('b'), null, settings)
    const second = serverStep('fedadam', first.tensors, only('a'), first.memory, settings)
    expect(second.tensors.get('b')).toBe(first.tensors.get('b'))
    expect(second.memory.momentum.get('b')).toBe(first.memory.momentum.get('b'))
    expect(second.tensors.get('a')!.data[0]).toBe(first.tensors.get('b')!.data[0])
  })

  it('walks as far as the rate, whatever the size of the updates, where it adapts', () => {
    const step = (size: number) =>
      serverStep(
        'fedadagrad',
        new Map([['w', tensor([0])]]),
        new Map([['w', tensor([size])]]),
        null,
        settings,
      )
    const [small, large] = [1, 1000].map((size) => step(size).tensors.get('w')!.data[0])
    expect(large / small).toBeCloseTo(1, 2)
    expect(serverOptimizers.fedadam.usualRate).toBeLessThan(serverOptimizers.fedavg.usualRate)
  })
})
