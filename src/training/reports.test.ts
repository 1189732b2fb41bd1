import { releaseProxy } from 'comlink'
import { describe, expect, it } from 'vitest'
import type { Compute, TrainProgress, TrainRequest, TrainResult } from './compute'
import { reportsFirst } from './reports'

const progress = (step: number): TrainProgress => ({ step, steps: 3, loss: 1, tokensPerSecond: 1 })
const engine = (outcome: () => Promise<TrainResult>) =>
  reportsFirst({
    train: async (_, onProgress) => {
      for (const step of [1, 2, 3]) onProgress?.(progress(step))
      return outcome()
    },
  } as Compute)
const request = {} as TrainRequest
const result = { loss: 1 } as TrainResult

describe('an engine behind ports', () => {
  it('answers after its last report has been heard, however slow the way', async () => {
    const heard: number[] = []
    let way = Promise.resolve()
    const slowly = ({ step }: TrainProgress) => {
      way = way.then(() => new Promise((resolve) => setTimeout(resolve, 5))).then(() => void heard.push(step))
      return way
    }
    expect(await engine(async () => result).train(request, slowly)).toBe(result)
    expect(heard).toEqual([1, 2, 3])
  })

  it('fails after its reports too, and does not mind a listener that fails', async () => {
    const broken = engine(async () => Promise.reject(new Error('no memory')))
    await expect(broken.train(request, () => Promise.reject(new Error('gone')) as never)).rejects.toThrow(
      'no memory',
    )
    expect(
      await engine(async () => result).train(request, () => Promise.reject(new Error('gone')) as never),
    ).toBe(result)
  })

  it('closes the port of a callback once it has answered, also where it failed', async () => {
    for (const outcome of [async () => result, async () => Promise.reject(new Error('no memory'))]) {
      const heard: string[] = []
      const port = Object.assign(({ step }: TrainProgress) => void heard.push(`step ${step}`), {
        [releaseProxy]: () => void heard.push('closed'),
      })
      await engine(outcome)
        .train(request, port)
        .catch(() => {})
      expect(heard).toEqual(['step 1', 'step 2', 'step 3', 'closed'])
    }
  })
})
