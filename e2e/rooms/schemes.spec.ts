/**
 * The ways to federate, in real tabs: exact aggregation over a thin wire. Runs are small: what is checked is that tabs
 * agree, that bytes are saved and that something is learned. How well each does is measured in docs/results.md. The long run
 * has rooms of the size of a table group, the ordinary one as few tabs as can show the same.
 */
import type { Page } from '@playwright/test'
import type { Snapshot } from '../../src/node/tab/snapshot'
import { expect, test } from '../fixtures'
import { edgePassOf, snapshot, until, untilPeers, untilRound } from '../surface'

/** Opens so many at once: a tab that starts keeps one core busy. */
const openMany = (count: number, open: () => Promise<Page>): Promise<Page[]> =>
  Promise.all(Array.from({ length: count }, open))

test('exact aggregation with sparse 8-bit updates: every tab holds the same adapter, and it has learned @long', async ({
  openDevices,
}) => {
  test.setTimeout(180_000)
  const rounds = 4
  const search = `preset=quick&aggregation=fedex&compression=topk-int8&rounds=${rounds}&autostart=3&seed=1`
  const pages = await openDevices(4, { search })
  const [coordinator] = pages
  const { loss, recall, bytes } = await untilRound(coordinator, rounds, 150_000)
  await Promise.all(pages.map((page) => untilRound(page, rounds)))
  const everybody = await Promise.all(pages.map(snapshot))
  expect(new Set(everybody.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  expect(everybody.flatMap(({ errors }) => errors)).toEqual([])
  expect(loss.heldOut!).toBeLessThan(loss.alone!)
  expect(recall!.merged).toBeGreaterThanOrEqual(0.5)
  // Dense float32 would be 64 KiB from each device in each round.
  expect(bytes.byKind.update).toBeLessThan((3 * rounds * 65_536) / 15)
  const { history } = await coordinator.evaluate(() => globalThis.gossamer!.store.getState())
  for (const { distortion } of history) expect(distortion).toBeLessThan(1e-5)
})

for (const { tabs, length } of [
  { tabs: 4, length: '' },
  { tabs: 8, length: ' @long' },
])
  test(`${tabs} tabs of two subjects find their clusters, each with an adapter of its own${length}`, async ({
    openDevices,
    openDevice,
  }) => {
    test.setTimeout(180_000)
    const rounds = 4
    const search = `scheme=clustered&rounds=${rounds}&localSteps=10&autostart=${tabs}&baselines=0`
    const [coordinator] = await openDevices(1, { search })
    const subjects = ['kitchen', 'space-station']
    const corpora = subjects.flatMap((subject) => new Array<string>(tabs / 2).fill(subject))
    const devices = await Promise.all(
      corpora.map((corpus) => openDevice('device', { search: `corpus=${corpus}` })),
    )
    const { clusters, loss, errors } = await untilRound(coordinator, rounds, 150_000)
    await Promise.all(devices.map((page) => untilRound(page, rounds)))
    const everybody = await Promise.all(devices.map(snapshot))
    const [kitchen, station] = [everybody.slice(0, tabs / 2), everybody.slice(tabs / 2)]
    const idsOf = (members: Snapshot[]) => members.map(({ nodeId }) => nodeId).sort()
    const hashesOf = (members: Snapshot[]) => new Set(members.map(({ adapterHash }) => adapterHash))
    // Whose tab came first gives the clusters their numbers.
    const sorted = clusters.map((members) => [...members].sort())
    expect(sorted).toHaveLength(2)
    expect(sorted).toEqual(expect.arrayContaining([idsOf(kitchen), idsOf(station)]))
    expect([hashesOf(kitchen).size, hashesOf(station).size, hashesOf(everybody).size]).toEqual([1, 1, 2])
    expect(loss.heldOut!).toBeLessThan(loss.base!)
    expect(errors).toEqual([])
    await expect(coordinator.getByRole('list', { name: /share an adapter/ })).toContainText('Cluster 2')
  })

for (const { quick, slow, versions, length } of [
  { quick: 2, slow: 1, versions: 8, length: '' },
  { quick: 4, slow: 2, versions: 16, length: ' @long' },
])
  test(`asynchronous tabs (${quick}) do not wait for those (${slow}) that are ten times slower${length}`, async ({
    openDevices,
    openDevice,
  }) => {
    test.setTimeout(180_000)
    const search = `scheme=asynchronous&rounds=${versions}&localSteps=10&autostart=${quick + slow}&baselines=0`
    const pages = [
      ...(await openDevices(1 + quick, { search })),
      ...(await openMany(slow, () => openDevice('device', { search: 'slow=10' }))),
    ]
    const { loss, errors, round } = await untilRound(pages[0], versions, 150_000)
    expect({ errors, round }).toEqual({ errors: [], round: versions })
    expect(loss.heldOut!).toBeLessThan(loss.base!)
    await Promise.all(pages.map((page) => until(page, ({ version }, wanted) => version === wanted, versions)))
    const everybody = await Promise.all(pages.map(snapshot))
    expect(new Set(everybody.map(({ adapterHash }) => adapterHash)).size).toBe(1)

    const { history, devices } = await pages[0].evaluate(() => globalThis.gossamer!.store.getState())
    const turnsOf = (key: string) => history.filter(({ trainByDevice }) => key in trainByDevice).length
    const turns = devices.filter(({ role }) => role === 'device').map(({ key }) => turnsOf(key))
    expect(Math.min(...turns)).toBeLessThan(Math.max(...turns) / 2)
    expect(Math.max(...history.map(({ staleness }) => staleness!.largest))).toBeGreaterThan(0)
  })

for (const { merging, tabs, length } of [
  { merging: 1, tabs: 3, length: '' },
  { merging: 2, tabs: 6, length: ' @long' },
])
  test(`edges (${merging}) merge for ${tabs} tabs, and the coordinator sees less than half of the bytes${length}`, async ({
    openDevices,
    openDevice,
  }) => {
    test.setTimeout(180_000)
    const rounds = 2
    const search = `scheme=hierarchical&edges=${merging}&edgeRounds=2&rounds=${rounds}&localSteps=5&autostart=${tabs}&baselines=0`
    const [coordinator] = await openDevices(1, { search })
    const edgePass = await edgePassOf(coordinator)
    const edges = await openMany(merging, () => openDevice('edge', { search: 'corpus=own', edgePass }))
    const mergingNow = (state: Snapshot, wanted: number) =>
      state.peers.filter(({ role }) => role === 'edge').length === wanted
    await until(coordinator, mergingNow, merging)
    const devices = await openMany(tabs, () => openDevice('device'))
    const { adapterHash, loss, errors, bytes } = await untilRound(coordinator, rounds, 150_000)
    for (const page of [...edges, ...devices])
      await until(page, (state, wanted) => state.adapterHash === wanted, adapterHash)
    expect(errors).toEqual([])
    expect(loss.heldOut!).toBeLessThan(loss.base!)

    const state = await coordinator.evaluate(() => globalThis.gossamer!.store.getState())
    const attached = state.devices.filter(({ role }) => role === 'device').map(({ edge }) => edge)
    const keys = state.devices.filter(({ role }) => role === 'edge').map(({ key }) => key)
    for (const edge of attached) expect(keys).toContain(edge)
    expect(Object.keys(state.history.at(-1)!.trainByDevice)).toHaveLength(tabs)
    // Flat, each device would receive an adapter and send an update of 64 KiB in each round.
    const flat = 2 * tabs * rounds * 65_536
    expect(bytes.byKind.update ?? 0, 'updates go to edges').toBe(0)
    expect(bytes.byKind.adapter + bytes.byKind.forward).toBeLessThan(flat / 2)
    expect(state.history.at(-1)!.lanBytes!).toBeGreaterThan(flat)
  })

test('an edge that closes in the middle of a round hands its devices over, and nobody is lost @long', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(240_000)
  const rounds = 4
  const search = `scheme=hierarchical&edgeRounds=2&rounds=${rounds}&localSteps=200&edges=0&autostart=4&baselines=0`
  const [coordinator] = await openDevices(1, { search })
  const edgePass = await edgePassOf(coordinator)
  const edges = await openMany(2, () => openDevice('edge', { search: 'corpus=own', edgePass }))
  await until(coordinator, ({ peers }) => peers.filter(({ role }) => role === 'edge').length === 2, null)
  const devices = await openMany(4, () => openDevice('device', { search: 'slow=3' }))
  await untilRound(coordinator, 1, 150_000)
  await until(
    coordinator,
    ({ peers }) => peers.some(({ role, state }) => role === 'device' && state === 'training'),
    null,
  )
  await edges[0].close()
  const { adapterHash, errors } = await untilRound(coordinator, rounds, 200_000)
  expect(errors).toEqual([])
  for (const page of [edges[1], ...devices])
    await until(page, (state, wanted) => state.adapterHash === wanted, adapterHash)
  const state = await coordinator.evaluate(() => globalThis.gossamer!.store.getState())
  const left = state.devices.filter(({ role, activity }) => role === 'edge' && activity !== 'gone')
  expect(left).toHaveLength(1)
  const attached = state.devices.filter(({ role }) => role === 'device').map(({ edge }) => edge)
  expect(new Set(attached)).toEqual(new Set([left[0].key]))
  expect(Object.keys(state.history.at(-1)!.trainByDevice)).toHaveLength(4)
})

test('a slower tab is given less to do, sees it, and is given other steps by hand', async ({
  openDevices,
  openDevice,
}) => {
  test.setTimeout(120_000)
  const search = 'allocation=by-speed&rounds=2&localSteps=20&batch=4&baselines=0&lang=en'
  const [coordinator] = await openDevices(1, { search })
  await openDevice('device', { search: 'name=Quick&lang=en' })
  const slow = await openDevice('device', { search: 'name=Slow&slow=20&lang=en' })
  await untilPeers(coordinator, 2)
  const given = async (name: string) => {
    const { devices } = await coordinator.evaluate(() => globalThis.gossamer!.store.getState())
    return devices.find((device) => device.name === name)!.assigned
  }
  await expect(async () => expect((await given('Slow'))!.steps).toBeLessThan(12)).toPass()
  expect((await given('Quick'))!.steps).toBe(20)
  const { steps } = (await given('Slow'))!
  await expect(slow.getByText(`This tab is given ${steps} steps of 4 rows`)).toBeVisible()

  await coordinator.getByRole('button', { name: 'Details of Slow' }).click()
  await coordinator.getByText('Set by hand for Slow').click()
  await coordinator.getByLabel('Steps', { exact: true }).fill('3')
  await expect(slow.getByText('This tab is given 3 steps of 4 rows')).toBeVisible()
  await coordinator.keyboard.press('Escape')
  await coordinator.getByRole('button', { name: 'Start' }).click()
  await untilRound(slow, 2)
  const { devices } = await slow.evaluate(() => globalThis.gossamer!.store.getState())
  expect(devices.find(({ isSelf }) => isSelf)!.assigned).toMatchObject({ byHand: { steps: 3 } })
  expect((await snapshot(coordinator)).errors).toEqual([])
})

for (const { tabs, length } of [
  { tabs: 4, length: '' },
  { tabs: 6, length: ' @long' },
])
  test(`${tabs} tabs gossip on a ring and nobody is in charge: all learn from all, and one that closes stops nobody${length}`, async ({
    openDevice,
  }) => {
    test.setTimeout(180_000)
    const rounds = 4
    const search = `scheme=gossip&topology=ring&rounds=${rounds}&localSteps=10&autostart=${tabs}`
    const pages = await openMany(tabs, () => openDevice('device', { search }))
    await untilRound(pages[0], 1, 150_000)
    const [leaver, ...rest] = pages.toReversed()
    await leaver.close()
    await Promise.all(rest.map((page) => untilRound(page, rounds, 150_000)))
    for (const page of rest) {
      const { loss, errors, role, invite, bytes, peers } = await snapshot(page)
      expect({ errors, role, invite }).toEqual({ errors: [], role: 'device', invite: null })
      expect(loss.heldOut!).toBeLessThan(loss.base!)
      expect(loss.heldOut!).toBeLessThan(loss.alone!)
      expect(bytes.byKind.adapter).toBeGreaterThan(0)
      expect(peers.filter(({ state }) => state === 'gone')).toHaveLength(1)
    }
    const { web, devices } = await rest[0].evaluate(() => globalThis.gossamer!.store.getState())
    expect(web!.edges).toHaveLength(tabs - 1)
    expect(new Set(devices.map(({ index }) => index)).size).toBe(tabs)
  })

test('whoever has only the code of a room without a coordinator is told to use its link, which lasts', async ({
  openDevice,
}) => {
  const founder = await openDevice('coordinator', { search: 'scheme=gossip' })
  const { invite } = await until(founder, ({ invite }) => invite !== null, null)
  const guest = await openDevice('device', { secret: null })
  const { errors } = await until(guest, ({ errors }) => errors.length > 0, null, 15_000)
  expect(errors.map(({ code }) => code)).toEqual(['room-of-equals'])
  await expect(guest.getByRole('alert')).toContainText('invitation link')
  await founder.reload()
  await until(founder, (state, before) => state.invite === before, invite)
  await guest.goto(invite!)
  await until(founder, ({ peers }) => peers.some(({ state }) => state === 'idle'), null)
})
