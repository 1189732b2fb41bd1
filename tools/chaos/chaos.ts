/**
 * `npm run chaos -- --seeds N`: real nodes in virtual time, and everything that can befall a room, drawn from seeds. Options:
 * `--scheme S` (all schemes otherwise), `--from K` (the first seed), `--seed K` (this one alone, told line by line). The last
 * line is JSON, `{runs, violations: [{scheme, seed, event, invariant}]}`; any violation ends it with 1.
 */

import { parseArgs } from 'node:util'
import { schemeNames } from '../../src/federation/config'
import type { SchemeName } from '../../src/federation/types'
import { onceEach } from '../test/flags'
import { reportOutcome } from '../test/outcome'
import type { Violation } from './invariants/violation'
import { runChaos } from './run'
import { drawSchedule } from './schedule'
import { hasCoordinator, leastDevices } from './schemes'

const values = onceEach(
  parseArgs({
    tokens: true,
    options: {
      seeds: { type: 'string', default: '20' },
      from: { type: 'string', default: '0' },
      seed: { type: 'string' },
      scheme: { type: 'string' },
    },
  }),
)
function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 0) return value
  throw new Error(`--${name} ${text} is no whole number.`)
}
const schemes = schemeNames.filter((name) => values.scheme === undefined || name === values.scheme)
if (schemes.length === 0)
  throw new Error(`There is no scheme “${values.scheme}”. Choose among ${schemeNames.join(', ')}.`)
const from = wholeNumber('from', values.from)
const seeds =
  values.seed === undefined
    ? Array.from({ length: wholeNumber('seeds', values.seeds) }, (_, at) => from + at)
    : [wholeNumber('seed', values.seed)]

const say = (text: string) => process.stderr.write(`${text}\n`)
const silent = () => {}
const sayEvery = 50
const violations: ({ readonly scheme: SchemeName; readonly seed: number } & Violation)[] = []

/** What did not hold first: the rest follows from it. */
async function tryOut(scheme: SchemeName, seed: number): Promise<boolean> {
  const schedule = drawSchedule(seed, hasCoordinator(scheme), leastDevices(scheme, seed))
  const [first] = await runChaos(scheme, schedule, values.seed === undefined ? silent : say)
  if (!first) return true
  violations.push({ scheme, seed, event: first.event, invariant: first.invariant })
  say(`BROKEN  ${first.invariant}. ${first.event}`)
  say(`        Again: npm run chaos -- --scheme ${scheme} --seed ${seed}`)
  return false
}

for (const scheme of schemes) {
  const beganAtMs = performance.now()
  let held = 0
  for (const [at, seed] of seeds.entries()) {
    if (await tryOut(scheme, seed)) held++
    if ((at + 1) % sayEvery === 0) say(`${scheme}: ${at + 1} tried`)
  }
  const seconds = ((performance.now() - beganAtMs) / 1000).toFixed(1)
  say(`${scheme}: ${held} of ${seeds.length} runs held, ${seconds} s`)
}
const runs = schemes.length * seeds.length
const failures = violations.map(
  ({ scheme, seed, invariant }) => `chaos ${scheme}, seed ${seed}: ${invariant}`,
)
reportOutcome({ passed: runs - violations.length, failed: violations.length, notRun: [], failures })
console.log(JSON.stringify({ runs, violations }))
process.exitCode = violations.length === 0 ? 0 : 1
