/** Secure rounds of real nodes: what comes out, what the coordinator gets to see, and what happens where somebody goes. */
import { describe, expect, it } from 'vitest'
import type { Message } from '../../network/network'
import { finished, inVirtualTime, slowly } from '../fixtures/gossiping'
import { bOf, federationInMemory, type Training, towards } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'

const targets = [2, 1.5, -1, 0.5]
const common = 'secure=1&baselines=0'

interface Heard {
  readonly from: string
  readonly to: string
  readonly message: Message
  readonly attachment: Uint8Array | null
}

async function secureRoom(query: string, trainings: readonly (Training | number)[] = targets) {
  const room = federationInMemory()
  const heard: Heard[] = []
  room.overhear((from, to, message, attachment) => heard.push({ from, to, message, attachment }))
  const coordinator = await room.coordinator(`${common}&${query}`)
  const devices = await Promise.all(
    trainings.map((training, at) =>
      room.device(`d${at}`, typeof training === 'number' ? slowly(training, 50) : training),
    ),
  )
  await holdText(coordinator, trainings.length)
  return { room, heard, coordinator, devices }
}

const holdText = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity }) => examples > 0 && activity !== 'gone').length === count,
  )
const adapterOf = (node: GossamerNode) => bOf(node.adapter()!)

describe('a secure federation', () => {
  inVirtualTime()

  it('learns what an open one learns, to a step of the common grid', async () => {
    const { coordinator, devices } = await secureRoom('rounds=3')
    coordinator.start()
    const shown = await finished(coordinator)
    expect(shown.problems).toEqual([])
    expect(shown.history.map(({ contributors }) => contributors)).toEqual([4, 4, 4])
    const open = await secureRoom('rounds=3&secure=0')
    open.coordinator.start()
    await finished(open.coordinator)
    expect(adapterOf(coordinator)).not.toBe(0)
    expect(adapterOf(coordinator)).toBeCloseTo(adapterOf(open.coordinator), 5)
    for (const node of devices) {
      await until(node, ({ version }) => version === 3)
      expect(node.snapshot().adapterHash).toBe(coordinator.snapshot().adapterHash)
      expect(node.store.getState().problems).toEqual([])
    }
  })

  it('shows the coordinator no device’s numbers: in no message, and in nothing that it stores', async () => {
    const { room, heard, coordinator } = await secureRoom('rounds=2')
    coordinator.start()
    await finished(coordinator)
    const got = heard.filter(({ to }) => to === 'coordinator')
    expect(got.filter(({ message }) => message.type === 'update')).toEqual([])
    const vectors = got.flatMap(({ message, attachment }) => (message.type === 'masked' ? [attachment!] : []))
    expect(vectors).toHaveLength(8)
    // Every device's first change of B: a tenth of the way to its target.
    const single = targets.map((target) => Math.fround(0.1 * target))
    const stored = JSON.stringify((await room.storedRoom()).value, (_, value) =>
      value instanceof Uint8Array ? [...value] : value,
    )
    for (const value of single) {
      const bytes = new Uint8Array(Float32Array.of(value).buffer)
      for (const vector of vectors) {
        expect(includes(vector, bytes)).toBe(false)
        for (const word of new Uint32Array(vector.slice().buffer).subarray(1, 3))
          expect(Math.abs((word / 2 ** 24) * 2 - 1 - value)).toBeGreaterThan(1e-6)
      }
      expect(stored).not.toContain([...bytes].join())
    }
  })

  it('takes at most twice the bytes of open rounds for what devices send, from a vector of some thousands on', async () => {
    const traffic = async (query: string) => {
      const { heard, coordinator } = await secureRoom(query)
      coordinator.start()
      await finished(coordinator)
      return heard
    }
    const secure = await traffic('rounds=2')
    const bytesOf = (all: readonly Heard[], wanted: (kind: string) => boolean) =>
      all
        .filter(({ message }) => wanted(message.type))
        .reduce(
          (sum, { message, attachment }) => sum + JSON.stringify(message).length + (attachment?.length ?? 0),
          0,
        )
    const ofProtocol = bytesOf(secure, (kind) => kind.startsWith('secure-'))
    const [rounds, devices] = [2, targets.length]
    const perDevice = ofProtocol / (rounds * devices)
    // For each pair: two keys, two sealed shares each way, two shares told; and no more than 1200 bytes of it.
    expect(perDevice).toBeLessThan(1200 * devices)
    const vector = 4 * 4000
    expect((vector + 4 + perDevice) / vector).toBeLessThan(2)
  })

  it.each([
    ['before it sends', 20],
    ['after it has sent', 120],
  ])('goes on without a device that dies %s', async (_, afterMs) => {
    const never: Training = () => new Promise(() => {})
    const last: Training = afterMs === 20 ? never : slowly(0.5, 50)
    const others = [2, 1.5, -1].map((target) => slowly(target, 200))
    const { room, coordinator } = await secureRoom('rounds=1', [...others, last])
    setTimeout(() => room.kill('d3'), afterMs)
    coordinator.start()
    const { history, problems } = await finished(coordinator)
    expect(history[0].contributors).toBe(afterMs === 20 ? 3 : 4)
    expect(problems).toEqual([])
    const expected = [2, 1.5, -1, ...(afterMs === 20 ? [] : [0.5])]
    const mean = expected.reduce((sum, target) => sum + 0.1 * target, 0) / expected.length
    expect(adapterOf(coordinator)).toBeCloseTo(mean, 5)
  })

  it('merges nothing of two devices, also after a reload, and says why', async () => {
    const { room, coordinator } = await secureRoom('rounds=1', [1, 2])
    coordinator.start()
    const why = 'a sum of so few would hide nobody: 3 are needed.'
    const { phase, version } = await until(coordinator, ({ phase }) => phase.kind === 'paused')
    expect(phase).toMatchObject({ why: expect.stringContaining(why) })
    expect(version).toBe(0)
    const again = await room.reloadCoordinator()
    await holdText(again, 2)
    again.resume()
    const after = await until(again, ({ phase, problems }) => phase.kind === 'paused' && problems.length > 0)
    expect(after.phase).toMatchObject({ why: expect.stringContaining(why) })
    expect(after.version).toBe(0)
    await room.device('d2', slowly(3, 20))
    const { problems } = await finished(again)
    expect(problems, 'with a third it goes on by itself, and nothing is wrong any more').toEqual([])
  })

  it('tries a round again whose coordinator was reloaded in its middle', async () => {
    const trainings = targets.map((target) => slowly(target, 1000))
    const { room, heard, coordinator } = await secureRoom('rounds=2', trainings)
    coordinator.start()
    await until(coordinator, ({ round }) => round.stage === 'training' && round.arrived === 0)
    await new Promise((resolve) => setTimeout(resolve, 500))
    const again = await room.reloadCoordinator()
    const { history } = await finished(again)
    expect(history.map(({ contributors }) => contributors)).toEqual([4, 4])
    const keys = heard.flatMap(({ message }) =>
      message.type === 'secure-keys' ? [JSON.stringify(message)] : [],
    )
    expect(new Set(keys).size).toBe(12)
  })

  it('leaves a device out that diverges, and says so', async () => {
    const diverging: Training = () => Float32Array.of(Number.NaN, 0, 0, 0)
    const { coordinator } = await secureRoom('rounds=1', [
      ...[2, 1.5, -1].map((target) => slowly(target, 50)),
      diverging,
    ])
    coordinator.start()
    const { history, problems } = await finished(coordinator)
    expect(history[0].contributors).toBe(3)
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining('training diverged on that device'),
    ])
  })

  it.each(['fedadam', 'fedavgm', 'ffa', 'rolora', 'fedsa'])(
    'runs with aggregation=%s',
    async (aggregation) => {
      const { coordinator } = await secureRoom(
        `rounds=2&aggregation=${aggregation}`,
        targets.map((target) => towards(target)),
      )
      coordinator.start()
      const { problems, history } = await finished(coordinator)
      expect(problems).toEqual([])
      expect(history.map(({ distortion }) => distortion)).toEqual([null, null])
    },
  )
})

describe('a secure federation of clusters', () => {
  inVirtualTime()

  it('tells devices apart by loss alone, and sums in each cluster', async () => {
    const room = federationInMemory()
    const heard: Heard[] = []
    room.overhear((from, to, message, attachment) => heard.push({ from, to, message, attachment }))
    const query =
      'scheme=clustered&clusterBy=loss&clusters=2&warmUpRounds=1&reclusterEvery=1&rounds=6&baselines=0&secure=1'
    const coordinator = await room.coordinator(query)
    for (const [at, target] of [2, 2.2, 2.1, -2, -2.2, -2.1].entries())
      await room.device(`d${at}`, slowly(target, 20), {
        evaluate: async (adapter) => ({ loss: adapter ? Math.abs(target - bOf(adapter)) : 3, tokens: 10 }),
      })
    await holdText(coordinator, 6)
    coordinator.start()
    const { problems, devices } = await finished(coordinator)
    expect(problems).toEqual([])
    const clusterOf = (key: string) => devices.find((device) => device.key === key)!.cluster
    expect(new Set(['d0', 'd1', 'd2'].map(clusterOf)).size).toBe(1)
    expect(clusterOf('d3')).not.toBe(clusterOf('d0'))
    expect(heard.filter(({ message }) => message.type === 'update')).toEqual([])
  })
})

describe('a secure federation with edges', () => {
  inVirtualTime()

  it('sums at each edge: the edge sees no update, and the coordinator none of less than all its devices', async () => {
    const room = federationInMemory()
    const heard: Heard[] = []
    room.overhear((from, to, message, attachment) => heard.push({ from, to, message, attachment }))
    const coordinator = await room.coordinator(
      'scheme=hierarchical&edges=1&edgeRounds=2&rounds=2&baselines=0&secure=1',
    )
    const edge = await room.edge('edge', null, 'pass')
    for (const [at, target] of targets.entries()) await room.device(`d${at}`, slowly(target, 20))
    await holdText(coordinator, 4)
    await until(coordinator, ({ devices }) => devices.some(({ key, isEdge }) => key === 'edge' && isEdge))
    coordinator.start()
    const { problems, history } = await finished(coordinator)
    expect([problems, edge.store.getState().problems]).toEqual([[], []])
    expect(history).toHaveLength(2)
    expect(heard.filter(({ message }) => message.type === 'update')).toEqual([])
    const masked = heard.filter(({ message }) => message.type === 'masked')
    expect(masked).toHaveLength(16)
    expect(new Set(masked.map(({ to }) => to))).toEqual(new Set(['edge']))
    const forwards = heard.flatMap(({ message }) =>
      message.type === 'forward' ? [Object.keys(message.trained as object)] : [],
    )
    expect(forwards).toEqual([
      ['d0', 'd1', 'd2', 'd3'],
      ['d0', 'd1', 'd2', 'd3'],
    ])
  })

  it('tells a device that no edge has room for why it waits, and whoever leads as well', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator(
      'scheme=hierarchical&edges=1&devicesPerEdge=3&edgeRounds=1&rounds=1&baselines=0&secure=1',
    )
    await room.edge('edge', null, 'pass')
    const devices: GossamerNode[] = []
    for (const [at, target] of targets.entries())
      devices.push(await room.device(`d${at}`, slowly(target, 20)))
    await holdText(coordinator, 4)
    await until(coordinator, ({ devices }) => devices.some(({ key, isEdge }) => key === 'edge' && isEdge))
    coordinator.start()
    const { problems, history } = await finished(coordinator)
    expect(history.map(({ contributors }) => contributors)).toEqual([3])
    expect(problems.map(({ code, message }) => [code, message.split(': ')[1]])).toEqual([
      ['passed-over', expect.stringMatching(/^No edge has room for this device/)],
    ])
    const told = devices.map((node) => node.store.getState().problems.map(({ message }) => message))
    expect(told.map((messages) => messages.length)).toEqual([0, 0, 0, 1])
    expect(told[3][0]).toMatch(/^No edge has room for this device.* It waits until an edge takes it/)
  })

  it('does not let an edge count that trains too: of three with it nothing is merged', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator(
      'scheme=hierarchical&edges=1&edgeRounds=1&rounds=1&baselines=0&secure=1',
    )
    await room.edge('edge', 1, 'pass')
    for (const target of [2, -1]) await room.device(`d${target}`, slowly(target, 20))
    await holdText(coordinator, 3)
    await until(coordinator, ({ devices }) => devices.some(({ key, isEdge }) => key === 'edge' && isEdge))
    coordinator.start()
    const { version } = await until(coordinator, ({ phase }) => phase.kind === 'paused')
    expect(version).toBe(0)
  })
})

const includes = (bytes: Uint8Array, part: Uint8Array): boolean =>
  [...bytes].join().includes([...part].join())
