import { describe, expect, it } from 'vitest'
import { drive, of } from '../fixtures/drive'

describe('orders', () => {
  it('gives the proximal weight of FedProx with its orders', () => {
    const run = drive({ proximal: 0.01 })
    run.join('a', 'b')
    expect(of(run.start(), 'order')[0]).toMatchObject({ proximal: 0.01, steps: 5 })
  })

  it('gives every device what it can do, where that is asked for', () => {
    const run = drive({
      allocation: {
        rank: 8,
        leastRank: 1,
        precision: 'float32',
        batch: 8,
        leastSteps: 5,
        mostSteps: 50,
        deadlineMs: 60_000,
        tokensPerRow: 50,
        parameters: 1e6,
        bytesPerRow: 1e6,
        overrides: { b: { rank: 4 } },
      },
    })
    run.join('a', 'b')
    run.happen({ type: 'measured', device: 'a', capability: { tokensPerSecond: 4000 } })
    run.happen({ type: 'measured', device: 'b', capability: { tokensPerSecond: 1000 } })
    expect(of(run.start(), 'order').map(({ to, steps, assigned }) => [to, steps, assigned?.rank])).toEqual([
      [['a'], 50, 8],
      [['b'], 12, 4],
    ])
  })
})
