import { expect, it } from 'vitest'
import { defaultSettings } from '../../settings/reading'
import { usualOrder } from '../fixtures/order'
import { towards, toyCompute } from '../fixtures/room'
import { trainingOf } from './training'

it('draws the same batches for the same round, others for another one, and others where it is asked to draw again', async () => {
  const seeds: number[] = []
  const compute = toyCompute(() => (request, start) => {
    seeds.push(request.seed)
    return towards(1)(request, start)
  })
  const opened = await compute.open({
    model: 'toy',
    backend: 'cpu',
    adapter: { rank: 1, alpha: 2, targets: ['w'] },
    seed: 1,
  })
  const share = { train: [], heldOut: [], probes: [] }
  const training = trainingOf({ compute, opened, close: () => {} }, () => defaultSettings, 0, share)
  for (const [round, draw] of [
    [1, undefined],
    [1, 0],
    [1, 1],
    [1, 2],
    [2, 0],
  ] as const)
    await training.fromMerged(opened.initialAdapter, { ...usualOrder, round, draw }, () => {})
  expect(seeds[1]).toBe(seeds[0])
  expect(new Set(seeds).size).toBe(4)
})
