/**
 * `npm run bench -- reasoning`: what reasoning together costs. First on a virtual clock, under stated links and a stated speed of
 * every tab, where the figures are exact and the same everywhere; then in three real tabs on this machine, where they are what
 * they are. Prints two tables; one process and one machine's cores serve all nodes of both.
 */

import { fileURLToPath } from 'node:url'
import { chromium, type Page } from '@playwright/test'
import { launchOptions } from '../e2e/browser'
import { listen } from '../server/listen'
import { buildPages, isStale } from '../server/pages/build'
import { askInRoom, type Kill, type Outcome } from '../src/lab/reasoning/room/asking'
import { openNodes } from '../src/lab/reasoning/room/nodes'
import { openReasoningRoom } from '../src/lab/reasoning/room/room'
import type { ModeName, Note } from '../src/reasoning/mode'
import { usualWish } from '../src/reasoning/usual'

const root = fileURLToPath(new URL('..', import.meta.url))
const model = 'seedling'
/** Of every node, for one token: a phone's, so that six layers take twelve milliseconds. */
const millisecondsPerLayer = 2
const question = { prompt: 'The nurse put the', tokens: 60, temperature: 0.9, seed: 7 }
const links = [0, 20, 80]

interface Line {
  readonly what: string
  readonly mode: ModeName
  readonly nodes: number
  readonly kills: readonly Kill[]
}
const lines: readonly Line[] = [
  { what: 'alone', mode: 'alone', nodes: 1, kills: [] },
  { what: 'pipeline, 2 tabs', mode: 'pipeline', nodes: 2, kills: [] },
  { what: 'pipeline, 3 tabs', mode: 'pipeline', nodes: 3, kills: [] },
  {
    what: 'pipeline, 3 tabs, one dies before token 30',
    mode: 'pipeline',
    nodes: 3,
    kills: [{ node: 1, token: 30 }],
  },
  {
    what: 'pipeline, 3 tabs, the asker dies before token 30',
    mode: 'pipeline',
    nodes: 3,
    kills: [{ node: 0, token: 30 }],
  },
]

type Row = Readonly<Record<string, string>>
const head = [
  '',
  'link',
  'tokens/s',
  'ms/token: computing',
  'travelling',
  'bytes/token',
  'recovered in',
  'read again',
  'ids as alone',
]

const tableOf = (rows: readonly Row[]): string =>
  [head, head.map(() => '---'), ...rows.map((row) => head.map((name) => row[name] ?? ''))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n')

const meanOf = (outcome: Outcome, of: 'computeMs' | 'travelMs'): number => {
  const tokens = outcome.said.filter((said) => said.kind === 'token')
  return tokens.reduce((sum, said) => sum + said[of], 0) / Math.max(1, tokens.length)
}
const recoveryIn = (notes: readonly Note[]): string =>
  notes
    .flatMap((note) => (note.kind === 'recovered' ? [`${note.milliseconds.toFixed(0)} ms`] : []))
    .join(', ')

async function onVirtualClock(): Promise<readonly Row[]> {
  const rows: Row[] = []
  let reference = ''
  for (const roundTripMs of links)
    for (const { what, mode, nodes: count, kills } of lines) {
      const setting = { backend: 'wasm', precision: 'auto', caps: new Map(), own: [], merged: null } as const
      const nodes = await openNodes({
        ...setting,
        model: `${root}public/models/${model}`,
        count,
        millisecondsPerLayer,
      })
      const link = { delayMs: roundTripMs / 2, jitter: 0, loss: 0, bytesPerSecond: 1.25e6 }
      const room = await openReasoningRoom({ seed: 1, link, nodes })
      const outcome = await askInRoom(
        room,
        { ...usualWish, ...question, mode, stages: count, adapter: null },
        kills,
      )
      room.close()
      if (mode === 'alone') reference = outcome.hash
      rows.push({
        '': what,
        link: `${roundTripMs} ms, 10 Mbit/s`,
        'tokens/s': (outcome.ids.length / outcome.virtualSeconds).toFixed(1),
        'ms/token: computing': meanOf(outcome, 'computeMs').toFixed(1),
        travelling: meanOf(outcome, 'travelMs').toFixed(1),
        'bytes/token': (outcome.bytes / outcome.ids.length).toFixed(0),
        'recovered in': recoveryIn(outcome.notes),
        'read again': outcome.replayedTokens > 0 ? `${outcome.replayedTokens} tokens` : '',
        'ids as alone': outcome.hash === reference ? 'yes' : 'NO',
      })
    }
  return rows
}

/** In the page: one question, and what became of it. */
async function askInPage(page: Page, mode: ModeName) {
  return page.evaluate(
    async ([question, mode]) => {
      const node = globalThis.gossamer!
      const { hash, ids, stats } = await node.generate({ ...question, mode })
      const { computeMs, travelMs, incidents } = node.store.getState().reasoning.asking!
      const recovered = incidents.flatMap((one) => (one.kind === 'recovered' ? [one.milliseconds] : []))
      return { hash, count: ids.length, stats, computeMs, travelMs, recovered }
    },
    [question, mode] as const,
  )
}

async function inRealTabs(): Promise<readonly Row[]> {
  if (await isStale(root)) await buildPages(root)
  const server = await listen({ port: 0, pages: `${root}dist`, lan: null, report: () => {} })
  const browser = await chromium.launch(launchOptions())
  try {
    const search = `room=BENCH&model=${model}&backend=wasm&seed=7&rounds=1&localSteps=1&baselines=0&autostart=2#s=secret`
    const open = async (role: string) => {
      const page = await (await browser.newContext({ permissions: ['microphone'] })).newPage()
      await page.goto(`http://localhost:${server.port}/?role=${role}&${search}`)
      return page
    }
    const pages = [await open('coordinator'), await open('device'), await open('device')]
    const [asker, doomed] = pages
    for (const page of pages)
      await page.waitForFunction(() => (globalThis.gossamer?.snapshot().round ?? 0) >= 1, null, {
        timeout: 180_000,
      })
    const rows: Row[] = []
    const alone = await askInPage(asker, 'alone')
    const take = (what: string, { count, hash, stats, computeMs, travelMs, recovered }: typeof alone) =>
      rows.push({
        '': what,
        link: 'this machine',
        'tokens/s': stats.tokensPerSecond.toFixed(1),
        'ms/token: computing': (computeMs / count).toFixed(1),
        travelling: (travelMs / count).toFixed(1),
        'bytes/token': stats.bytesPerToken.toFixed(0),
        'recovered in': recovered.map((milliseconds) => `${milliseconds.toFixed(0)} ms`).join(', '),
        'read again': stats.replayedTokens > 0 ? `${stats.replayedTokens} tokens` : '',
        'ids as alone': hash === alone.hash ? 'yes' : 'NO',
      })
    take('alone', alone)
    await askInPage(asker, 'pipeline') // the first opens links and sessions
    take('pipeline, 3 tabs', await askInPage(asker, 'pipeline'))
    const answering = askInPage(asker, 'pipeline')
    await asker.waitForFunction(() => {
      const { asking } = globalThis.gossamer!.store.getState().reasoning
      return asking?.session === 4 && asking.tokens.length > 2
    })
    await doomed.close()
    take('pipeline, 3 tabs, one is closed', await answering)
    return rows
  } finally {
    await browser.close()
    await server.close()
  }
}

export async function benchReasoning(): Promise<void> {
  console.log(`On a virtual clock: ${model}, ${millisecondsPerLayer} ms a layer and token at every tab.\n`)
  console.log(tableOf(await onVirtualClock()))
  console.log('\nIn real tabs of one browser on this machine, which share its cores:\n')
  console.log(tableOf(await inRealTabs()))
}
