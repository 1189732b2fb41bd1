/**
 * The process of one family. It runs the cases in turn and reports each; an error that nobody caught belongs to the case
 * that was running, because in a page it would be an uncaught error as well.
 */
import { createRequire, register } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inspect } from 'node:util'
import type { Violation } from './case'
import { type FamilyName, families } from './families'
import type { Orders, Report } from './report'

const { family, seed, scope, only, skip } = JSON.parse(process.argv[2]) as Orders
const tell = (report: Report): Promise<void> =>
  new Promise((resolve) => process.send!(report, undefined, undefined, () => resolve()))

let uncaught: Violation[] = []
const note = (kind: string) => (error: unknown) => {
  const what = `${kind}: ${inspect(error).slice(0, 400)}`
  if (uncaught.length < 5 && uncaught.every((known) => known.what !== what)) uncaught.push({ what })
}

// PeerJS names its ES module where only bundlers look. Nobody dials here, but the network imports it.
const peerjs = join(dirname(createRequire(import.meta.url).resolve('peerjs')), 'bundler.mjs')
const resolve = `(name, context, next) => name === 'peerjs' ? { url: ${JSON.stringify(pathToFileURL(peerjs))}, shortCircuit: true } : next(name, context)`
register(`data:text/javascript,${encodeURIComponent(`export const resolve = ${resolve}`)}`)

const cases = await families[family as FamilyName]()
process.on('uncaughtException', note('an error that nobody caught'))
process.on('unhandledRejection', note('a rejection that nobody handled'))
for (const { name, isLong, limitMs, run } of cases) {
  const isWanted = only === null ? scope === 'whole' || !isLong : `${family}: ${name}`.includes(only)
  if (!isWanted || skip.includes(name)) continue
  await tell({ type: 'begins', name, limitMs })
  uncaught = []
  const found = await run(seed, scope, (reached) => void tell({ type: 'reached', seed: reached })).catch(
    (error: unknown) => ({ runs: 1, violations: [{ what: `the attack itself broke: ${inspect(error)}` }] }),
  )
  await new Promise((resolve) => setImmediate(resolve)) // what it left behind may still throw
  await tell({ type: 'ended', name, findings: { ...found, violations: [...found.violations, ...uncaught] } })
}
await tell({ type: 'over' })
process.disconnect()
process.exit(0)
