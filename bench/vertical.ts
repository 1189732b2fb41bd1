/**
 * The second half of `npm run bench -- reasoning`: what device and edge save, and what it costs in words. On a virtual clock, under stated links and
 * speeds, so that every figure is the same everywhere; text is the base's own held-out text.
 */
import { fileURLToPath } from 'node:url'
import { unreadTexts } from '../src/corpora/pretraining'
import { type Choosing, runQueues, usualTraffic } from '../src/lab/reasoning/edges/queues'
import { askInRoom, type Kill } from '../src/lab/reasoning/room/asking'
import { openNodes } from '../src/lab/reasoning/room/nodes'
import { openReasoningRoom } from '../src/lab/reasoning/room/room'
import { agreementOn } from '../src/lab/reasoning/vertical/agreement'
import { codedBy, codedLoss, inversion } from '../src/lab/reasoning/vertical/boundary'
import { leavingEarly } from '../src/lab/reasoning/vertical/leaving'
import { codecNames } from '../src/reasoning/core/codecs'
import type { Wish } from '../src/reasoning/participant'
import { usualWish } from '../src/reasoning/usual'
import type { Sessions } from '../src/training/session'

const root = fileURLToPath(new URL('..', import.meta.url))
const model = `${root}public/models/seedling`
/** A layer and token: a phone, and edges of twice its speed. */
const [deviceMs, edgeMs] = [2, 1]
const question = { prompt: 'The nurse put the', tokens: 128, seed: 7 }

type Cells = readonly (string | number)[]
const table = (head: Cells, rows: readonly Cells[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
const percent = (share: number | null, digits = 1) =>
  share === null ? '' : `${(100 * share).toFixed(digits)} %`
const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length

async function openOne(): Promise<Sessions> {
  const setting = { backend: 'wasm', precision: 'auto', caps: new Map(), own: [], merged: null } as const
  const [{ sessions }] = await openNodes({ ...setting, model, count: 1, millisecondsPerLayer: edgeMs })
  return sessions
}

interface Line {
  readonly what: string
  readonly wish: Partial<Wish>
  readonly edges: number
  readonly kills?: readonly Kill[]
}
const lines: readonly Line[] = [
  { what: 'the device alone', wish: { mode: 'alone' }, edges: 0 },
  { what: 'the device alone, left early', wish: { mode: 'early-exit' }, edges: 0 },
  { what: 'remote: an edge asked for every token', wish: { mode: 'speculative', draft: 0 }, edges: 1 },
  { what: 'speculative, 4 guesses', wish: { mode: 'speculative', draft: 4 }, edges: 1 },
  { what: 'speculative, as many as pay', wish: { mode: 'speculative' }, edges: 1 },
  { what: 'multi-access, 4 edges', wish: { mode: 'multi-access' }, edges: 4 },
  {
    what: 'multi-access, 4 edges, one dies before token 20',
    wish: { mode: 'multi-access' },
    edges: 4,
    kills: [{ node: 1, token: 20 }],
  },
  { what: 'cascade, risk 3 %', wish: { mode: 'cascade' }, edges: 1 },
  { what: 'split after 3 layers', wish: { mode: 'split', cut: 3 }, edges: 1 },
  { what: 'split after 3 layers, rows as bytes', wish: { mode: 'split', cut: 3, codec: 'int8' }, edges: 1 },
]

async function ask(
  sessions: Sessions,
  { wish, edges, kills = [] }: Line,
  roundTripMs: number,
  temperature: number,
) {
  const speeds = [deviceMs, ...Array<number>(edges).fill(edgeMs)]
  const nodes = speeds.map((millisecondsPerLayer) => ({ sessions, millisecondsPerLayer }))
  const link = { delayMs: roundTripMs / 2, jitter: 0, loss: 0, bytesPerSecond: 1.25e6 }
  const room = await openReasoningRoom({ seed: 1, link, nodes, heldOut: () => unreadTexts('seedling') })
  const asked: Wish = { ...usualWish, ...question, mode: 'alone', temperature, adapter: null, ...wish }
  // Once for the links and sessions, and to see how far a cascade may believe itself.
  await askInRoom(room, { ...asked, tokens: 1 })
  const outcome = await askInRoom(room, asked, kills)
  room.close()
  return outcome
}

async function speeds(sessions: Sessions): Promise<string> {
  const rows: Cells[] = []
  for (const roundTripMs of [20, 80])
    for (const line of lines) {
      const told = [await ask(sessions, line, roundTripMs, 0), await ask(sessions, line, roundTripMs, 0.9)]
      const alone = [await ask(sessions, lines[0], 0, 0), await ask(sessions, lines[0], 0, 0.9)]
      const of = (get: (one: (typeof told)[number]) => number) => mean(told.map(get))
      const { shares } = told[0]
      rows.push([
        line.what,
        `${roundTripMs} ms`,
        of(({ ids, virtualSeconds }) => ids.length / virtualSeconds).toFixed(1),
        of(({ bytes, ids }) => bytes / ids.length).toFixed(1),
        shares.tokensPerRound?.toFixed(2) ?? '',
        percent(shares.acceptance),
        percent(shares.offload),
        told.every(({ hash }, index) => hash === alone[index].hash) ? 'yes' : 'no',
      ])
    }
  const head = ['', 'link', 'tokens/s', 'bytes/token', 'tokens/round', 'accepted', 'asked', 'ids as alone']
  return table(head, rows)
}

async function exits(sessions: Sessions): Promise<string> {
  const texts = await encoded(sessions, 0, 42)
  const whole = await leavingEarly(sessions, null, texts, 0)
  const rows: Cells[] = []
  for (const doubt of [0, 0.05, 0.2, 0.5, 0.8, 2]) {
    const { perplexity, saved } = await leavingEarly(sessions, null, texts, doubt)
    rows.push([doubt, percent(saved), perplexity.toFixed(3), percent(perplexity / whole.perplexity - 1, 2)])
  }
  return table(['doubt below', 'layers saved', 'perplexity', 'worse by'], rows)
}

async function boundary(sessions: Sessions): Promise<string> {
  const [texts, known] = [await encoded(sessions, 0, 10), await encoded(sessions, 50, 100)]
  const rows: Cells[] = []
  for (const cut of [0, 1, 2, 3, 4, 5]) {
    const { byEmbedding, byExample } = await inversion(sessions, texts, known, cut)
    const [exact, halves, bytes] = await Promise.all(
      codecNames.map((codec) => codedLoss(sessions, texts.slice(0, 5), cut, codedBy(codec))),
    )
    rows.push([
      cut,
      percent(byEmbedding),
      percent(byExample),
      halves.divergence.toExponential(1),
      bytes.divergence.toExponential(1),
      percent(bytes.perplexity / exact.perplexity - 1, 3),
    ])
  }
  const head = [
    'layers at the device',
    'words found by embedding',
    'by example',
    'KL as halves',
    'KL as bytes',
  ]
  return table([...head, 'perplexity as bytes'], rows)
}

async function tails(): Promise<string> {
  const policies: readonly (readonly [Choosing, boolean])[] = [
    ['random', false],
    ['round robin', false],
    ['power of two', false],
    ['power of two', true],
  ]
  const seeds = [1, 2, 3, 4, 5]
  const rows: Cells[] = []
  for (const [choosing, hedges] of policies) {
    const all = await Promise.all(seeds.map((seed) => runQueues({ ...usualTraffic, seed, choosing, hedges })))
    rows.push([
      hedges ? `${choosing}, hedged` : choosing,
      ...(['p50', 'p95', 'p99'] as const).map((of) => mean(all.map((one) => one[of])).toFixed(0)),
      percent(mean(all.map(({ extra }) => extra))),
    ])
  }
  return table(['edge chosen', 'p50 ms', 'p95 ms', 'p99 ms', 'asked twice'], rows)
}

async function rules(sessions: Sessions): Promise<string> {
  const { coupled, classic, totalVariation } = await agreementOn(sessions, await encoded(sessions, 0, 4))
  return table(
    ['rule', 'guesses accepted'],
    [
      ['equal noise: ids travel, the text stays', percent(coupled)],
      ['accept and resample: probabilities travel, the law stays', percent(classic)],
      [
        '(1 - TV) / (1 + TV) of the mean, the least for equal noise',
        percent((1 - totalVariation) / (1 + totalVariation)),
      ],
    ],
  )
}

async function encoded(sessions: Sessions, from: number, to: number) {
  const texts = unreadTexts('seedling').slice(from, to)
  return Promise.all(texts.map(async (text) => (await sessions.encode(text)).slice(0, 120)))
}

export async function benchVertical(): Promise<void> {
  const sessions = await openOne()
  console.log(
    `A device of ${deviceMs} ms a layer and token, edges of ${edgeMs} ms, 10 Mbit/s; mean of greedy and temperature 0.9.\n`,
  )
  console.log(await speeds(sessions))
  console.log('\nTwo rules of acceptance, the first three layers against all, temperature 1:\n')
  console.log(await rules(sessions))
  console.log('\nLeft after three of six layers where the choice is sure:\n')
  console.log(await exits(sessions))
  console.log('\nWhat crosses a cut:\n')
  console.log(await boundary(sessions))
  console.log('\nFour edges (one half as fast, one question in fifty stalls for 600 ms), eight devices:\n')
  console.log(await tails())
}
