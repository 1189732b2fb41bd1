/** Rooms where WebRTC finds no way: they work through the server that the page came from, and leave it when they can. */
import type { BrowserContext, Page } from '@playwright/test'
import { appAddress } from '../fixtures'
import { expect, test } from '../network-pages'
import { snapshot, untilRound } from '../surface'

/** As on a machine without a default route: Chromium gathers no candidate at all, and says nothing about it. */
const withoutCandidates = (context: BrowserContext) =>
  context.addInitScript(() => {
    globalThis.RTCPeerConnection = class extends RTCPeerConnection {
      constructor(configuration?: RTCConfiguration) {
        super({ ...configuration, iceTransportPolicy: 'relay' })
      }
    }
  })

/** As on a Wi-Fi that keeps its guests apart, until `isolated` is set to false: everybody has an address, nobody an answer. */
const isolated = (context: BrowserContext) =>
  context.addInitScript(() => {
    Object.assign(globalThis, { isolated: true })
    const { addIceCandidate } = RTCPeerConnection.prototype
    const real = addIceCandidate as (candidate?: RTCIceCandidateInit | null) => Promise<void>
    RTCPeerConnection.prototype.addIceCandidate = function (
      this: RTCPeerConnection,
      candidate?: RTCIceCandidateInit | null,
    ) {
      const { isolated } = globalThis as unknown as { isolated: boolean }
      return isolated ? Promise.resolve() : real.call(this, candidate)
    } as typeof addIceCandidate
  })

test('three tabs without any candidate learn together through the server, and end with one adapter', async ({
  appUrl,
  newContext,
}) => {
  test.setTimeout(180_000)
  const open = async (role: 'coordinator' | 'device') => {
    const context = await newContext()
    await withoutCandidates(context)
    const page = await context.newPage()
    const search = 'preset=quick&autostart=2&rounds=2&localSteps=4&baselines=0'
    await page.goto(appAddress(appUrl, role, { search, room: 'RE1AY' }))
    return page
  }
  const pages = await Promise.all([open('coordinator'), open('device'), open('device')])
  await Promise.all(pages.map((page) => untilRound(page, 2, 120_000)))
  const states = await Promise.all(pages.map(snapshot))
  expect(new Set(states.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  for (const { errors } of states) expect(errors).toEqual([])
  const [coordinator] = states
  expect(coordinator.peers.map(({ transport }) => transport)).toEqual(['relay', 'relay'])
  await pages[0].getByText('The web as a table').click()
  await expect(pages[0].getByText('through the server').first()).toBeVisible()
})

test('@long two that a Wi-Fi keeps apart meet through the server within seconds, and move to WebRTC when it lets them, without a break', async ({
  newContext,
  openTab,
}) => {
  const contexts = await Promise.all([newContext(), newContext()])
  await Promise.all(contexts.map(isolated))
  const [coordinator, device] = await Promise.all(contexts.map((context) => openTab(context)))
  await coordinator.evaluate(() => room.open('APART', 'secret'))
  await device.evaluate(() => room.join('APART', 'secret'))
  const way = (page: Page) => page.evaluate(() => room.peers().map(({ transport }) => transport))
  await expect.poll(() => way(coordinator)).toEqual(['relay'])
  const sums = [await device.evaluate(() => room.send({ type: 'update', number: 0 }, 3_000_000))]

  for (const page of [coordinator, device])
    await page.evaluate(() => Object.assign(globalThis, { isolated: false }))
  const hasMoved = async () => (await way(device))[0] === 'webrtc' && (await way(coordinator))[0] === 'webrtc'
  await expect
    .poll(
      async () => {
        const number = sums.length
        sums.push(await device.evaluate((n) => room.send({ type: 'update', number: n }, 300_000), number))
        return hasMoved()
      },
      { timeout: 45_000, intervals: [20] },
    )
    .toBe(true)
  sums.push(await device.evaluate((n) => room.send({ type: 'update', number: n }, 3_000_000), sums.length))
  const messages = () => coordinator.evaluate(() => room.log.messages)
  await expect.poll(async () => (await messages()).length).toBe(sums.length)
  expect((await messages()).map(({ message, sum }) => [message.number, sum])).toEqual([...sums.entries()])
  for (const page of [coordinator, device]) {
    const { leaves, joins, problems } = await page.evaluate(() => room.log)
    expect([leaves, joins.length, problems]).toEqual([[], 1, []])
  }
})
