import { describe, expect, it } from 'vitest'
import { federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const rounds = 3
const finishedAfter = (node: GossamerNode, count: number) =>
  until(node, ({ phase, history }) => phase.kind === 'finished' && history.length === count)
const finished = (node: GossamerNode) => finishedAfter(node, rounds)
const ready = (node: GossamerNode, count: number) =>
  until(node, ({ devices }) => devices.filter(({ examples }) => examples > 0).length === count)
const holds = (node: GossamerNode, version: number, hash: string | null) =>
  until(node, (state) => state.version === version && state.adapterHash === hash)
const hashOf = (node: GossamerNode) => node.snapshot().adapterHash

type Room = ReturnType<typeof federationInMemory>
const targets = { a: 2, b: -1, c: 0.3 }
const devicesIn = (room: Room) =>
  Promise.all(Object.entries(targets).map(([key, target]) => room.device(key, target)))

describe('a hierarchical federation of tabs', () => {
  it.each(['fedavg', 'ffa'])(
    'with one edge and one edge round is the flat %s, bit for bit',
    async (aggregation) => {
      const adapters: (string | null)[] = []
      for (const scheme of ['synchronous', 'hierarchical']) {
        const room = federationInMemory()
        const query = `scheme=${scheme}&edges=1&edgeRounds=1&rounds=${rounds}&baselines=0&aggregation=${aggregation}`
        const coordinator = await room.coordinator(query)
        const devices: GossamerNode[] = []
        for (const [key, target] of Object.entries(targets)) {
          devices.push(await room.device(key, target))
          await ready(coordinator, devices.length) // the same indices in both
        }
        if (scheme === 'hierarchical') devices.push(await room.edge('edge'))
        await until(coordinator, (state) => state.devices.length === devices.length + 1)
        coordinator.start()
        const { history, adapterHash } = await finished(coordinator)
        expect(history.map(({ version }) => version)).toEqual([1, 2, 3])
        await Promise.all(devices.map((node) => holds(node, rounds, adapterHash)))
        expect(coordinator.snapshot().errors).toEqual([])
        adapters.push(adapterHash)
      }
      expect(adapters[0]).not.toBeNull()
      expect(adapters[1]).toBe(adapters[0])
    },
  )

  it.each(['none', 'topk-int8'])(
    'lets two edges merge twice before they speak with the coordinator (%s)',
    async (compression) => {
      const room = federationInMemory()
      const coordinator = await room.coordinator(
        `scheme=hierarchical&edgeRounds=2&rounds=${rounds}&compression=${compression}`,
      )
      const edges = [await room.edge('e', 1), await room.edge('f', -2)]
      const devices = await devicesIn(room)
      await ready(coordinator, 5)
      coordinator.start()
      const state = await finished(coordinator)
      await Promise.all([...edges, ...devices].map((node) => holds(node, rounds, state.adapterHash)))
      const { history } = state
      for (const { trainByDevice, aloneByDevice, lanBytes } of history) {
        expect(Object.keys(trainByDevice).sort()).toEqual(['a', 'b', 'c', 'e', 'f'])
        expect(Object.keys(aloneByDevice).sort()).toEqual(['a', 'b', 'c', 'e', 'f'])
        expect(lanBytes).not.toBeNull()
      }
      expect(state.devices.filter(({ isEdge }) => isEdge).map(({ key }) => key)).toEqual(['e', 'f'])
      for (const { role, edge } of state.devices) if (role !== 'coordinator') expect(edge).toMatch(/^[ef]$/)
      expect(coordinator.snapshot().errors).toEqual([])
      for (const node of [...edges, ...devices]) expect(node.snapshot().errors).toEqual([])
      await until(devices[0], (seen) => seen.devices.filter(({ isEdge }) => isEdge).length === 2)
    },
  )

  it('hands the devices of an edge that dies in a round over to another one', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator(`scheme=hierarchical&edges=0&rounds=${rounds}&baselines=0`)
    await room.edge('e', null, 'pass')
    const survivor = await room.edge('f', null, 'pass')
    let turns = 0
    const devices = await Promise.all(
      Object.entries(targets).map(([key, target]) =>
        room.device(key, async (_, start) => {
          turns++
          if (turns === 4) room.kill('e')
          await new Promise((resolve) => setTimeout(resolve, 20))
          return start.map((value) => value + 0.1 * (target - value))
        }),
      ),
    )
    await ready(coordinator, 3)
    coordinator.start()
    const { adapterHash, devices: seen } = await finished(coordinator)
    await Promise.all([survivor, ...devices].map((node) => holds(node, rounds, adapterHash)))
    const attached = seen.filter(({ key }) => key in targets).map(({ edge }) => edge)
    expect(attached).toEqual(['f', 'f', 'f'])
  })

  it('does not wait at an edge for a device that wants to be forgotten, and tells it the version that came of the round', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('scheme=hierarchical&edges=0&rounds=2&baselines=0')
    await room.edge('e', null, 'pass')
    await room.device('a', 2)
    let begun = () => {}
    const isTraining = new Promise<void>((resolve) => {
      begun = resolve
    })
    const leaver = await room.device('b', ({ learningRate }, start) => {
      if (learningRate < 1e-5) return start // its speed is measured
      begun()
      return new Promise(() => {})
    })
    await ready(coordinator, 2)
    coordinator.start()
    await isTraining
    leaver.forget('b')
    const { certificates } = await finishedAfter(coordinator, 2)
    expect(certificates).toMatchObject([
      { unlearned: { kind: 'not-kept' }, versions: { before: 1, after: 1 } },
    ])
    await until(leaver, ({ forgetting, phase }) => forgetting === null && phase.kind === 'finished')
  })

  it('lets nobody merge who only asks: the teacher, or an invitation of the coordinator’s, appoints', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('scheme=hierarchical&edges=0&rounds=1&baselines=0')
    const edgesSeen = () =>
      coordinator.store
        .getState()
        .devices.filter(({ isEdge }) => isEdge)
        .map(({ key }) => key)
    await room.edge('asks')
    await room.edge('forged', null, 'another pass')
    await until(coordinator, ({ devices }) => devices.filter(({ volunteers }) => volunteers).length === 2)
    expect(edgesSeen()).toEqual([])
    await room.edge('invited', null, 'pass')
    await until(coordinator, () => edgesSeen().length === 1)
    expect(edgesSeen()).toEqual(['invited'])
    coordinator.appoint('asks', true)
    expect(edgesSeen()).toEqual(['asks', 'invited'])
  })

  it('makes nobody an edge who only says so, also where rounds begin by themselves: its invitation does', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('scheme=hierarchical&edges=0&rounds=1&baselines=0&autostart=2')
    await room.edge('e', null, 'pass')
    await room.edge('only asks')
    const state = await until(coordinator, ({ devices }) => devices.some(({ isEdge }) => isEdge))
    expect(state.devices.filter(({ isEdge }) => isEdge).map(({ key }) => key)).toEqual(['e'])
    const device = await room.device('d', 1)
    await ready(coordinator, 1)
    device.appoint('d', true)
    const { devices } = await until(coordinator, ({ devices }) =>
      devices.some(({ key, volunteers }) => key === 'd' && volunteers),
    )
    for (const asking of ['d', 'only asks'])
      expect(devices.find(({ key }) => key === asking)!.isEdge, asking).toBe(false)
  })

  it('goes on flat when the only edge dies, and with an edge that the coordinator appoints', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator(
      `scheme=hierarchical&rounds=${rounds}&baselines=0&edges=1&localSteps=4`,
    )
    await room.edge('e')
    const devices = await devicesIn(room)
    await ready(coordinator, 3)
    coordinator.stepRound()
    await until(coordinator, ({ phase, history }) => phase.kind === 'paused' && history.length === 1)
    room.kill('e')
    coordinator.resume()
    const { adapterHash, devices: seen } = await finished(coordinator)
    await Promise.all(devices.map((node) => holds(node, rounds, adapterHash)))
    const edges = seen.filter(({ isEdge, activity }) => isEdge && activity !== 'gone')
    expect(edges).toHaveLength(1)
    expect(Object.keys(targets)).toContain(edges[0].key)
  })

  it('lets a person appoint an edge, and a device volunteer or step back', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('scheme=hierarchical&edges=0&baselines=0')
    const [first, second] = await devicesIn(room)
    await ready(coordinator, 3)
    const edges = () =>
      coordinator.store.getState().devices.flatMap(({ key, isEdge }) => (isEdge ? [key] : []))
    coordinator.appoint('c', true)
    expect(edges()).toEqual(['c'])
    const volunteers = () =>
      coordinator.store.getState().devices.flatMap(({ key, volunteers }) => (volunteers ? [key] : []))
    first.appoint('a', true)
    await until(coordinator, () => volunteers().length === 1)
    expect(edges(), 'it only asks').toEqual(['c'])
    coordinator.appoint('a', true)
    expect(edges()).toEqual(['a', 'c'])
    first.appoint('a', false)
    await until(coordinator, () => edges().length === 1)
    expect(() => second.appoint('a', true)).toThrow(/Only the coordinator/)
  })

  it('carries on after the coordinator was reloaded', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator(`scheme=hierarchical&edges=0&rounds=${rounds}&baselines=0`)
    const edges = [await room.edge('e', null, 'pass'), await room.edge('f', null, 'pass')]
    const devices = await devicesIn(room)
    await ready(coordinator, 3)
    coordinator.stepRound()
    await until(coordinator, ({ phase, history }) => phase.kind === 'paused' && history.length === 1)
    const again = await room.reloadCoordinator()
    await until(
      again,
      ({ devices }) =>
        devices.filter(({ examples, activity }) => examples > 0 && activity === 'idle').length === 3,
    )
    again.resume()
    const { adapterHash } = await finished(again)
    await Promise.all([...edges, ...devices].map((node) => holds(node, rounds, adapterHash)))
    expect(hashOf(again)).toBe(adapterHash)
  })
})
