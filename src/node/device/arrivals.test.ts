/** Adapters that come before the engine that says what they adapt. */
import { expect, it } from 'vitest'
import { emitter } from '../../lib/emitter'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import { towards, toyCompute } from '../fixtures/room'
import type { Workplace } from '../local/workplace'
import { makeTab } from '../tab/tab'
import { type Arrival, Arrivals, type ArrivalsParts } from './arrivals'

it('of a coordinator that is not listened to any more count for nothing once the engine is there', async () => {
  const compute = toyCompute(() => towards(1))
  const adapter = { rank: 1, alpha: 2, targets: ['w'] }
  const opened = await compute.open({ model: 'toy', backend: 'cpu', adapter, seed: 1 })
  const engines = emitter<{ engine: [unknown] }>()
  const taken: string[] = []
  const arrivals = new Arrivals({
    tab: makeTab(defaultSettings, 'a', 'A device', virtualClock()),
    holding: { load: (message: Arrival['message']) => taken.push(message.hash) && 'lacking' },
    workplace: { on: engines.on } as unknown as Workplace,
  } as unknown as ArrivalsParts)
  const arrive = (hash: string, version: number, isHeard: boolean) =>
    arrivals.take({
      message: { adapter: 'global', version, hash } as Arrival['message'],
      bytes: new Uint8Array(),
      reply: ({ type }) => taken.push(type),
      isHeard: () => isHeard,
    })
  arrive('of the former coordinator', 8, false)
  arrive('of the present one', 6, true)
  engines.emit('engine', { compute, opened })
  expect(taken).toEqual(['of the present one', 'lacks'])
})
