/** Tells the test runner how the unit tests ended; vitest's own JSON leaves out why a test was skipped. */
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import { type Ended, outcomeOf, reportOutcome } from './outcome'

function endOf(test: TestCase): Ended {
  const result = test.result()
  const title = test.fullName
  switch (result.state) {
    case 'passed':
    case 'failed':
      return { title, state: result.state, why: '' }
    case 'skipped':
      return { title, state: 'skipped', why: result.note ?? '' }
    case 'pending':
      return { title, state: 'failed', why: '' } // the run was broken off
  }
}

export default class implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    reportOutcome(outcomeOf(modules.flatMap((module) => [...module.children.allTests()].map(endOf))))
  }
}
