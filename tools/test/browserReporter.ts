/** Tells the test runner how the browser tests ended. */
import type { Reporter, Suite, TestCase } from '@playwright/test/reporter'
import { type Ended, outcomeOf, reportOutcome } from './outcome'

function endOf(test: TestCase): Ended {
  const title = test.titlePath().filter(Boolean).join(' ')
  switch (test.outcome()) {
    case 'expected':
    case 'flaky':
      return { title, state: 'passed', why: '' }
    case 'unexpected':
      return { title, state: 'failed', why: '' }
    case 'skipped': {
      const reason = test.annotations.find(({ type }) => type === 'skip')
      return { title, state: 'skipped', why: reason?.description ?? '' }
    }
  }
}

export default class implements Reporter {
  #tests: Suite | null = null

  onBegin(_: unknown, tests: Suite): void {
    this.#tests = tests
  }

  onEnd(): void {
    reportOutcome(outcomeOf(this.#tests?.allTests().map(endOf) ?? []))
  }

  /** Playwright prints in its own way as well. */
  printsToStdio(): boolean {
    return false
  }
}
