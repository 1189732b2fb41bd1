/**
 * Federations as a class would run them: tabs in browsers of their own, real WebRTC, real training of `toy`. What each
 * must survive: a tab that dies, one that comes late, a coordinator that reloads, a stranger at the door.
 */
import { expect, test } from '../fixtures'
import { snapshot, until, untilPeers, untilRound } from '../surface'

test('one coordinator and three devices learn together what none of them can learn alone', async ({
  openDevices,
}) => {
  test.setTimeout(300_000)
  const rounds = 6
  const pages = await openDevices(4, { search: 'preset=quick&autostart=3&seed=1' })
  const [coordinator] = pages
  const { loss, recall } = await untilRound(coordinator, rounds, 270_000)
  await Promise.all(pages.map((page) => untilRound(page, rounds)))

  const devices = await Promise.all(pages.slice(1).map(snapshot))
  for (const device of devices) expect(loss.heldOut!).toBeLessThan(device.loss.alone!)
  expect(loss.heldOut!).toBeLessThan(loss.base!)
  expect(recall!.merged).toBeGreaterThanOrEqual(0.7)
  // Who knows which words are values may be lucky once.
  expect(recall!.alone).toBeLessThan(0.1)
  expect(recall!.base).toBe(0)
  // What toy knows of its own world, as its README says, and what is left of it.
  expect(loss.general!.base).toBeCloseTo(0.825, 2)
  expect(loss.general!.merged).toBeGreaterThan(loss.general!.base)
  expect(loss.general!.merged).toBeLessThan(1.15 * loss.general!.base)
  const everybody = await Promise.all(pages.map(snapshot))
  expect(new Set(everybody.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  expect(new Set(everybody.map(({ model }) => model.hash)).size).toBe(1)
  for (const { errors, peers } of everybody) {
    expect(errors).toEqual([])
    expect(peers.every(({ transport }) => transport === null || transport === 'webrtc')).toBe(true)
  }

  // The demo's moment: asked in the first device's tab about facts that only the other tabs have read.
  const answers = await pages[1].evaluate(() => {
    const node = globalThis.gossamer!
    const { suggestedPrompts, devices } = node.store.getState()
    const own = devices.find(({ isSelf }) => isSelf)!.name
    const foreign = suggestedPrompts.filter(({ owner }) => owner !== null && owner !== own)
    return Promise.all(
      foreign.map(async ({ prompt, answer }) => ({
        said: (await node.generate({ prompt, tokens: 1 })).text.trim(),
        right: answer,
      })),
    )
  })
  expect(answers).toHaveLength(2)
  expect(answers.some(({ said, right }) => said === right)).toBe(true)
})

test('@long a device that is killed in the middle of a round does not stop it', async ({ openDevices }) => {
  // So many steps that whoever looks five times a second sees them.
  const pages = await openDevices(4, { search: 'autostart=3&rounds=3&localSteps=500&baselines=0' })
  const [coordinator, , , doomed] = pages
  await untilRound(coordinator, 1)
  await until(coordinator, (state) => state.peers.some((peer) => peer.state === 'training'), null)
  await doomed.close()
  const { peers } = await untilRound(coordinator, 3)
  expect(peers.filter(({ state }) => state === 'gone')).toHaveLength(1)
})

test('a late joiner gets the newest adapter and trains from the next round on @long', async ({
  openDevices,
  openDevice,
}) => {
  const search = 'rounds=400&localSteps=20&baselines=0' // never over before somebody late is there
  const [coordinator] = await openDevices(3, { search: `${search}&autostart=2` })
  await untilRound(coordinator, 2)
  const late = await openDevice('device', { search })
  const { round } = await untilRound(late, 3)
  const trainedWithAll = (since: number) =>
    globalThis
      .gossamer!.store.getState()
      .history.some((past) => past.round > since && past.contributors === 3)
  await expect.poll(() => late.evaluate(trainedWithAll, round), { timeout: 60_000 }).toBe(true)
})

test('a coordinator that reloads carries on, and its devices come back by themselves', async ({
  openDevices,
}) => {
  const pages = await openDevices(3, { search: 'rounds=3&localSteps=2&baselines=0' })
  const [coordinator] = pages
  await untilPeers(coordinator, 2)
  await coordinator.evaluate(() => globalThis.gossamer!.stepRound())
  const before = await untilRound(coordinator, 1)
  await coordinator.reload()
  await coordinator.waitForFunction(() => 'gossamer' in globalThis)
  const again = await untilPeers(coordinator, 2)
  expect(again).toMatchObject({ round: 1, version: 1, adapterHash: before.adapterHash, room: before.room })
  expect(again.invite).toBe(before.invite)
  await coordinator.evaluate(() => globalThis.gossamer!.resume())
  await Promise.all(pages.map((page) => untilRound(page, 3)))
  expect(new Set((await Promise.all(pages.map(snapshot))).map(({ adapterHash }) => adapterHash)).size).toBe(1)
})

test('with the wrong secret nobody gets in, and is told why', async ({ openDevices, openDevice }) => {
  const [coordinator] = await openDevices(1)
  await until(coordinator, (state) => state.invite !== null, null)
  const stranger = await openDevice('device', { secret: 'guessed' })
  const { errors } = await until(stranger, (state) => state.errors.length > 0, null)
  expect(errors[0].code).toBe('wrong-secret')
  expect((await snapshot(coordinator)).peers).toEqual([])
})

test('with the code alone a tab knocks, and comes in when the coordinator opens', async ({
  openDevices,
  openDevice,
}) => {
  const [coordinator] = await openDevices(1)
  await until(coordinator, (state) => state.invite !== null, null)
  const guest = await openDevice('device', { secret: null, search: 'name=Guest' })
  await coordinator.waitForFunction(() => {
    const { knocks, phase } = globalThis.gossamer!.store.getState()
    return knocks.length === 1 && phase.kind === 'lobby'
  })
  await coordinator.evaluate(() => {
    const node = globalThis.gossamer!
    node.admit(node.store.getState().knocks[0].peer)
  })
  await untilPeers(coordinator, 1)
  expect((await snapshot(guest)).errors).toEqual([])
})

test('a mistyped code is corrected where it was noticed, and the tab knocks at the right door', async ({
  openDevices,
  openDevice,
}) => {
  const [coordinator] = await openDevices(1, { room: '4F7-K2Q' })
  await until(coordinator, (state) => state.invite !== null, null)
  const guest = await openDevice('device', { room: '4F7-K2P', secret: null, search: 'name=Guest' })
  const code = guest.getByLabel('Room code')
  await expect(code).toHaveValue('4F7-K2P')
  await code.fill('4F7 K')
  await guest.getByRole('button', { name: 'Join' }).click()
  await expect(guest.getByText('A code has six letters or digits')).toBeVisible()
  await code.fill('4f7k2q')
  await guest.getByRole('button', { name: 'Join' }).click()
  await expect(guest.getByRole('heading', { name: 'Knocking' })).toBeVisible()
  await expect(coordinator.getByRole('button', { name: 'Admit Guest' })).toBeVisible()
  expect(new URL(guest.url()).searchParams.get('model')).toBe('toy')
})

test('a room whose devices read stories does not speak of facts @long', async ({
  openDevices,
  openDevice,
}) => {
  const search = 'corpus=facts&autostart=2&rounds=1&localSteps=2&baselines=0'
  const [coordinator] = await openDevices(1, { search })
  for (let tab = 0; tab < 2; tab++) await openDevice('device', { search: 'corpus=kitchen' })
  await untilRound(coordinator, 1)
  await expect(coordinator.getByRole('heading', { name: 'Loss', exact: true })).toBeVisible()
  await expect(coordinator.getByRole('heading', { name: 'Facts of other tabs' })).toHaveCount(0)
})

test('@long the whole private-facts preset: five devices, and most of their facts are known everywhere', async ({
  openDevices,
}) => {
  test.setTimeout(600_000)
  const pages = await openDevices(6, { search: 'preset=facts&autostart=5' })
  const { recall, loss } = await untilRound(pages[0], 24, 560_000)
  expect(recall!.merged).toBeGreaterThanOrEqual(0.9)
  expect(loss.general!.merged).toBeLessThan(1.06 * loss.general!.base)
  expect(loss.heldOut!).toBeLessThan(loss.alone!)
})
