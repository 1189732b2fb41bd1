/**
 * Runs every check in turn and ends with one line, `N passed, N failed`: the totals of all runners. Lint and types count
 * as one test each. Before it stands what this machine could not run, and why,
 * and what failed (outcome.ts). `--full` adds the long ones.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshNetwork } from './namespaces'
import { closingLines, type Outcome, outcomeFile, outcomeOfCommand, readOutcome } from './outcome'
import { chooseSeed } from './seed'

const reports = mkdtempSync(join(tmpdir(), 'gossamer-test-'))
// `--full` adds what takes minutes, long browser tests and models of real size, and draws fresh random inputs.
if (process.argv.includes('--full')) process.env.GOSSAMER_FULL = '1'
chooseSeed()
console.log(`Random inputs come from seed ${process.env.GOSSAMER_SEED}.`)

/** Runs a command with its output shown; gives back its exit code and what it wrote to standard error. */
async function run(title: string, [program, ...rest]: readonly string[], env: Record<string, string> = {}) {
  console.log(`\n── ${title}`)
  const startedAtMs = Date.now()
  const stdio = ['inherit', 'inherit', 'pipe'] as const
  const child = spawn(program, rest, { stdio: [...stdio], env: { ...process.env, ...env } })
  let errors = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text
    process.stderr.write(text)
  })
  const [exitCode] = (await once(child, 'close')) as [number | null]
  const seconds = ((Date.now() - startedAtMs) / 1000).toFixed(0)
  console.log(`── ${title}: ${exitCode === 0 ? 'ok' : `ended with ${exitCode}`} in ${seconds} s`)
  return { exitCode, errors }
}

/** A command that is one test. */
async function check(title: string, ...command: string[]): Promise<Outcome> {
  const { exitCode, errors } = await run(title, command)
  return outcomeOfCommand(title, exitCode, errors)
}

/** A command that runs many tests and has one of our reporters. */
async function suite(title: string, ...command: string[]): Promise<Outcome> {
  const file = join(reports, `${title}.json`)
  const { exitCode } = await run(title, command, { [outcomeFile]: file })
  return readOutcome(title, file, exitCode)
}

async function hostsWithoutRouter(): Promise<Outcome> {
  const title = 'hosts without a router'
  const network = freshNetwork()
  if (network) return check(title, ...network, 'npx', 'tsx', 'tools/test/without-router.ts')
  const why = 'this machine allows no network namespaces (Linux, with root or user namespaces).'
  return { passed: 0, failed: 0, notRun: [{ title, why }], failures: [] }
}

/** All but those on real tabs, which are browser tests; the short run takes a slice of them. */
const attacks = process.env.GOSSAMER_FULL
  ? ['server', 'decoders', 'members', 'floods'].flatMap((family) => ['--family', family])
  : ['--slice']

/** Seeds that are always the same, or more of them from the run's own. */
const chaos = process.env.GOSSAMER_FULL
  ? ['--seeds', '200', '--from', process.env.GOSSAMER_SEED!]
  : ['--seeds', '40']

const browserTests = (title: string, ...which: string[]): Promise<Outcome> =>
  suite(title, 'npx', 'playwright', 'test', '--reporter=list,./tools/test/browserReporter.ts', ...which)

const attacking = async (): Promise<Outcome[]> => [
  await suite('attacks', 'npx', 'tsx', 'tools/attack/attack.ts', ...attacks),
]
const lookingOn = async (): Promise<Outcome[]> => [
  await suite('chaos', 'npx', 'tsx', 'tools/chaos/chaos.ts', ...chaos),
  await check('build', 'npm', 'run', '--silent', 'build'),
  await browserTests('looks at the page', '--project=demo'),
]

const outcomes = [
  ...(await Promise.all([
    check('lint', 'npm', 'run', '--silent', 'lint'),
    check('types', 'npm', 'run', '--silent', 'types'),
  ])),
  await suite(
    'unit tests',
    ...['npx', 'vitest', 'run', '--reporter=default', '--reporter=./tools/test/unitReporter.ts'],
  ),
  // Attacks mostly wait: what needs one core goes beside them.
  ...(await Promise.all([attacking(), lookingOn()])).flat(),
  await browserTests('browser tests', '--project=tabs'),
  ...(process.env.GOSSAMER_FULL ? [await hostsWithoutRouter()] : []),
]
console.log(`\n${closingLines(outcomes).join('\n')}`)
process.exitCode = outcomes.some(({ failed }) => failed > 0) ? 1 : 0
