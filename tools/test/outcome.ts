/**
 * What a runner of tests reports: how many passed and failed, and which could not run on this machine, each with a
 * sentence that says why. Those are counted neither as passed nor as failed, and everybody who reads the end of a run sees
 * them. A test that was left out without a reason has failed.
 *
 * A test says so with its runner's own words: `context.skip('Why it cannot run here.')` in vitest, `test.skip(condition,
 * 'Why it cannot run here.')` in Playwright. A command ends with exit code `notRunHere`, and its last line on standard error is why.
 */
import { readFileSync, writeFileSync } from 'node:fs'

export interface Outcome {
  readonly passed: number
  readonly failed: number
  readonly notRun: readonly NotRun[]
  /** The titles of those that failed, where the runner knows them: the end of a long run is all that many people see. */
  readonly failures: readonly string[]
}

/** A test that this machine cannot run, and why: a sentence for who reads the end of the run. */
export interface NotRun {
  readonly title: string
  readonly why: string
}

/** One test as its runner ended it; `why` is empty where nobody gave a reason. */
export interface Ended {
  readonly title: string
  readonly state: 'passed' | 'failed' | 'skipped'
  readonly why: string
}

/** The exit code of a command that cannot do its work on this machine; that of skipped tests in Automake. */
export const notRunHere = 77

/** The variable that names the file into which the reporters of vitest and Playwright write their outcome. */
export const outcomeFile = 'GOSSAMER_OUTCOME'

export function outcomeOf(tests: readonly Ended[]): Outcome {
  const count = (state: Ended['state']): number => tests.filter((test) => test.state === state).length
  const skipped = tests.filter(({ state }) => state === 'skipped')
  const silent = skipped.filter(({ why }) => why === '')
  const failures = tests.filter(({ state }) => state === 'failed').map(({ title }) => title)
  return {
    failures: [...failures, ...silent.map(({ title }) => `left out without a reason: ${title}`)],
    passed: count('passed'),
    failed: count('failed') + silent.length,
    notRun: skipped.filter(({ why }) => why !== '').map(({ title, why }) => ({ title, why })),
  }
}

/** The outcome of a command that is one test. `errors` is what it wrote to standard error. */
export function outcomeOfCommand(title: string, exitCode: number | null, errors: string): Outcome {
  const why = exitCode === notRunHere ? (errors.trim().split('\n').at(-1) ?? '') : ''
  const state = exitCode === 0 ? 'passed' : exitCode === notRunHere ? 'skipped' : 'failed'
  return outcomeOf([{ title, state, why }])
}

/** Writes where the runner asked for it; nothing where a person started vitest or Playwright. */
export function reportOutcome(outcome: Outcome): void {
  const file = process.env[outcomeFile]
  if (file) writeFileSync(file, JSON.stringify(outcome))
}

/** What a reporter wrote. A runner that broke without a report, or whose report knows of no failure, has one. */
export function readOutcome(title: string, file: string, exitCode: number | null): Outcome {
  const broken = { failed: 1, failures: [`${title} ended with ${exitCode} and named no test`] }
  try {
    const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome
    return exitCode === 0 || outcome.failed > 0 ? outcome : { ...outcome, ...broken }
  } catch {
    return { passed: 0, notRun: [], ...broken }
  }
}

/** The end of a run: what was not run here and why, what failed, then the line `N passed, N failed`. */
export function closingLines(outcomes: readonly Outcome[]): readonly string[] {
  const notRun = outcomes.flatMap((outcome) => outcome.notRun)
  const sum = (of: 'passed' | 'failed'): number => outcomes.reduce((total, outcome) => total + outcome[of], 0)
  return [
    ...notRun.map(({ title, why }) => `not run here: ${title}: ${why}`),
    ...outcomes.flatMap(({ failures }) => failures).map((title) => `failed: ${title}`),
    `${sum('passed')} passed, ${sum('failed')} failed`,
  ]
}
