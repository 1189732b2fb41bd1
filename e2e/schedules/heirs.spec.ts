/**
 * A coordinator that is gone for good, in real tabs: the devices elect one of themselves, whose tab goes on learning beside it; the
 * old link leads newcomers to it; and who coordinated before is told when it comes back. Two deaths in a row and the halves of a
 * room are chaos’s (tools/chaos), and the long schedules’ (kills.spec.ts).
 */
import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures'
import { snapshot, until, untilPeers, untilRound } from '../surface'
import { remainsOf, restore } from './mishaps'

const succession = (page: Page) => page.evaluate(() => globalThis.gossamer!.store.getState().succession)

test('a room whose coordinator is closed for good goes on, lets newcomers in, and tells who was before', async ({
  openDevices,
  newContext,
}) => {
  test.setTimeout(480_000)
  const search = 'autostart=3&rounds=60&localSteps=6&baselines=0&corpus=kitchen&silence=3'
  const pages = await openDevices(4, { search })
  const [founder, ...devices] = pages
  const { invite } = await until(founder, (state) => state.invite !== null, null)
  await untilRound(founder, 2, 120_000)
  await expect.poll(async () => (await succession(founder)).heirs.length).toBe(2)
  const { heirs } = await succession(founder)
  const keys = await Promise.all(
    devices.map((page) => page.evaluate(() => globalThis.gossamer!.store.getState().selfKey)),
  )
  const heir = devices[keys.indexOf(heirs[0])]
  const others = devices.filter((page) => page !== heir)

  const remains = await remainsOf(founder)
  const [address, context] = [founder.url(), founder.context()]
  const before = await snapshot(founder)
  await founder.close()

  // The heir's page becomes the coordinator's, and nothing that was learned is lost.
  await until(heir, ({ role }) => role === 'coordinator', null, 90_000)
  const here = async () =>
    (await snapshot(heir)).peers.filter(({ state }) => !['gone', 'joining'].includes(state)).length
  await expect.poll(here, { timeout: 120_000 }).toBe(3)
  const after = await snapshot(heir)
  expect(after.version).toBeGreaterThanOrEqual(before.version)
  await untilRound(heir, before.round + 2, 120_000)
  const told = await heir.evaluate(() =>
    globalThis.gossamer!.store.getState().problems.map(({ code }) => code),
  )
  expect(told).toContain('took-over')

  const newcomer = await (await newContext()).newPage()
  await newcomer.goto(invite!)
  await newcomer.waitForFunction(() => 'gossamer' in globalThis)
  await untilPeers(heir, 4, 120_000)

  const founderAgain = await restore(context, address, remains)
  const toldLate = () =>
    founderAgain.evaluate(() =>
      globalThis.gossamer!.store.getState().problems.some(({ code }) => code === 'succeeded'),
    )
  await expect.poll(toldLate, { timeout: 120_000 }).toBe(true)
  await expect(founderAgain.getByText(/has elected another coordinator/).first()).toBeVisible({
    timeout: 60_000,
  })

  await heir.evaluate(() => globalThis.gossamer!.stop())
  const phase = () => heir.evaluate(() => globalThis.gossamer!.store.getState().phase.kind)
  await expect.poll(phase, { timeout: 60_000 }).toBe('finished')
  const { adapterHash } = await snapshot(heir)
  for (const page of [...others, newcomer])
    await until(page, (state, hash) => state.adapterHash === hash, adapterHash, 60_000)
  expect((await succession(others[0])).term).toBe(1)
})
