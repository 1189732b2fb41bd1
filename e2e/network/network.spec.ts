/** The network in real tabs. Faults by the hundred are played through in unit tests; here the seams are proven. */
import type { Page } from '@playwright/test'
import { expect, test } from '../network-pages'

const open = (page: Page) => page.evaluate(() => room.open('TEST', 'secret'))
const join = (page: Page, secret: string | null = 'secret') =>
  page.evaluate((given) => room.join('TEST', given), secret)
const peers = (page: Page) => page.evaluate(() => room.peers())
const log = (page: Page) => page.evaluate(() => room.log)
const peerCount = (page: Page) => page.evaluate(() => room.peers().length)

/** Each test in a room of its own would do as well; they run one after the other and clean up behind themselves. */
async function openAndJoin(openTab: () => Promise<Page>) {
  const [coordinator, device] = await Promise.all([openTab(), openTab()])
  await open(coordinator)
  const deviceId = await join(device)
  await expect.poll(() => peerCount(coordinator)).toBe(1)
  return { coordinator, device, deviceId }
}

test('two browsers meet over WebRTC, and carry eight megabytes bit by bit', async ({ openTab }) => {
  const { coordinator, device, deviceId } = await openAndJoin(openTab)
  expect(await peers(coordinator)).toMatchObject([
    { id: deviceId, role: 'device', name: 'Device', transport: 'webrtc' },
  ])
  expect(await peers(device)).toMatchObject([
    { role: 'coordinator', name: 'Coordinator', transport: 'webrtc' },
  ])

  const byteCount = 8 * 1024 * 1024
  const sum = await device.evaluate((count) => room.send({ type: 'update', round: 1 }, count), byteCount)
  await expect.poll(async () => (await log(coordinator)).messages.length).toBe(1)
  expect((await log(coordinator)).messages).toEqual([
    { from: deviceId, message: { type: 'update', round: 1 }, byteCount, sum },
  ])
  for (const [page, direction] of [
    [device, 'out'],
    [coordinator, 'in'],
  ] as const) {
    const { transfers } = await log(page)
    expect(transfers.length).toBeGreaterThan(10)
    expect(transfers.at(-1)).toEqual({ direction, doneBytes: byteCount, totalBytes: byteCount })
  }
})

test('a dozen devices join at once, and again when the coordinator reloads', async ({ openTab }) => {
  const [coordinator, devices] = await Promise.all([openTab(), openTab()])
  await open(coordinator)
  expect(await devices.evaluate(() => room.joinMany('TEST', 'secret', 12))).toBe(12)
  await expect.poll(() => peerCount(coordinator)).toBe(12)
  await coordinator.reload()
  await coordinator.waitForFunction(() => 'room' in globalThis)
  await open(coordinator)
  await expect.poll(() => peerCount(coordinator), { timeout: 20_000 }).toBe(12)
  for (const page of [coordinator, devices]) expect((await log(page)).problems).toEqual([])
})

test('both dial at once, and one connection remains', async ({ openTab }) => {
  const [one, two] = await Promise.all([openTab(), openTab()])
  const [low, high] = [`TEST-c-${'1'.repeat(32)}`, `TEST-d-${'2'.repeat(32)}`]
  await Promise.all([
    one.evaluate((ids) => room.dial(...ids), [low, high] as const),
    two.evaluate((ids) => room.dial(...ids), [high, low] as const),
  ])
  for (const page of [one, two]) await expect.poll(() => page.evaluate(() => room.openLinks())).toBe(1)
  await one.evaluate(() => room.sendBytes('control', [1, 2, 3]))
  for (const page of [one, two]) expect(await page.evaluate(() => room.links.length)).toBe(1)
  // PeerJS's own loop would leave every second connection open.
  for (const page of [one, two]) expect(await page.evaluate(() => room.closeDialer())).toEqual([])
})

test('a tab that leaves is missed at once', async ({ openTab }) => {
  const { coordinator, device, deviceId } = await openAndJoin(openTab)
  await device.goto('about:blank')
  await expect.poll(() => peerCount(coordinator), { timeout: 1_000 }).toBe(0)
  expect((await log(coordinator)).leaves).toEqual([{ id: deviceId, why: 'goodbye' }])
})

test('a crashed coordinator is missed, and found again when it is back', async ({ openTab, newContext }) => {
  const context = await newContext()
  const [coordinator, device] = [await openTab(context), await openTab()]
  const before = await open(coordinator)
  await join(device)
  const session = await context.newCDPSession(coordinator)
  session.send('Page.crash').catch(() => {}) // nobody is left to answer
  await expect.poll(() => peerCount(device), { timeout: 10_000 }).toBe(0)

  const again = await openTab(context)
  const after = await open(again)
  await expect.poll(() => peerCount(device), { timeout: 10_000 }).toBe(1)
  expect((await log(device)).joins).toEqual([before, after])
})

test('only who knows the secret gets in; who knows the code may knock', async ({ openTab }) => {
  const [coordinator, stranger, guest] = await Promise.all([openTab(), openTab(), openTab()])
  await expect(stranger.evaluate(() => room.join('TEST', 'secret', { waitMs: 300 }))).rejects.toThrow(
    'was not found',
  )
  await open(coordinator)
  await expect(join(stranger, 'guess')).rejects.toThrow('does not fit this room')
  const knocking = join(guest, null)
  await expect.poll(() => coordinator.evaluate(() => room.knocks())).toEqual(['Device'])
  await coordinator.evaluate(() => room.admit())
  await knocking
  await expect.poll(() => peerCount(coordinator)).toBe(1)
})

test('a hostile frame is dropped and reported, and does not disturb the others', async ({ openTab }) => {
  const [coordinator, villain] = await Promise.all([openTab(), openTab()])
  await open(coordinator)
  await villain.evaluate(() => room.joinAsVillain('TEST', 'secret'))
  await expect.poll(() => peerCount(coordinator)).toBe(1)
  const hugeTotal = [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 255, 65]
  await villain.evaluate((bytes) => room.sendBytes('bulk', bytes), hugeTotal)
  await villain.evaluate(() => room.sendBytes('control', [9]))
  await villain.evaluate(() => room.send({ type: 'fine' }))
  await expect.poll(async () => (await log(coordinator)).messages.length).toBe(1)
  expect((await log(coordinator)).problems).toMatchObject([{ code: 'bad-frame', fatal: false }])
  for (let times = 0; times < 100; times++)
    await villain.evaluate(() => room.sendBytes('control', [9]).catch(() => {}))
  await expect.poll(async () => (await log(coordinator)).leaves[0]?.why).toBe('refused')
})

test('tabs of one browser meet without WebRTC, even when only one of them lacks it', async ({
  openTab,
  newContext,
}) => {
  const context = await newContext()
  const able = await openTab(context)
  await open(able)
  await context.addInitScript(() => {
    for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection'])
      Reflect.deleteProperty(globalThis, name)
  })
  const [first, second] = await Promise.all([openTab(context), openTab(context)])
  await Promise.all([join(first), join(second)])
  await expect.poll(() => peers(first)).toMatchObject([{ role: 'coordinator', transport: 'broadcast' }])
  expect((await log(first)).problems).toEqual([])

  const sum = await first.evaluate(() => room.send({ type: 'update' }, 3_000_000))
  await expect.poll(async () => (await log(able)).messages[0]?.sum).toBe(sum)

  const session = await context.newCDPSession(second)
  session.send('Page.crash').catch(() => {})
  await expect.poll(() => peerCount(able), { timeout: 2_000 }).toBe(1)
})

test('a tab that hangs is suspected, and forgiven when it moves again', async ({ openTab }) => {
  const { coordinator, device } = await openAndJoin(openTab)
  const hanging = device.evaluate(() => {
    const end = performance.now() + 10_000
    while (performance.now() < end);
  })
  await expect.poll(async () => (await log(coordinator)).changes.at(-1), { timeout: 10_000 }).toBe('suspect')
  await hanging
  await expect.poll(async () => (await log(coordinator)).changes.at(-1), { timeout: 5_000 }).toBe('live')
  expect((await log(coordinator)).leaves).toEqual([])
})
