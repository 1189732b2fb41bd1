/** Rooms that promise privacy: what leaves a device, what is counted, and where training ends. */
import { describe, expect, it } from 'vitest'
import { epsilonOf, repeated, spentBy } from '../../federation/privacy/accountant'
import { inVirtualTime, slowly } from '../fixtures/gossiping'
import { bOf, federationInMemory } from '../fixtures/room'
import { until } from '../fixtures/world'
import type { GossamerNode } from '../gossamerNode'
import type { NodeState } from '../state'

const devices = ['a', 'b', 'c']
const holdText = ({ devices }: NodeState) => devices.filter(({ examples }) => examples > 0).length === 3

async function roomOf(query: string, room = federationInMemory()) {
  const coordinator = await room.coordinator(`${query}&rounds=6`)
  const tabs = await Promise.all(devices.map((key) => room.device(key, slowly(2, 20))))
  return { room, coordinator, tabs }
}
async function run(query: string) {
  const opened = await roomOf(query)
  await until(opened.coordinator, holdText)
  opened.coordinator.start()
  return { ...opened, state: await finished(opened.coordinator) }
}
const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, version }) => phase.kind === 'finished' && history.length === version)
const epsilonAfter = (rounds: number, noise: number) =>
  epsilonOf(repeated(spentBy({ noise, rate: 1 }), rounds), 1e-5)
const epsilonOfTab = (node: GossamerNode) => node.snapshot().privacy?.epsilon

describe('a room that hides each tab’s text', () => {
  inVirtualTime()

  it('counts what every update tells, on each device and on the coordinator', async () => {
    const { coordinator, tabs, state } = await run('privacy=client&noise=1&clip=0.5')
    expect(state.history).toHaveLength(6)
    for (const node of [coordinator, ...tabs]) {
      expect(node.snapshot().privacy).toMatchObject({
        unit: 'device',
        noise: 1,
        clip: 0.5,
        updates: 6,
        budget: null,
      })
      expect(epsilonOfTab(node)).toBeCloseTo(epsilonAfter(6, 1), 6)
    }
  })

  it('tells no number that follows from private text without noise', async () => {
    const { coordinator, state } = await run('privacy=client&noise=1&clip=0.5')
    for (const { train, alone, trainByDevice, aloneByDevice } of state.history)
      expect([train, alone, trainByDevice, aloneByDevice]).toEqual([null, null, {}, {}])
    expect(state.lossPoints).toEqual({})
    for (const { role, trainLoss, examples } of coordinator.store.getState().devices)
      if (role !== 'coordinator') expect([trainLoss, examples]).toEqual([null, 1])
  })

  it('moves the adapter no further than clip and noise, and not as without them', async () => {
    const merged = async (query: string) => bOf((await run(query)).coordinator.adapter()!)
    const plain = await merged('aggregation=ffa')
    const clipped = await merged('privacy=client&noise=0&clip=0.01')
    expect(plain).toBeGreaterThan(0.5)
    expect(clipped).toBeGreaterThan(0)
    expect(clipped).toBeLessThanOrEqual(6 * 0.01 + 1e-6)
    expect(await merged('privacy=client&noise=1&clip=0.01')).not.toBe(clipped)
  })

  it('goes on under masks, where each device adds a share of the noise', async () => {
    const { coordinator, tabs, state } = await run('privacy=client&noise=1&clip=0.01&secure=1')
    expect(state.version).toBe(6)
    expect(coordinator.snapshot().errors).toEqual([])
    for (const tab of tabs) expect(epsilonOfTab(tab)).toBeCloseTo(epsilonAfter(6, 1), 6)
  })

  it('promises nothing where there is a clip and no noise', async () => {
    const { coordinator, tabs } = await run('privacy=client&noise=0&clip=0.01')
    for (const node of [coordinator, ...tabs]) expect(node.snapshot().privacy?.epsilon).toBeNull()
  })

  it('ends when every budget is spent, with what the last round has learned', async () => {
    const { coordinator, tabs, state } = await run('privacy=client&noise=1&epsilon=12')
    expect(state.phase).toEqual({ kind: 'finished', why: 'The privacy budget of every text here is spent.' })
    const rounds = state.history.length
    expect(epsilonAfter(rounds, 1)).toBeLessThanOrEqual(12)
    expect(epsilonAfter(rounds + 1, 1)).toBeGreaterThan(12)
    expect(coordinator.snapshot()).toMatchObject({
      version: rounds,
      privacy: { isSpent: true, updates: rounds },
    })
    for (const tab of tabs) expect(tab.snapshot().errors.map(({ code }) => code)).toContain('budget-spent')
  })

  it('does not let an edge wait for devices whose budget ends between two of its rounds', async () => {
    const { coordinator, state } = await run(
      'scheme=hierarchical&edges=1&edgeRounds=2&privacy=client&noise=1&epsilon=6',
    )
    expect(state.phase).toMatchObject({ kind: 'finished', why: expect.stringContaining('budget') })
    expect(state.history).toHaveLength(1)
    expect(state.history[0].seconds).toBeLessThan(30)
    expect(coordinator.snapshot()).toMatchObject({ version: 1, errors: [] })
  })

  it('lasts for all rounds where noise follows from the budget', async () => {
    const { coordinator, state } = await run('privacy=client&noise=auto&epsilon=5')
    expect(state.history).toHaveLength(6)
    expect(epsilonOfTab(coordinator)).toBeLessThanOrEqual(5)
    expect(epsilonOfTab(coordinator)).toBeGreaterThan(4.9)
  })

  it('never trains with a budget of zero, and says so', async () => {
    const { coordinator, tabs } = await roomOf('privacy=client&epsilon=0')
    await until(
      coordinator,
      ({ accounts }) => Object.values(accounts).filter(({ isSpent }) => isSpent).length === 3,
    )
    coordinator.start()
    const state = await finished(coordinator)
    expect([state.version, state.history]).toEqual([0, []])
    expect(state.phase).toMatchObject({ kind: 'finished', why: expect.stringContaining('budget') })
    for (const tab of tabs)
      expect(tab.snapshot().privacy).toMatchObject({ epsilon: 0, isSpent: true, budget: 0 })
  })

  it('remembers what a text has told when its tab leaves and comes back', async () => {
    const { room, tabs } = await run('privacy=client&noise=1')
    await tabs[0].leave()
    const again = await room.device('a', slowly(2, 20))
    await until(again, ({ accounts }) => Object.keys(accounts).length > 0)
    expect(again.snapshot().privacy).toMatchObject({ updates: 6 })
    expect(epsilonOfTab(again)).toBeCloseTo(epsilonAfter(6, 1), 6)
  })

  it('moves a clip that follows lengths to where half of the changes stay within it', async () => {
    const { coordinator } = await run('rounds=30&privacy=client&noise=0.01&clip=auto')
    expect(coordinator.snapshot().round).toBe(30)
    // It begins at 1, and changes are a third of that and shorter.
    expect(coordinator.snapshot().privacy?.clip).toBeLessThan(0.4)
    expect(coordinator.snapshot().privacy?.clip).toBeGreaterThan(0.01)
  })
})

describe('a room that hides each row', () => {
  inVirtualTime()

  it('gives the engine a secret of its own for each update, and counts its steps', async () => {
    const secrets = new Set<string>()
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=3&privacy=example&noise=2&clip=0.1')
    for (const key of devices)
      await room.device(key, (request, start) => {
        expect(request.privacy).toMatchObject({ clip: 0.1, noise: 2 })
        expect(request.privacy?.rate).toBeLessThanOrEqual(1)
        secrets.add([...request.privacy!.secret].join())
        return start.map((value) => value + 0.01)
      })
    await until(coordinator, holdText)
    coordinator.start()
    await finished(coordinator)
    expect(secrets.size).toBe(9)
    const { privacy } = coordinator.snapshot()
    expect(privacy).toMatchObject({ unit: 'example', updates: 3, epsilonIfReplaced: null })
    expect(privacy!.epsilon).toBeGreaterThan(0)
  })
})
