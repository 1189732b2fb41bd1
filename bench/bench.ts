/**
 * `npm run bench`: Gossamer beside the other trainers and generators that run in a browser, on the same numbers, in the
 * same browser, in turn; `-- loading` what a tab does before its first step (loading.ts), `-- reasoning` what texts cost that several tabs make (reasoning.ts, vertical.ts), `-- together` what texts of
 * several people cost one tab (together.ts). Prints a table; `--out FILE` keeps all figures as JSON. The peers are no
 * dependencies of Gossamer: they are installed into bench/node_modules on first use, their install scripts not run.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { UsageError } from '../src/cli/flags'
import { type Job, planOf, usage } from './plan'
import { tableOf } from './table'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const say = (line: string): void => void process.stderr.write(`${line}\n`)

function installPeers(): void {
  if (existsSync(here('node_modules/.package-lock.json'))) return
  say('Installing the peers into bench/node_modules, once.')
  const { status } = spawnSync(
    'npm',
    ['ci', '--prefix', here('.'), '--ignore-scripts', '--no-audit', '--no-fund'],
    {
      stdio: ['ignore', 2, 2],
    },
  )
  if (status !== 0)
    throw new Error(
      'The peers could not be installed. Check the network and run “npm ci --prefix bench --ignore-scripts”.',
    )
}

async function bench(args: readonly string[]): Promise<void> {
  if (args[0] === 'reasoning') {
    await (await import('./reasoning')).benchReasoning()
    await (await import('./vertical')).benchVertical()
    await (await import('./choosing')).benchChoosing()
    process.exit(0) // engines hold their memory, and Node waits for them
  }
  if (args[0] === 'loading') return (await import('./loading')).benchLoading(args.slice(1))
  if (args[0] === 'together') return (await import('./together')).benchTogether()
  const plan = planOf(args)
  installPeers()
  if (plan.bundle !== null) {
    const { writeBundle } = await import('./bundle')
    const folder = await writeBundle(plan.bundle)
    say(`Carry ${folder} to the other machine and run “bash run.sh” there.`)
    return
  }
  const { openBrowserRunner } = await import('./browser')
  const { compare, isSound } = await import('./compare')
  const runner = await openBrowserRunner(plan.backend)
  try {
    const { isPytorch, runPytorch } = await import('./pytorch')
    const run = (job: Job) => (job.kind === 'training' && isPytorch(job) ? runPytorch(job) : runner.run(job))
    const report = await compare(plan, { machine: runner.machine, run }, say)
    console.log(tableOf(report))
    if (plan.out !== null) await writeFile(plan.out, `${JSON.stringify(report, null, 1)}\n`)
    if (!isSound(report)) process.exitCode = 1
  } finally {
    await runner.close()
  }
}

try {
  await bench(process.argv.slice(2))
} catch (problem) {
  if (!(problem instanceof UsageError)) throw problem
  say(`${problem.message}\nUsage: ${usage}`)
  process.exitCode = 2
}
