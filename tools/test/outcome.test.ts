import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  closingLines,
  type Ended,
  notRunHere,
  outcomeFile,
  outcomeOf,
  outcomeOfCommand,
  readOutcome,
} from './outcome'

const ended = (state: Ended['state'], why = ''): Ended => ({ title: `one that ${state}`, state, why })

describe('the outcome of a run', () => {
  it('counts what could not run neither as passed nor as failed, and says why before its last line', () => {
    const outcome = outcomeOf([ended('passed'), ended('failed'), ended('skipped', 'There is no Firefox.')])
    expect(closingLines([outcome, outcomeOf([ended('passed')])])).toEqual([
      'not run here: one that skipped: There is no Firefox.',
      'failed: one that failed',
      '2 passed, 1 failed',
    ])
  })

  it('has a failure where a test was left out without a reason', () => {
    expect(outcomeOf([ended('passed'), ended('skipped')])).toMatchObject({ passed: 1, failed: 1, notRun: [] })
  })

  it('of a command is in its exit code; why it did not run is its last line', () => {
    expect(outcomeOfCommand('lint', 0, '')).toMatchObject({ passed: 1, failed: 0, notRun: [] })
    expect(outcomeOfCommand('lint', 1, 'bad')).toMatchObject({ passed: 0, failed: 1, notRun: [] })
    expect(outcomeOfCommand('lint', null, 'killed')).toMatchObject({ passed: 0, failed: 1, notRun: [] })
    const notRun = outcomeOfCommand('raw sockets', notRunHere, 'Trying …\nPort 80 is taken.\n')
    expect(notRun).toEqual({
      passed: 0,
      failed: 0,
      notRun: [{ title: 'raw sockets', why: 'Port 80 is taken.' }],
      failures: [],
    })
    expect(outcomeOfCommand('raw sockets', notRunHere, '')).toMatchObject({
      passed: 0,
      failed: 1,
      notRun: [],
    })
  })

  it('of a runner that broke is a failure, whatever it reported', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'outcome-')), 'report.json')
    const broken = ['unit tests ended with 0 and named no test']
    expect(readOutcome('unit tests', file, 0)).toEqual({ passed: 0, failed: 1, notRun: [], failures: broken })
    writeFileSync(file, JSON.stringify(outcomeOf([ended('passed')])))
    expect(readOutcome('unit tests', file, 0)).toMatchObject({ passed: 1, failed: 0 })
    expect(readOutcome('unit tests', file, 1)).toMatchObject({ passed: 1, failed: 1 })
  })
})

describe('the reporter of a real runner', () => {
  const folder = fileURLToPath(new URL('./example', import.meta.url))

  it.each([
    ['vitest', 'vitest', 'run', '--root', folder],
    ['playwright', 'playwright', 'test', '--config', folder],
  ])('%s tells the three outcomes apart', (_, ...command) => {
    const file = join(mkdtempSync(join(tmpdir(), 'outcome-')), 'report.json')
    const { status } = spawnSync('npx', command, { env: { ...process.env, [outcomeFile]: file } })
    expect(status).toBe(1)
    const { passed, failed, notRun, failures } = readOutcome('an example', file, status)
    expect(failures).toHaveLength(1)
    expect({ passed, failed, notRun: notRun.map(({ why }) => why) }).toEqual({
      passed: 1,
      failed: 1,
      notRun: ['There is no Firefox.'],
    })
  })
})
