import { describe, expect, it } from 'vitest'
import { emitter } from '../../lib/emitter'
import { webIdentity } from '../identity/web-crypto'
import { makePeerId } from '../ids'
import { virtualClock } from '../time/virtual-clock'
import { dialsFirst, wantsLink } from '../topology'
import type { Transport, TransportEvents } from '../transport/transport'
import { pursuit } from './pursuit'

const keyHash = 'a'.repeat(32)
const [coordinator, device, other] = (['coordinator', 'device', 'device'] as const).map((role) =>
  makePeerId(webIdentity, 'T1', role, keyHash),
)

describe('the star', () => {
  it('links everybody to the coordinator of the same room, and to nobody else', () => {
    expect(wantsLink(device, coordinator)).toBe(true)
    expect(wantsLink(coordinator, device)).toBe(true)
    expect(wantsLink(coordinator, makePeerId(webIdentity, 'T1', 'edge', keyHash))).toBe(true)
    expect(wantsLink(device, other)).toBe(false)
    expect(wantsLink(device, device)).toBe(false)
    expect(wantsLink(coordinator, makePeerId(webIdentity, 'T1', 'coordinator', keyHash))).toBe(false)
    expect(wantsLink(device, makePeerId(webIdentity, 'T2', 'coordinator', keyHash))).toBe(false)
    expect(wantsLink(device, 'rubbish')).toBe(false)
  })

  it('has one end of each pair dial', () => {
    expect(dialsFirst(device, coordinator)).toBe(!dialsFirst(coordinator, device))
  })
})

describe('pursuit', () => {
  const scene = () => {
    const clock = virtualClock()
    const events = emitter<TransportEvents>()
    const sighted = new Set<string>()
    const tries: number[] = []
    const transport: Transport = {
      self: device,
      kind: 'memory',
      sighted,
      on: events.on,
      start: async () => {},
      connect: () => tries.push(clock.now()),
      close: async () => {},
    }
    const seeking = pursuit(transport, clock, (peer) => wantsLink(device, peer))
    return {
      clock,
      tries,
      seeking,
      appear(peer: string) {
        sighted.add(peer)
        events.emit('sighted', peer)
      },
      vanish(peer: string) {
        sighted.delete(peer)
        events.emit('vanished', peer)
      },
    }
  }

  it('tries at once, and again after pauses that grow, until it succeeds', async () => {
    const { clock, tries, seeking, appear } = scene()
    appear(coordinator)
    for (let times = 0; times < 7; times++) {
      seeking.failed(coordinator)
      seeking.failed(coordinator) // told twice, tried once
      await clock.advance(10_000)
    }
    expect(tries.map((time, index) => (index ? time - 10_000 * (index - 1) : 0))).toEqual([
      0, 300, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
    ])
    seeking.succeeded(coordinator)
    seeking.failed(coordinator)
    await clock.advance(300)
    expect(tries).toHaveLength(9)
  })

  it('leaves those alone who are not wanted, have gone, or were given up', async () => {
    const { clock, tries, seeking, appear, vanish } = scene()
    appear(other)
    seeking.failed(other)
    appear(coordinator)
    seeking.failed(coordinator)
    vanish(coordinator)
    await clock.advance(60_000)
    expect(tries).toHaveLength(1)
    appear(coordinator)
    seeking.abandon(coordinator)
    seeking.failed(coordinator)
    await clock.advance(60_000)
    expect(tries).toHaveLength(2)
  })

  it('stops', async () => {
    const { clock, tries, seeking, appear } = scene()
    appear(coordinator)
    seeking.failed(coordinator)
    seeking.stop()
    appear(coordinator)
    await clock.advance(60_000)
    expect(tries).toHaveLength(1)
  })
})
