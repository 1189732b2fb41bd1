/**
 * `npm run attack`: everything that was once tried against Gossamer, again. Options: `--seed K` (the tests' own with
 * `--slice`, a fresh one otherwise), `--slice` (what `npm test` has time for), `--family NAME` (several are allowed),
 * `--case WORDS`. The last line is JSON, `{runs, violations: [{case, seed, what}]}`; any violation ends it with 1. A
 * process that falls or hangs is a violation of the case it ran, and the next case begins in a fresh one.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { onceEach } from '../test/flags'
import { reportOutcome } from '../test/outcome'
import { chooseSeed } from '../test/seed'
import type { Findings } from './case'
import { type FamilyName, familyNames, isFamily } from './families'
import type { Orders, Report } from './report'

interface Found {
  readonly case: string
  readonly seed: number
  readonly what: string
}

const values = onceEach(
  parseArgs({
    tokens: true,
    options: {
      seed: { type: 'string' },
      slice: { type: 'boolean', default: false },
      family: { type: 'string', multiple: true, default: [] },
      case: { type: 'string' },
    },
  }),
  'family',
)
/** Within a run of all tests, theirs. */
function usualSeed(): string {
  if (!values.slice && !process.env.GOSSAMER_SEED) return String(Math.floor(Math.random() * 2 ** 31))
  chooseSeed()
  return process.env.GOSSAMER_SEED!
}
const seed = Number(values.seed ?? usualSeed())
if (!Number.isSafeInteger(seed) || seed < 0) throw new Error(`--seed ${values.seed} is no whole number.`)
const stranger = values.family.find((name) => !isFamily(name))
if (stranger !== undefined)
  throw new Error(`There is no family “${stranger}”. Choose among ${familyNames.join(', ')}.`)
const wanted = values.family.length > 0 ? values.family.filter(isFamily) : familyNames

let runs = 0
let [passed, failed] = [0, 0]
const violations: Found[] = []
const say = (text: string) => process.stderr.write(`${text}\n`)

function record(family: string, name: string, findings: Findings, tookMs: number): void {
  runs += findings.runs
  if (findings.violations.length === 0) passed++
  else failed++
  const title = `${family}: ${name}`
  const verdict = findings.violations.length === 0 ? 'holds' : 'BROKEN'
  say(`${verdict}  ${title} (${findings.runs} tried, ${(tookMs / 1000).toFixed(1)} s)`)
  for (const { what, seed: own = seed } of findings.violations) {
    violations.push({ case: title, seed: own, what })
    say(`        seed ${own}: ${what}`)
  }
}

interface Running {
  readonly name: string
  readonly sinceMs: number
  reached: number
}

/** Runs the cases that are not yet done in one process, as far as it comes. True: it came to the end. */
function live(family: FamilyName, done: string[]): Promise<boolean> {
  const orders: Orders = {
    family,
    seed,
    scope: values.slice ? 'slice' : 'whole',
    only: values.case ?? null,
    skip: done,
  }
  const child: ChildProcess = fork(fileURLToPath(new URL('./process.ts', import.meta.url)), [
    JSON.stringify(orders),
  ])
  let running: Running | null = null
  let isOver = false
  let alarm: NodeJS.Timeout | undefined
  const fell = (what: string) => {
    if (!running) return
    const { name, sinceMs, reached } = running
    running = null
    done.push(name)
    record(family, name, { runs: 1, violations: [{ what, seed: reached }] }, Date.now() - sinceMs)
  }
  child.on('message', (report: Report) => {
    switch (report.type) {
      case 'begins': {
        running = { name: report.name, sinceMs: Date.now(), reached: seed }
        alarm = setTimeout(() => {
          fell(`it had not ended after ${report.limitMs / 1000} s`)
          child.kill('SIGKILL')
        }, report.limitMs)
        return
      }
      case 'reached':
        if (running) running.reached = report.seed
        return
      case 'ended':
        clearTimeout(alarm)
        if (running) record(family, report.name, report.findings, Date.now() - running.sinceMs)
        done.push(report.name)
        running = null
        return
      case 'over':
        isOver = true
    }
  })
  return new Promise((resolve) => {
    child.on('exit', (code, signal) => {
      clearTimeout(alarm)
      fell(`its process ended: ${signal ?? `exit code ${code}`}`)
      resolve(isOver)
    })
  })
}

async function raid(family: FamilyName): Promise<void> {
  const done: string[] = []
  for (let hasEnded = false; !hasEnded; ) {
    const before = done.length
    hasEnded = await live(family, done)
    if (hasEnded || done.length > before) continue
    record(family, 'begins', { runs: 1, violations: [{ what: 'its process ended before any case' }] }, 0)
    return
  }
}

say(`Attacks with seed ${seed}${values.slice ? ', the slice of npm test' : ''}.`)
// The server's cases mostly wait, so they go beside the others.
const beside = wanted.filter((family) => family === 'server').map(raid)
for (const family of wanted) if (family !== 'server') await raid(family)
await Promise.all(beside)
if (runs === 0) violations.push({ case: 'none', seed, what: 'no case has this name' })
const failures = violations.map((found) => `attack ${found.case}, seed ${found.seed}: ${found.what}`)
reportOutcome({ passed, failed, notRun: [], failures })
console.log(JSON.stringify({ runs, violations }))
process.exitCode = violations.length === 0 ? 0 : 1
