/** Who is wanted is asked for again and again, until nobody is wanted any more. */
import { expect, it } from 'vitest'
import { emitter } from '../../lib/emitter'
import { virtualClock } from '../time/virtual-clock'
import type { Transport, TransportEvents } from '../transport/transport'
import { pursuit } from './pursuit'

function roomWith(...peers: string[]) {
  const clock = virtualClock()
  const dialed: { readonly peer: string; readonly atMs: number }[] = []
  const events = emitter<TransportEvents>()
  const transport = {
    sighted: new Set(peers),
    on: events.on,
    connect: (peer: string) => dialed.push({ peer, atMs: clock.now() }),
  } as unknown as Transport
  return { clock, dialed, seeking: pursuit(transport, clock, () => true) }
}

it('whom no link leads to is dialed again after pauses that grow', async () => {
  const { clock, dialed, seeking } = roomWith('a')
  seeking.begin('a')
  for (const _ of [1, 2, 3]) {
    seeking.failed('a')
    await clock.run()
  }
  expect(dialed.map(({ atMs }) => atMs)).toEqual([0, 300, 1_300, 3_300])
})

it('a try that fails after the end, and a wait that is asked for after it, lead to no other', async () => {
  const { clock, dialed, seeking } = roomWith('a', 'b')
  seeking.begin('a')
  seeking.failed('b')
  seeking.stop()
  seeking.failed('a')
  seeking.postpone('b', 1_000)
  seeking.begin('b')
  await clock.run()
  expect(dialed).toEqual([{ peer: 'a', atMs: 0 }])
})
