/**
 * What one member may say to a room without breaking it. Somebody who was let in holds a bare link and says what no honest
 * tab would; the others must go on, to the same end.
 */
import { describe, expect, it } from 'vitest'
import type { Message } from '../../network/network'
import { entry } from '../fixtures/entry'
import { federationInMemory, modelHash } from '../fixtures/room'
import { noUncaughtErrors, ready, settle, tellAll, withVillain } from '../fixtures/villain'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import { blankDevice } from '../tab/tab'
import type { ToDevice } from '../wire/messages'

type Room = ReturnType<typeof federationInMemory>

noUncaughtErrors()

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.length === round.of)
const codes = (node: GossamerNode) => node.snapshot().errors.map(({ code }) => code)

async function endsWell(coordinator: GossamerNode, devices: readonly GossamerNode[]) {
  coordinator.start()
  const { history } = await finished(coordinator)
  await Promise.all(devices.map((device) => until(device, ({ version }) => version === history.length)))
  const hashes = [coordinator, ...devices].map((node) => node.snapshot().adapterHash)
  expect(new Set(hashes).size).toBe(1)
  return history
}

const status = {
  type: 'status',
  activity: 'training',
  round: 1,
  step: 1,
  steps: 2,
  loss: 1,
  tokensPerSecond: null,
}
const report = { type: 'report', round: 1, alone: null, aloneRecall: null, own: null }
const held = { type: 'ready', modelHash, backend: 'cpu', device: 'a toy', examples: 4, corpus: 'facts' }

const entryOf = (key: string, peer: string) => entry(key, { peer, openedAtMs: 9e15, modelHash })

describe('one message of a member', () => {
  it.each<[string, Message]>([
    ['names a corpus that nobody knows', { ...held, examples: 0, corpus: 'nonsense' }],
    ['lacks an adapter that there is not', { type: 'lacks', adapter: 'cluster-9', version: 1 }],
    ['lacks a version that there is not', { type: 'lacks', adapter: 'global', version: 99 }],
    ['has loaded what there is not', { type: 'loaded', adapter: '__proto__', version: 1, hash: modelHash }],
    ['answers a trial that nobody held', { type: 'tried', round: 1, adapter: 'cluster-1', loss: 1 }],
    [
      'votes on a merge that nobody asked it about',
      { type: 'judged', round: 1, adapter: 'global', version: 1, before: 0, after: 9 },
    ],
    ['reports numbers that overflow in a sum', { ...report, aloneRecall: 1e308 }],
    ['counts more examples than there are', { ...held, examples: Number.MAX_SAFE_INTEGER }],
    ['trains in a round of the far future', { ...status, round: 2 ** 50, step: 1, steps: 0 }],
  ])('that %s is dropped, and the run is measured to its end', async (_, message) => {
    const { coordinator, devices, villain } = await withVillain('rounds=3&aggregation=fedavg')
    tellAll(villain, message)
    await settle()
    const history = await endsWell(coordinator, devices)
    expect(history.map(({ round, contributors }) => [round, contributors])).toEqual(
      [1, 2, 3].map((r) => [r, 2]),
    )
    expect(history.every(({ heldOut, recall }) => heldOut !== null && recall !== null)).toBe(true)
    const { lossPoints } = coordinator.store.getState()
    for (const { rounds } of Object.values(lossPoints).flat()) expect(rounds).toBeLessThanOrEqual(3)
  })

  it('does not hide the devices from each other: a line that cannot be read is left out', async () => {
    const room = federationInMemory()
    const fake = room.villain.coordinator()
    const device = await room.device('a', 1)
    await settle()
    const line = (key: string, name: string) => {
      const { isSelf: _, ...told } = blankDevice(key, 'device', name)
      return { ...told, peer: 'p', index: 0, activity: 'idle' }
    }
    const lines = [line('b', 'Bea'), line('', 'no key'), line('c', 'C'.repeat(64)), line('__proto__', 'p')]
    const many = Array.from({ length: 300 }, (_, at) => line(`many ${at}`, `Many ${at}`))
    const more = Array.from({ length: 300 }, (_, at) => line(`more ${at}`, `More ${at}`))
    const digest = { type: 'digest', gone: [], standing: null }
    for (const said of [
      { ...digest, number: 1, begins: true, devices: [...lines, ...many] },
      { ...digest, number: 2, begins: false, devices: [...more, { key: 'b', step: 'many' }] },
    ])
      tellAll(fake, await room.signed(said as unknown as ToDevice))
    const { devices } = await until(device, (state) => state.devices.length > 2)
    const names = devices.map(({ name }) => name)
    expect(names).toContain('Bea')
    expect(names).toContain('Many 0')
    expect(names).not.toContain('no key')
    expect(devices.length).toBeLessThanOrEqual(257)
  })

  it('cannot make a name longer than everybody reads', async () => {
    const long = 'x'.repeat(40)
    const { coordinator, devices, villain } = await withVillain('rounds=1&aggregation=fedavg', long)
    tellAll(villain, { type: 'rename', name: long })
    devices[0].rename(long)
    for (const node of [coordinator, devices[1]])
      await until(node, (state) => state.devices.filter(({ name }) => name.startsWith('xxx')).length === 2)
  })
})

describe('a guest without text', () => {
  it('that never answers holds no round up', async () => {
    const { coordinator, devices, villain } = await withVillain('rounds=3&aggregation=fedavg&baselines=0')
    const beganAt = performance.now()
    expect(villain.peers.size).toBe(1)
    await endsWell(coordinator, devices)
    // Each round would have waited 20 s for it.
    expect(performance.now() - beganAt).toBeLessThan(20_000)
  })
})

describe('a member that says the same thing again and again', () => {
  const logOf = async (room: Room) => (await room.storedRoom()).value!.log

  it('makes the log no longer than its last word needs', async () => {
    const { room, coordinator, villain } = await withVillain('rounds=1&aggregation=fedavg')
    tellAll(villain, held)
    await settle()
    const before = (await logOf(room)).length
    for (let at = 0; at < 2000; at++) {
      tellAll(villain, { ...status, activity: at % 2 === 0 ? 'paused' : 'idle' })
      tellAll(villain, { ...held, examples: 1 + (at % 2) })
      tellAll(villain, { type: 'volunteer', isEdge: at % 2 === 0, pass: null })
      tellAll(villain, { type: 'loaded', adapter: 'global', version: 0, hash: modelHash })
      tellAll(villain, { type: 'measured', tokensPerSecond: 1 + at })
    }
    await until(coordinator, () => true)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await logOf(room)).length - before).toBeLessThan(12)
  })

  it('draws a whole adapter once', async () => {
    const { villain } = await withVillain('rounds=1&aggregation=fedavg')
    const wholes: unknown[] = []
    villain.on('message', (_, { type, version }) => type === 'adapter' && wholes.push(version))
    for (let at = 0; at < 500; at++) tellAll(villain, { type: 'lacks', adapter: 'global', version: 0 })
    for (let at = 0; at < 500; at++) tellAll(villain, { type: 'lacks', adapter: 'global', version: at })
    await settle()
    await settle()
    expect(wholes).toEqual([0])
  })
})

describe('a neighbour that pulls the same version again and again', () => {
  it('gets it once', async () => {
    const room = federationInMemory()
    const node = await room.peer('a', 1, 'rounds=4&aggregation=fedavg')
    await ready(node, 1)
    const villain = room.villain.equal('villain')
    villain.reach('mischief', villain.sighted)
    await settle()
    const wholes: unknown[] = []
    villain.on('message', (_, { type, version }) => type === 'adapter' && wholes.push(version))
    tellAll(villain, {
      type: 'news',
      order: null,
      entries: [entryOf('villain', villain.self)],
      agreement: { settings: node.store.getState().settings, stamp: 0, openedAtMs: 9e15, by: 'villain' },
    })
    for (let at = 0; at < 300; at++) tellAll(villain, { type: 'pull', version: 0 })
    await settle()
    expect(wholes).toEqual([0])
    await node.leave()
  })
})

describe('a room that is full', () => {
  it('says so to whoever comes next, and to whoever calls itself the coordinator', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=1&aggregation=fedavg')
    const crowd = Array.from({ length: 66 }, (_, at) => room.villain.member(`guest ${at}`))
    const double = room.villain.member('coordinator')
    const told: string[] = []
    for (const guest of [...crowd, double]) guest.on('problem', ({ code }) => told.push(code))
    await settle()
    await settle()
    expect(told.sort()).toEqual(['key-taken', 'room-full', 'room-full'])
    const { devices } = coordinator.store.getState()
    expect(devices).toHaveLength(65)
    expect(devices.find(({ isSelf }) => isSelf)).toMatchObject({ role: 'coordinator', name: 'Coordinator' })
  })

  it('tells a device why it waits', async () => {
    const room = federationInMemory()
    await room.coordinator('rounds=1&aggregation=fedavg')
    for (let at = 0; at < 64; at++) room.villain.member(`guest ${at}`)
    await settle()
    const device = await room.device('late', 1)
    await until(device, ({ problems }) => problems.some(({ code }) => code === 'room-full'))
    expect(codes(device)).not.toContain('coordinator-gone')
  })

  it('forgets those who came and went without a trace: the page and the log of devices stay as they are', async () => {
    const { coordinator, devices, room } = await withVillain('rounds=2&aggregation=fedavg')
    for (let at = 0; at < 300; at++) {
      room.villain.member(`passer-by ${at}`)
      await new Promise((resolve) => setImmediate(resolve))
      await new Promise((resolve) => setImmediate(resolve))
      room.kill(`passer-by ${at}`)
    }
    await settle()
    expect(coordinator.store.getState().devices.length).toBeLessThanOrEqual(256)
    await endsWell(coordinator, devices)
  })
})

describe('whoever comes late', () => {
  it('is told the whole run, however long it was', async () => {
    const room = federationInMemory()
    const before = await room.coordinator('rounds=500&aggregation=fedavg')
    await until(before, ({ phase }) => phase.kind === 'lobby')
    const ofAll = Object.fromEntries(
      Array.from({ length: 40 }, (_, at) => [`device-${at}-${'k'.repeat(8)}`, 1.25]),
    )
    const history = Array.from({ length: 480 }, (_, at) => ({
      round: at + 1,
      version: at + 1,
      seconds: at,
      bytes: 1,
      heldOut: 1,
      train: 1,
      alone: 1,
      trainByDevice: ofAll,
      aloneByDevice: ofAll,
      recall: null,
      general: null,
      contributors: 40,
      distortion: null,
      staleness: null,
      lanBytes: null,
    }))
    expect(JSON.stringify(history).length).toBeGreaterThan(2 ** 20)
    await room.storeRoom({ history })
    await room.reloadCoordinator()
    const late = await room.device('late', 1)
    const state = await until(late, (seen) => seen.history.length === 480)
    expect(state.history).toEqual(history)
  })
})
