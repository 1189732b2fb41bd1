/**
 * Two laptops on a cable: no router, no default route, so WebRTC has no candidate. The room must open, learn through the
 * server on the first laptop, and go over to WebRTC once both have a route. Then two tabs without a coordinator, on hosts
 * that reach the server but not each other, as on a Wi-Fi that isolates its clients.
 *
 * Runs as the first host of a fresh network (`namespaces.ts`); `run.ts` starts it. Exit code 1 when anything fails.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Browser, chromium, expect, type Page } from '@playwright/test'
import { chromiumPath } from '../../e2e/browser'
import { appAddress } from '../../e2e/fixtures'
import { snapshot, until, untilRound } from '../../e2e/surface'
import { makeCertificate } from '../../server/certificate/certificate'
import { listen } from '../../server/listen'
import { buildPages, isStale } from '../../server/pages/build'
import { type OtherHost, plugIn } from './namespaces'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const directory = mkdtempSync(join(tmpdir(), 'gossamer-hosts-'))
const say = (text: string) => console.log(`   ${text}`)

// A granted microphone or a loopback flag would give Chromium candidates that it does not have here.
const launch = (executablePath: string) =>
  chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-quic'] })
async function open(browser: Browser, address: string): Promise<Page> {
  const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage()
  page.on('pageerror', (error) => {
    throw error
  })
  await page.goto(address)
  return page
}
const waysOf = async (page: Page) => (await snapshot(page)).peers.map(({ transport }) => transport)

async function learn(
  here: Browser,
  there: Browser,
  base: string,
  secureBase: string,
  other: OtherHost,
): Promise<void> {
  const search = 'preset=quick&autostart=1&localSteps=4&baselines=0'
  const room = { room: 'CAB1E', search: `${search}&rounds=2` }
  const coordinator = await open(here, appAddress(base, 'coordinator', room))
  const device = await open(there, appAddress(secureBase, 'device', room))
  const states = await Promise.all([coordinator, device].map((page) => untilRound(page, 2, 120_000)))
  expect(new Set(states.map(({ adapterHash }) => adapterHash)).size).toBe(1)
  for (const { errors } of states) expect(errors).toEqual([])
  expect(await waysOf(coordinator)).toEqual(['relay'])
  say('two hosts without a router: two rounds through the server, one adapter')

  other.joinNetwork()
  const isDirect = ({ peers }: { readonly peers: readonly { readonly transport: string | null }[] }) =>
    peers.length === 1 && peers[0].transport === 'webrtc'
  const before = (await snapshot(coordinator)).peers
  await until(coordinator, isDirect, null, 150_000)
  expect((await snapshot(coordinator)).peers.map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  expect((await snapshot(coordinator)).errors).toEqual([])
  say('with a route the same pair goes over to WebRTC')
  await Promise.all([coordinator, device].map((page) => page.close()))
}

async function gossip(browsers: readonly Browser[], bases: readonly string[]): Promise<void> {
  const search = 'preset=quick&scheme=gossip&autostart=2&localSteps=4&baselines=0&rounds=2'
  const pages = await Promise.all(
    browsers.map((browser, index) =>
      open(browser, appAddress(bases[index], 'device', { room: 'AP4RT', search })),
    ),
  )
  await Promise.all(pages.map((page) => untilRound(page, 2, 120_000)))
  for (const page of pages) expect(await waysOf(page)).toEqual(['relay'])
  say('two hosts that reach the server only: gossip through it')
}

async function main(): Promise<void> {
  const hosts = [await plugIn(1), await plugIn(2)]
  const browsers: Browser[] = []
  const certificate = await makeCertificate(hosts.map(({ near }) => near))
  if (await isStale(root)) await buildPages(root)
  const lan = { certificate, address: () => hosts[0].near }
  const server = await listen({ port: 0, pages: join(root, 'dist'), lan, report: console.error })
  const secureBases = hosts.map(({ near }) => `https://${near}:${server.port}`)
  try {
    browsers.push(await launch(chromiumPath()))
    for (const host of hosts) browsers.push(await launch(host.enter(chromiumPath(), directory)))
    const [here, there, third] = browsers
    await learn(here, there, `http://localhost:${server.port}`, secureBases[0], hosts[0])
    hosts[1].joinNetwork()
    await gossip([there, third], secureBases)
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()))
    await server.close()
    for (const host of hosts) host.unplug()
    rmSync(directory, { recursive: true })
  }
}

main().then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.stack ?? error)
    process.exit(1)
  },
)
