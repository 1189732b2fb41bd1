/**
 * `npm run privacy`: what noise hides, and what it costs, with the toy model and private facts. `-- --part update` asks what one device's
 * update tells, `-- --part room` runs whole rooms of four, `-- --part attacks` tries every attack that can be watched, with each of its
 * defences, `-- --part costs` compares rooms of four and ten with and without; `--seeds 1,2` chooses seeds. A line of JSON for each, and a
 * mean for each setting, which docs/privacy.md, docs/attacks.md and docs/performance.md have as tables.
 */
import { parseArgs } from 'node:util'
import { shareOf } from '../../src/corpora/share'
import { armsOf, attackNames } from '../../src/lab/attacks/attack'
import { tryAttack } from '../../src/lab/attacks/attacks'
import { privacyCosts } from '../../src/lab/attacks/costs'
import { siteFor } from '../../src/lab/attacks/inNode'
import { type Priced, pricedNames } from '../../src/lab/attacks/prices'
import { auditOf } from '../../src/lab/measuring/membership'
import { labPresets } from '../../src/lab/presets'
import { runPreset } from '../../src/lab/runPreset'
import { employThreads } from '../../src/lab/training/threads'
import { recallOf } from '../../src/node/measuring/parts'
import { adapterConfigOf } from '../../src/settings/derived/adapter'
import { readSettings } from '../../src/settings/reading'
import type { Settings } from '../../src/settings/table'
import { openHeadless } from '../../src/training/headless'
import { onceEach } from '../test/flags'
import { oneUpdate } from './update'

/** What is compared, as an address has it. */
const common = 'preset=quick&aggregation=ffa'
const updates = [
  'aggregation=fedavg',
  '',
  'privacy=client&noise=0&clip=1',
  'privacy=client&noise=0.1&clip=1',
  'privacy=client&noise=0.3&clip=1',
  'privacy=client&noise=1&clip=1',
  'privacy=example&noise=1&clip=1',
  'privacy=example&noise=3&clip=1',
]
const rooms = [
  '',
  'privacy=client&noise=0.3&clip=1',
  'privacy=client&noise=0.3&clip=0.1',
  'privacy=example&noise=3&clip=1',
]
const devices = 4
const costRounds = 6

const values = onceEach(
  parseArgs({
    tokens: true,
    options: {
      part: { type: 'string' },
      seeds: { type: 'string', default: '1,2,3,4,5' },
      query: { type: 'string' },
    },
  }),
)
const seeds = values.seeds.split(',').map(Number)
const settingsOf = (query: string): Settings =>
  readSettings(new URL(`http://localhost/?${query}&${common}`)).settings

async function room(settings: Settings, seed: number) {
  const standing = labPresets.iid
  const preset = {
    settings: { ...settings, rehearsal: settings.privacy === 'example' ? 0 : settings.rehearsal },
    world: { ...standing.world, corpus: 'facts' as const, devices },
  }
  const model = `public/models/${settings.model}`
  const began = performance.now()
  const outcome = await runPreset({ preset, seed, model, baselines: [] }, (count) => employThreads(count, 1))
  const seconds = (performance.now() - began) / 1000
  const compute = openHeadless()
  await compute.open({ model, backend: 'wasm', adapter: adapterConfigOf(settings), seed })
  const probes = Array.from({ length: devices }, (_, index) =>
    shareOf({ corpus: 'facts', partition: { kind: 'iid' }, seed, index }),
  ).flatMap((share) => share.probes)
  const recall = await recallOf(compute, outcome.holdings[0].adapter, probes, 'trained')
  const { privacy, loss, general, bytes } = outcome
  return {
    recall,
    loss,
    general: general?.merged ?? null,
    generalOfBase: general?.base ?? null,
    epsilon: privacy?.epsilon ?? null,
    bytes: bytes.wan + bytes.lan,
    seconds,
  }
}

type Figures = Readonly<Record<string, number | null>>

/** Mean and deviation of each figure. */
function summary(all: readonly Figures[]) {
  return Object.fromEntries(
    Object.keys(all[0]).map((name) => {
      const numbers = all.flatMap((figures) => figures[name] ?? [])
      const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
      const deviation = Math.sqrt(
        numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length,
      )
      return [name, numbers.length > 0 ? [mean, deviation] : null]
    }),
  )
}

async function overSeeds<Result extends object>(
  part: string,
  query: string,
  run: (settings: Settings, seed: number) => Promise<Result>,
  figuresOf: (result: Result) => Figures,
): Promise<readonly Result[]> {
  const all: Result[] = []
  for (const seed of seeds) {
    const result = await run(settingsOf(query), seed)
    console.log(JSON.stringify({ part, query, seed, ...figuresOf(result) }))
    all.push(result)
  }
  console.log(JSON.stringify({ part, query, seeds, ...summary(all.map(figuresOf)) }))
  return all
}

/** `--query NAME` chooses one. */
async function tryAttacks(): Promise<void> {
  for (const name of attackNames.filter((one) => values.query === undefined || values.query === one)) {
    const all: Figures[] = []
    for (const seed of seeds) {
      const found: Record<string, number> = {}
      await tryAttack(name, armsOf(name), siteFor(seed), (arm, number) => {
        found[arm] = number
      })
      console.log(JSON.stringify({ part: 'attacks', attack: name, seed, ...found }))
      all.push(found)
    }
    console.log(JSON.stringify({ part: 'attacks', attack: name, seeds, ...summary(all) }))
  }
}

async function compareCosts(): Promise<void> {
  for (const count of [4, 10]) {
    const all = new Map<Priced, Figures[]>(pricedNames.map((what) => [what, []]))
    const size = { devices: count, rounds: costRounds }
    for (const seed of seeds)
      await privacyCosts(siteFor(seed), (what, cost) => void all.get(what)!.push({ ...cost }), size)
    for (const [what, costs] of all)
      console.log(JSON.stringify({ part: 'costs', devices: count, what, seeds, ...summary(costs) }))
  }
}

const chosen = (queries: readonly string[]) => (values.query === undefined ? queries : [values.query])
if (values.part === 'attacks') await tryAttacks()
if (values.part === 'costs') await compareCosts()
if (values.part === undefined || values.part === 'update')
  for (const query of chosen(updates)) {
    const all = await overSeeds(
      'update',
      query,
      oneUpdate,
      ({ trained: _, others: __, ...figures }) => figures,
    )
    console.log(JSON.stringify({ part: 'audit', query, seeds, ...auditOf(all, settingsOf(query).delta) }))
  }
if (values.part === undefined || values.part === 'room')
  for (const query of chosen(rooms)) await overSeeds('room', query, room, (figures) => figures)
