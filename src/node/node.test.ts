import { describe, expect, it } from 'vitest'
import { federationInMemory } from './fixtures/room'
import { until } from './fixtures/world'
import type { GossamerNode } from './gossamerNode'
import type { NodeState } from './state'

const finished = (node: GossamerNode) =>
  until(node, ({ phase, history, round }) => phase.kind === 'finished' && history.length === round.of)
const devicesReady = (node: GossamerNode, count: number) =>
  until(
    node,
    ({ devices }) =>
      devices.filter(({ examples, activity }) => examples > 0 && activity !== 'gone').length === count,
  )
const hashes = (...nodes: GossamerNode[]) => new Set(nodes.map((node) => node.snapshot().adapterHash))

describe('a federation of tabs', () => {
  it('tells tabs of the same name apart, for everybody alike', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const [a, b] = [await room.device('a', 1), await room.device('b', 1)]
    await devicesReady(coordinator, 2)
    a.rename('Anna')
    await until(coordinator, ({ devices }) => devices.some(({ name }) => name === 'Anna'))
    b.rename('Anna')
    for (const node of [coordinator, a, b])
      await until(node, ({ devices }) =>
        ['Anna', 'Anna 2'].every((name) => devices.some((device) => device.name === name)),
      )
    const own = b.store.getState().devices.find(({ isSelf }) => isSelf)
    expect(own).toMatchObject({ key: 'b', name: 'Anna 2' })
  })

  it('trains round after round, and every tab ends with the same adapter, losses and rounds', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=3&aggregation=fedavg&autostart=2')
    const devices = await Promise.all([room.device('a', 1), room.device('b', 3)])
    await finished(coordinator)
    await Promise.all(devices.map((device) => until(device, ({ history }) => history.length === 3)))
    expect(hashes(coordinator, ...devices).size).toBe(1)
    for (const node of [coordinator, ...devices])
      expect(node.snapshot()).toMatchObject({ round: 3, version: 3, scheme: 'synchronous', errors: [] })
    // Both go a tenth of their way to 1 and 3: the average goes a tenth of its way to 2.
    expect(coordinator.snapshot().loss.heldOut).toBeCloseTo(3 - 2 * (1 - 0.9 ** 3), 5)
    expect(coordinator.snapshot().loss.base).toBe(3)
    expect(devices[0].snapshot().loss.alone).toBeCloseTo(3 - (1 - 0.9 ** 3), 5)
    expect(coordinator.snapshot().invite).toContain('#s=')
    expect(devices[0].snapshot().invite).toBeNull()
  })

  it('goes on when a device dies in the middle of a round', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2&aggregation=fedavg')
    await room.device('a', 1)
    await room.device('b', 1)
    await room.device('doomed', () => new Promise(() => {}))
    await devicesReady(coordinator, 3)
    coordinator.start()
    await until(coordinator, ({ round }) => round.arrived === 2)
    room.kill('doomed')
    const { devices, history } = await finished(coordinator)
    expect(history.map(({ contributors }) => contributors)).toEqual([2, 2])
    expect(devices.find(({ key }) => key === 'doomed')?.activity).toBe('gone')
  })

  it('refuses an update that is not a number, tells the teacher why, and keeps the round', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=1&aggregation=fedavg&baselines=0')
    await room.device('good', 1)
    const bad = await room.device('bad', (_, start) => start.map(() => Number.NaN))
    await devicesReady(coordinator, 2)
    coordinator.start()
    await finished(coordinator)
    const [problem] = coordinator.snapshot().errors
    expect(problem).toMatchObject({
      code: 'update-refused',
      message: expect.stringMatching(/NaN.*goes on without it/),
    })
    expect(bad.snapshot().errors[0]?.code).toBe('update-refused')
    expect(coordinator.snapshot().loss.heldOut).toBeCloseTo(2.9, 5)
  })

  it('gives a late joiner the newest adapter at once and lets it train from the next round on', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=2&aggregation=fedavg')
    await room.device('early', 1)
    await devicesReady(coordinator, 1)
    coordinator.stepRound()
    await until(coordinator, ({ history }) => history.length === 1)
    const late = await room.device('late', 1)
    await devicesReady(coordinator, 2)
    expect((await until(late, ({ version }) => version === 1)).history).toHaveLength(1)
    coordinator.stepRound()
    expect((await finished(coordinator)).history[1].contributors).toBe(2)
    expect(hashes(coordinator, late).size).toBe(1)
  })

  it('carries on after the coordinator is reloaded, from its log and its newest adapter', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=3&aggregation=fedavgm')
    const device = await room.device('a', 1)
    await devicesReady(coordinator, 1)
    coordinator.stepRound()
    await until(coordinator, ({ history }) => history.length === 1)
    const before = coordinator.snapshot()
    const again = await room.reloadCoordinator()
    await devicesReady(again, 1)
    expect(again.snapshot()).toMatchObject({
      round: 1,
      version: 1,
      adapterHash: before.adapterHash,
      room: 'TEST',
    })
    again.resume()
    expect((await finished(again)).history.map(({ round }) => round)).toEqual([1, 2, 3])
    await until(device, ({ history }) => history.length === 3)
    expect(hashes(again, device).size).toBe(1)
  })

  it('closes a tab’s part for the audience: it leaves and says why, and the others go on', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=1&aggregation=fedavg')
    const [staying, leaving] = [await room.device('a', 1), await room.device('b', 1)]
    const { devices } = await devicesReady(coordinator, 2)
    const { peer } = devices.find(({ key }) => key === 'b')!
    expect(() => staying.sendAway(peer)).toThrow('Only the coordinator')
    coordinator.sendAway(peer)
    const { problems } = await until(leaving, ({ phase }) => phase.kind === 'failed')
    expect(problems.at(-1)).toMatchObject({
      code: 'sent-away',
      message: expect.stringContaining('Reload this tab to come back'),
    })
    await until(coordinator, (state) =>
      state.devices.some(({ key, activity }) => key === 'b' && activity === 'gone'),
    )
    coordinator.start()
    expect((await finished(coordinator)).history[0].contributors).toBe(1)
    await leaving.leave()
  })

  it('closes a tab for a proof when its coordinator says so, and for nobody else', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const [asking, closing] = [await room.device('a', 1), await room.device('b', 1)]
    await devicesReady(coordinator, 2)
    const wish = { prompt: 'x', tokens: 4, temperature: 0, seed: 1 }
    const states = ({ rows }: Awaited<ReturnType<GossamerNode['prove']>>) =>
      rows.map(({ state }) => (state.kind === 'unproven' ? state.why.kind : state.kind))
    // Its engine knows no rows to hand on, and ends every text at once.
    expect(states(await coordinator.prove(wish))).toEqual(['done', 'broke', 'broke', 'done', 'short'])
    expect(coordinator.store.getState().proof?.isRunning).toBe(false)
    expect(states(await asking.prove(wish))[4]).toBe('coordinator-only')
    expect(closing.store.getState().phase.kind).toBe('lobby')
  })

  it('makes a proof as soon as it and the others are ready, whenever it was asked for one', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const wish = { prompt: 'x', tokens: 4, temperature: 0, seed: 1 }
    // Nobody has loaded anything yet, and the others are not there.
    const proof = coordinator.prove(wish)
    await Promise.all([room.device('a', 1), room.device('b', 1)])
    const { rows } = await proof
    expect(rows[0].state.kind).toBe('done')
    const again = await room.device('c', 1)
    expect(again.store.getState().model.hash).toBeNull()
    const { rows: its } = await again.prove(wish)
    expect(its[0].state.kind).toBe('done')
    expect(its[3].state.kind).toBe('done')
  })

  it('refuses at once what cannot be asked, and shows nothing of it', async () => {
    const room = federationInMemory()
    const node = await room.coordinator()
    await until(node, ({ model }) => model.hash !== null)
    // As a script may call it, which knows no types.
    const { generate, prove, ask, see } = node as unknown as Record<string, (...given: unknown[]) => unknown>
    const tokens = 'tokens: -3 is not a whole number from 1 to 4096.'
    await expect(generate()).rejects.toThrow('A question must be an object')
    await expect(generate({ prompt: 'x', tokens: -3 })).rejects.toThrow(tokens)
    await expect(prove()).rejects.toThrow('A question must be an object')
    await expect(prove({ prompt: 'x', tokens: -3 })).rejects.toThrow(tokens)
    await expect(prove({ prompt: 'x', mode: 'alone' })).rejects.toThrow('"mode" is not known here.')
    await expect(ask('x', { tokens: -3 })).rejects.toThrow(tokens)
    await expect(see(5)).rejects.toThrow('What this tab sees must be text, not 5.')
    const { proof, reasoning } = node.store.getState()
    expect([proof, reasoning.asking]).toEqual([null, null])
  })

  it('shows while a text is made how long it has taken so far', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const device = await room.device('a', 1)
    await devicesReady(coordinator, 1)
    const shown: number[] = []
    device.store.subscribe(({ reasoning: { asking } }) => {
      if (asking) shown.push(asking.tookMs)
    })
    await device.generate({ prompt: 'x' })
    expect(shown).toHaveLength(3) // as it is asked, with its only token, at the end
    expect(new Set(shown).size).toBe(3)
  })

  it('shows the newer of two texts that are made at once, and ends both', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const device = await room.device('a', 1)
    await devicesReady(coordinator, 1)
    const shown: number[] = []
    device.store.subscribe(({ reasoning: { asking } }) => shown.push(asking?.session ?? 0))
    const both = await Promise.all([device.generate({ prompt: 'x' }), device.generate({ prompt: 'y' })])
    expect(both.map(({ hash }) => hash.length)).toEqual([64, 64])
    expect(shown).toEqual(shown.toSorted((one, other) => one - other))
    expect(device.store.getState().reasoning.asking).toMatchObject({
      session: 2,
      prompt: 'y',
      isRunning: false,
    })
  })

  it('sees which modes can be had once it looks around, and when somebody comes', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    await coordinator.lookAround()
    expect(coordinator.store.getState().reasoning.lacking).toMatchObject({
      pipeline: expect.stringContaining('Nobody else'),
    })
    await room.device('a', 1)
    const { reasoning } = await until(coordinator, (state) => !state.reasoning.lacking.pipeline)
    expect(reasoning.lacking).toMatchObject({
      ensemble: expect.stringContaining('No other tab lets others ask'),
    })
    expect(reasoning.lacking.alone).toBeUndefined()
  })

  it('can offer what it learned alone once it has', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator('rounds=1&aggregation=fedavg')
    const device = await room.device('a', 1)
    await devicesReady(coordinator, 1)
    expect(device.store.getState().reasoning.knowsOwn).toBe(false)
    coordinator.start()
    await until(device, ({ reasoning }) => reasoning.knowsOwn)
    await coordinator.lookAround()
    await until(coordinator, ({ reasoning }) => reasoning.lacking.ensemble !== undefined)
    device.offerOwn(true)
    await until(coordinator, ({ reasoning }) => reasoning.lacking.ensemble === undefined)
    expect(coordinator.store.getState().reasoning.knowsOwn).toBe(false)
  })

  it('sees what its person gives it, which others are told of and never told, until it is taken back', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const device = await room.device('a', 1)
    await devicesReady(coordinator, 1)
    await device.lookAround()
    await coordinator.lookAround()
    const lacksViews = ({ reasoning }: NodeState) => /has a view/.test(reasoning.lacking.fusion ?? '')
    await until(coordinator, lacksViews)
    await device.see('  qzxv ')
    expect(device.store.getState().reasoning.sees).toEqual({
      text: 'qzxv',
      tokens: expect.any(Number),
    })
    await until(coordinator, (state) => !lacksViews(state))
    expect(JSON.stringify(coordinator.store.getState())).not.toContain('qzxv')
    expect(JSON.stringify(device.snapshot())).not.toContain('qzxv')
    await expect(device.see(' ')).rejects.toThrow('There is nothing in this view')
    await expect(device.see('<place 1><patch 1><patch 2><patch 3><patch 4>')).rejects.toThrow('sees none')
    await expect(device.see('sea '.repeat(5000))).rejects.toThrow(/leave room for a question beside it/)
    expect(device.store.getState().reasoning.seesPictures).toBe(false)
    expect(device.store.getState().reasoning.sees?.text, 'what was refused changes nothing').toBe('qzxv')
    await device.see(null)
    expect(device.store.getState().reasoning.sees).toBeNull()
    await until(coordinator, lacksViews)
  })

  it('says what a device cannot do, and loses nothing by it', async () => {
    const room = federationInMemory()
    const coordinator = await room.coordinator()
    const device = await room.device('a', 1)
    await devicesReady(coordinator, 1)
    expect(() => device.start()).toThrow('Only the coordinator')
    await expect(device.usePaste('   ')).rejects.toThrow(/no text to learn/)
    await expect(device.takeHome()).rejects.toThrow('before the first round')
    await expect(device.generate({ prompt: 'x', mode: 'ensemble' })).rejects.toThrow(/Switch that on there/)
    expect(device.snapshot().errors).toEqual([])
  })
})
