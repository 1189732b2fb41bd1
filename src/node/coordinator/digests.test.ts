/** What it costs that everybody knows of everybody, in exact counts. */
import { describe, expect, it } from 'vitest'
import type { JoinOptions } from '../../network/network'
import { virtualClock } from '../../network/time/virtual-clock'
import { defaultSettings } from '../../settings/reading'
import { memoryNetwork } from '../fixtures/memory-network'
import { mostDrawn } from '../tab/largeRoom'
import { makeTab } from '../tab/tab'
import { digestEveryMs, digestsOf } from './digests'

const settle = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)))
const rounds = 4
const roundMs = 20_000
const told = { begins: true, devices: [], gone: [], standing: null }

/** A coordinator's tab, devices that listen to it, and every digest that the first of them hears. */
async function roomOf(count: number) {
  const clock = virtualClock()
  const hub = memoryNetwork()
  const network = hub.open('Coordinator', { signingKey: hub.keyOf('coordinator') })
  const tab = makeTab({ ...defaultSettings, role: 'coordinator' }, 'coordinator', 'Coordinator', clock)
  tab.set({ phase: { kind: 'running' } })
  const digests = digestsOf(tab, network, ({ id }, message) => void network.send(id, message))
  const heard: Record<string, unknown>[] = []
  const keys = Array.from({ length: count }, (_, place) => `device ${String(place).padStart(4, '0')}`)
  for (const [place, key] of keys.entries()) {
    const device = hub.join({ name: key, signingKey: hub.keyOf(key), role: 'device' } as JoinOptions)
    if (place === 0) device.on('message', (_, message) => heard.push(message))
  }
  await settle()
  for (const [index, key] of keys.entries()) {
    tab.setDevice(key, { name: `Device ${index}`, peer: `TEST-d-${'0'.repeat(32)}`, index, activity: 'idle' })
    digests.begin(key)
  }
  digests.changed()
  await clock.advance(60_000)
  await settle()
  return { clock, network, tab, digests, keys, heard }
}

/** Each device works through its steps, and says so five times in a round. */
async function bytesPerDeviceAndRound(count: number): Promise<number> {
  const { clock, network, tab, digests, keys } = await roomOf(count)
  const before = network.bytes.byKind.digest
  for (let turn = 0; turn < 5 * rounds; turn++) {
    for (const key of keys) {
      tab.setDevice(key, {
        activity: 'training',
        step: turn,
        steps: 100,
        trainLoss: 2.5,
        tokensPerSecond: 100 + turn,
      })
      digests.changed()
    }
    await clock.advance(roundMs / 5)
  }
  return (network.bytes.byKind.digest - before) / count / rounds
}

describe('what everybody is told of everybody', () => {
  it('costs a line of what has changed for each device that has, and nothing but itself in a large room', async () => {
    const [eight, thirtyTwo, hundredTwentyEight] = await Promise.all([8, 32, 128].map(bytesPerDeviceAndRound))
    expect({ eight, thirtyTwo, hundredTwentyEight }).toEqual({
      eight: 2632,
      thirtyTwo: 9298,
      hundredTwentyEight: 0,
    })
  })

  it('is told to all together a bounded number of times in a second, however many they are', async () => {
    for (const count of [32, 128, 256]) {
      const { clock, tab, digests, heard } = await roomOf(count)
      heard.length = 0
      for (let atMs = 0; atMs < 16_000; atMs += 100) {
        tab.set({ round: { ...tab.store.getState().round, arrived: atMs } })
        digests.changed()
        await clock.advance(100)
      }
      await settle()
      const periodMs = Math.max(digestEveryMs, count * (count > mostDrawn ? 25 : 12.5))
      expect([count, heard.length]).toEqual([count, Math.floor(16_000 / periodMs)])
    }
  })

  it('is in a large room of itself, of the edges and of the first of the others', async () => {
    const { clock, tab, digests, keys, heard } = await roomOf(mostDrawn + 36)
    expect(heard[0]).toMatchObject(told)
    const known = (heard.at(-1) as { devices: { key: string }[] }).devices.map(({ key }) => key)
    expect(known).toEqual(['coordinator', ...keys.slice(0, mostDrawn)])
    heard.length = 0
    tab.setDevice(keys.at(-1)!, { isEdge: true })
    tab.setDevice(keys[3], { step: 5, activity: 'training' })
    digests.changed()
    await clock.advance(5_000)
    await settle()
    expect(heard).toMatchObject([
      { devices: [{ key: keys.at(-1), isEdge: true }], gone: [keys[mostDrawn - 1]] },
    ])
  })

  it('is nothing where nothing has changed', async () => {
    const { clock, digests, heard } = await roomOf(3)
    heard.length = 0
    for (let at = 0; at < 10; at++) digests.changed()
    await clock.advance(10_000)
    await settle()
    expect(heard).toEqual([])
  })
})
