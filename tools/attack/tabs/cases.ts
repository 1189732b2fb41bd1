/**
 * Attacks on real tabs, and what breaks tabs by accident: these are browser tests, and stand with the others in e2e/. Here
 * they are run whole, and each test that fails is a violation.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Case, Findings } from '../case'

interface Spec {
  readonly title: string
  readonly tests: readonly {
    readonly status: 'expected' | 'unexpected' | 'flaky' | 'skipped'
    readonly results: readonly { readonly error?: { readonly message?: string } }[]
  }[]
}
interface Suite {
  readonly specs?: readonly Spec[]
  readonly suites?: readonly Suite[]
}

const specsOf = ({ specs = [], suites = [] }: Suite): Spec[] => [...specs, ...suites.flatMap(specsOf)]

const browserTests = (name: string, file: string): Case => ({
  name,
  isLong: true,
  limitMs: 3_600_000,
  async run(): Promise<Findings> {
    const folder = await mkdtemp(join(tmpdir(), 'gossamer-attack-'))
    const report = join(folder, 'report.json')
    const env = { ...process.env, GOSSAMER_FULL: '1', PLAYWRIGHT_JSON_OUTPUT_NAME: report }
    const child = spawn('npx', ['playwright', 'test', `e2e/${file}`, '--reporter=list,json'], {
      stdio: ['ignore', 2, 2],
      env,
    })
    await once(child, 'close')
    const specs = specsOf(JSON.parse(await readFile(report, 'utf8')) as Suite)
    await rm(folder, { recursive: true })
    const failed = specs.filter(({ tests }) => tests.some(({ status }) => status === 'unexpected'))
    const violations = failed.map(({ title, tests }) => ({
      what: `${title}: ${tests[0].results.at(-1)?.error?.message?.slice(0, 300) ?? 'it failed'}`,
    }))
    return { runs: specs.length, violations }
  },
})

export const cases: readonly Case[] = [
  browserTests('spoofed, forged and flooded', 'trust/attacks.spec.ts'),
  browserTests('killed, cut off and frozen', 'schedules/'),
]
