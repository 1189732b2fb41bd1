/**
 * `npm run soak`: eight real tabs for two hundred rounds, and a room that stays open for an hour. What each look between two
 * rounds finds is printed as it is found; the last line is JSON with a slope for every figure and what was lost. Nodes, listeners, memory and
 * storage that grow, or anything lost, end it with 1; how long rounds take is only told. Options: `--tabs N`, `--rounds N`, `--minutes M` (0: that part is left out).
 */

import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from '@playwright/test'
import { launchOptions } from '../../e2e/browser'
import { root } from '../../e2e/fixtures'
import { listen } from '../../server/listen'
import { buildPages, isStale } from '../../server/pages/build'
import { onceEach } from '../test/flags'
import { type Look, openRoom, type SoakedRoom } from './room'
import { hasGrown, type Slope, slopeOf } from './slopes'

const looks = 24
/** How much of itself each figure may grow by between the end of the first quarter and the end. */
const mostGrowth = {
  nodes: 0.02,
  listeners: 0.02,
  heapBytes: 0.1,
  storageBytes: 0.1,
  residentBytes: 0.1,
} as const satisfies Partial<Record<keyof Look, number>>
type Figure = keyof typeof mostGrowth
const figures = Object.keys(mostGrowth) as Figure[]

const values = onceEach(
  parseArgs({
    tokens: true,
    options: {
      tabs: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '200' },
      minutes: { type: 'string', default: '60' },
    },
  }),
)

function count(name: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`--${name} ${text} is no whole number from ${least}.`)
}

interface Soaked {
  readonly tabs: number
  readonly rounds: number
  readonly seconds: number
  readonly slopes: Readonly<Record<string, Slope>>
  readonly roundSeconds: { readonly first: number; readonly last: number }
  readonly violations: readonly string[]
}

/** Turns rounds until `share` of what is to be done reaches 1, and looks as often as is needed to draw a line. */
async function soak(room: SoakedRoom, share: () => number): Promise<Soaked> {
  const taken: Look[] = []
  while (share() < 1) {
    await room.turn()
    if (share() * looks < taken.length) continue
    const look = await room.look()
    taken.push(look)
    process.stderr.write(`${JSON.stringify(look)}\n`)
  }
  const slopes: Record<string, Slope> = {}
  const violations = [...(await room.losses())]
  for (const figure of figures) {
    const samples = taken.flatMap(({ round, [figure]: value }) =>
      value === null ? [] : [{ at: round, value }],
    )
    if (samples.length === 0) continue
    slopes[figure] = slopeOf(samples)
    const { share: grown, perUnit } = slopes[figure]
    if (hasGrown(slopes[figure], mostGrowth[figure]))
      violations.push(`${figure} grew by ${(100 * grown).toFixed(1)} %, ${perUnit.toFixed(1)} a round`)
  }
  const quarter = Math.ceil(taken.length / 4)
  return {
    tabs: room.pages.length,
    rounds: room.round,
    seconds: Math.round(taken.at(-1)!.atSeconds),
    slopes,
    roundSeconds: {
      first: mean(taken.slice(0, quarter)),
      last: mean(taken.slice(-quarter)),
    },
    violations,
  }
}

const mean = (taken: readonly Look[]): number =>
  Number((taken.reduce((sum, { roundSeconds }) => sum + roundSeconds, 0) / taken.length).toFixed(3))

/** A browser of its own for each room, so that neither pays for what the other has left behind. */
async function inBrowser(work: (browser: Browser) => Promise<Soaked>): Promise<Soaked> {
  const browser = await chromium.launch(launchOptions())
  try {
    return await work(browser)
  } finally {
    await browser.close()
  }
}

async function main(): Promise<void> {
  const tabs = count('tabs', values.tabs, 3)
  const rounds = count('rounds', values.rounds, 0)
  const minutes = count('minutes', values.minutes, 0)
  if (await isStale(root)) await buildPages(root)
  const server = await listen({ port: 0, pages: join(root, 'dist'), lan: null, report: console.error })
  const appUrl = `http://localhost:${server.port}`
  const soaked: Soaked[] = []
  try {
    if (rounds > 0)
      soaked.push(
        await inBrowser(async (browser) => {
          const room = await openRoom(browser, appUrl, tabs)
          return soak(room, () => room.round / rounds)
        }),
      )
    if (minutes > 0)
      soaked.push(
        await inBrowser(async (browser) => {
          const room = await openRoom(browser, appUrl, tabs)
          const beganAtMs = performance.now()
          return soak(room, () => (performance.now() - beganAtMs) / 60_000 / minutes)
        }),
      )
  } finally {
    await server.close()
  }
  const violations = soaked.flatMap((each) => each.violations)
  console.log(JSON.stringify({ rooms: soaked, violations }))
  process.exitCode = violations.length === 0 ? 0 : 1
}

await main()
// Signalling keeps timers of its own.
process.exit()
