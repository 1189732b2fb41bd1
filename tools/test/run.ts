/**
 * Runs every check in turn and ends with one line, `N passed, N failed`: the totals of all runners. Lint and types count
 * as one test each. `--full` adds the long ones. A runner that breaks without a report counts as one failure.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshNetwork } from './namespaces'

interface Totals {
  readonly passed: number
  readonly failed: number
}

const reports = mkdtempSync(join(tmpdir(), 'gossamer-test-'))
/** `--full` adds what takes minutes: long browser tests, models of real size. */
const environment: Record<string, string> = process.argv.includes('--full') ? { GOSSAMER_FULL: '1' } : {}

/** Runs a command with its output shown; true where it exits with 0. */
function run(title: string, command: readonly string[], env: Record<string, string> = {}): boolean {
  console.log(`\n── ${title}`)
  const startedAtMs = Date.now()
  const [program, ...rest] = command
  const { status } = spawnSync(program, rest, { stdio: 'inherit', env: { ...process.env, ...env } })
  console.log(
    `── ${title}: ${status === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - startedAtMs) / 1000).toFixed(0)} s`,
  )
  return status === 0
}

/** One check that either passes or fails. */
const check = (title: string, ...command: string[]): Totals =>
  run(title, command) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }

/** Totals of a runner's report, read by `read`; a failed runner never counts as all green. */
function totalsOf(ok: boolean, file: string, read: (report: Record<string, unknown>) => Totals): Totals {
  try {
    const totals = read(JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>)
    return ok || totals.failed > 0 ? totals : { ...totals, failed: 1 }
  } catch {
    return { passed: 0, failed: 1 }
  }
}

function unitTests(): Totals {
  const file = join(reports, 'unit.json')
  const command = ['npx', 'vitest', 'run', '--reporter=default', '--reporter=json']
  const ok = run('unit tests', [...command, `--outputFile.json=${file}`], environment)
  return totalsOf(ok, file, (report) => ({
    passed: Number(report.numPassedTests),
    failed: Number(report.numFailedTests),
  }))
}

function browserTests(): Totals {
  const file = join(reports, 'browser.json')
  const ok = run('browser tests', ['npx', 'playwright', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
    ...environment,
  })
  return totalsOf(ok, file, ({ stats }) => {
    const { expected, unexpected, flaky } = stats as Record<string, number>
    return { passed: expected + flaky, failed: unexpected }
  })
}

/** Neither passed nor failed where it cannot run: the totals then lack it, and the reason is said. */
function networkTests(): Totals {
  const network = freshNetwork()
  if (network)
    return check('hosts without a router', ...network, 'npx', 'tsx', 'tools/test/without-router.ts')
  console.log(
    '\n── hosts without a router: NOT RUN, because this machine allows no network namespaces (Linux, with root or user namespaces)',
  )
  return { passed: 0, failed: 0 }
}

const results = [
  check('lint', 'npm', 'run', '--silent', 'lint'),
  check('types', 'npm', 'run', '--silent', 'types'),
  unitTests(),
  check('build', 'npm', 'run', '--silent', 'build'),
  browserTests(),
  ...(environment.GOSSAMER_FULL ? [networkTests()] : []),
]
const passed = results.reduce((sum, totals) => sum + totals.passed, 0)
const failed = results.reduce((sum, totals) => sum + totals.failed, 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
