/** The network and its server: what lives on without it, what comes back, and who else may share its port. */
import { chromium } from '@playwright/test'
import { createServer } from 'vite'
import { WebSocket } from 'ws'
import { makeCertificate } from '../../server/certificate/certificate'
import { listen } from '../../server/listen'
import { launchOptions } from '../browser'
import { root } from '../fixtures'
import { expect, test } from '../network-pages'

const report = console.error

test('the federation outlives the signalling server, and a thief of the coordinator’s id gains nothing', async ({
  openTab,
  networkPages,
}) => {
  const first = await listen({ port: 0, pages: networkPages, lan: null, report })
  const { port } = first
  const address = `http://localhost:${port}/network.html`
  const [coordinator, device, late] = await Promise.all([1, 2, 3].map(() => openTab(undefined, address)))
  const coordinatorId = await coordinator.evaluate(() => room.open('TEST', 'secret'))
  await device.evaluate(() => room.join('TEST', 'secret'))

  await first.close()
  await expect
    .poll(() => coordinator.evaluate(() => room.log.problems.map(({ code }) => code)), { timeout: 5_000 })
    .toEqual(['server-unreachable'])
  await device.evaluate(() => room.send({ type: 'still here' }, 100_000))
  await expect.poll(() => coordinator.evaluate(() => room.log.messages.length)).toBe(1)

  const second = await listen({ port, pages: networkPages, lan: null, report })
  const thief = new WebSocket(
    `ws://localhost:${port}/peerjs/peerjs?key=gossamer&id=${coordinatorId}&token=stolen`,
    { headers: { origin: `http://localhost:${port}` } },
  )
  // An id is its key's: without that key's signature nobody gets its seat.
  const answer = new Promise<string>((resolve) => {
    thief.once('error', ({ message }) => resolve(message))
    thief.once('message', () => resolve('a seat'))
  })
  expect(await answer).toContain('400')
  await device.evaluate(() => room.send({ type: 'and still' }))
  await expect.poll(() => coordinator.evaluate(() => room.log.messages.length)).toBe(2)
  thief.terminate()

  await expect
    .poll(() => coordinator.evaluate(() => room.log.cleared), { timeout: 15_000 })
    .toEqual(['server-unreachable'])
  await late.evaluate(() => room.join('TEST', 'secret'))
  await expect.poll(() => coordinator.evaluate(() => room.peers().length)).toBe(2)
  expect(await device.evaluate(() => room.log.leaves)).toEqual([])
  await Promise.all([coordinator, device, late].map((page) => page.close()))
  await second.close()
})

test('in development HMR and signalling share one port', async ({ newContext }) => {
  const cacheDir = `${root}/node_modules/.vite-e2e`
  const optimizeDeps = { entries: ['e2e/pages/*.html'] }
  const server = await createServer({ root, cacheDir, optimizeDeps, logLevel: 'error', server: { port: 0 } })
  await server.listen()
  const [address] = server.resolvedUrls!.local
  const page = await (await newContext()).newPage()
  const sockets: string[] = []
  const said: string[] = []
  page.on('websocket', (socket) => sockets.push(new URL(socket.url()).pathname))
  page.on('console', (message) => said.push(message.text()))
  await page.goto(`${address}e2e/pages/network.html`)
  await page.waitForFunction(() => 'room' in globalThis)
  await page.evaluate(() => room.open('TEST', 'secret'))
  expect(sockets).toEqual(expect.arrayContaining(['/', '/peerjs/peerjs']))
  expect(said.join('\n')).toContain('[vite] connected')
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
  const roster = await (await fetch(`${address}api/rooms/TEST`)).json()
  expect(roster.peers).toMatchObject([{ role: 'coordinator' }])
  await page.close()
  await server.close()
})

test('without any flag or permission tabs of one browser meet all the same', async ({ networkUrl }) => {
  const browser = await chromium.launch({ ...launchOptions(), args: ['--no-sandbox'] })
  const context = await browser.newContext()
  const [coordinator, device] = await Promise.all([context.newPage(), context.newPage()])
  for (const page of [coordinator, device]) await page.goto(networkUrl)
  await coordinator.evaluate(() => room.open('PLAIN', 'secret'))
  await device.evaluate(() => room.join('PLAIN', 'secret'))
  const ways = () => device.evaluate(() => room.peers().map(({ transport }) => transport))
  const canDial = (await device.evaluate(() => room.kind())) === 'webrtc'
  await expect.poll(ways).toEqual([canDial ? 'webrtc' : 'broadcast'])
  expect(await device.evaluate(() => room.log.problems)).toEqual([])
  await browser.close()
})

test('a peer that never answers is dialed twice and given up, and its late answers do no harm', async ({
  openTab,
  networkUrl,
}) => {
  const page = await openTab()
  const [self, mute] = [`TEST-c-${'1'.repeat(32)}`, `TEST-d-${'2'.repeat(32)}`]
  const { origin, host } = new URL(networkUrl)
  const socket = new WebSocket(`ws://${host}/peerjs/peerjs?key=gossamer&id=${mute}&token=t`, {
    headers: { origin },
  })
  const connectionIds = new Set<string>()
  socket.on('message', (data) => {
    const message = JSON.parse(String(data))
    if (message.type === 'OFFER') connectionIds.add(message.payload.connectionId)
  })
  await new Promise((resolve) => socket.once('open', resolve))
  await page.evaluate((ids) => room.dial(...ids), [self, mute, 10] as const)
  await expect.poll(() => page.evaluate(() => room.unreachable)).toEqual([mute])
  expect(connectionIds.size).toBe(2)

  for (const connectionId of connectionIds) {
    const payload = {
      type: 'data',
      connectionId,
      sdp: { type: 'answer', sdp: 'v=0' },
      candidate: { candidate: 'x' },
    }
    for (const type of ['ANSWER', 'CANDIDATE']) socket.send(JSON.stringify({ type, dst: self, payload }))
  }
  const nonsense = {
    type: 'data',
    connectionId: 'dc_new',
    serialization: 'raw',
    sdp: { type: 'offer', sdp: 'v=0' },
  }
  socket.send(JSON.stringify({ type: 'OFFER', dst: self, payload: nonsense }))
  await expect.poll(() => page.evaluate(() => room.unreachable.length)).toBe(2)
  expect(await page.evaluate(() => room.closeDialer())).toEqual([])
  socket.terminate()
})

test('over the LAN a device comes by https, its coordinator stays on localhost, and the invitation says so', async ({
  newContext,
  networkPages,
}) => {
  const certificate = await makeCertificate([])
  const lan = { certificate, address: () => '127.0.0.1' }
  const server = await listen({ port: 0, pages: networkPages, lan, report })
  const open = async (base: string) => {
    const page = await (await newContext({ ignoreHTTPSErrors: true })).newPage()
    await page.goto(`${base}/network.html`)
    await page.waitForFunction(() => 'room' in globalThis)
    return page
  }
  const coordinator = await open(`http://localhost:${server.port}`)
  await coordinator.evaluate(() => room.open('TEST', 'secret'))
  const invite = new URL(await coordinator.evaluate(() => room.invite('TEST', 'secret')))
  expect(invite.origin).toBe(`https://127.0.0.1:${server.port}`)
  const device = await open(invite.origin)
  await device.evaluate(() => room.join('TEST', 'secret'))
  await expect.poll(() => coordinator.evaluate(() => room.peers().length)).toBe(1)
  await Promise.all([coordinator, device].map((page) => page.close()))
  await server.close()
})

test('a page whose loading a changing network breaks off begins again by itself', async ({
  appUrl,
  newContext,
}) => {
  const context = await newContext()
  let broken = 0
  await context.route('**/assets/Landing-*.js', (route) =>
    broken++ === 0 ? route.abort('internetdisconnected') : route.continue(),
  )
  const page = await context.newPage()
  await page.goto(appUrl)
  await expect(page.getByRole('heading').first()).toBeVisible()
  expect(broken).toBeGreaterThan(1)
})
