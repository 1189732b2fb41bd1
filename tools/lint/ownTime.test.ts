/** The lint that keeps a node's time and chance in its `World`, tried on files that break it. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let house = ''
beforeEach(() => {
  house = mkdtempSync(join(tmpdir(), 'gossamer-lint-'))
  for (const file of ['biome.json', 'tools/lint/ownTime.grit']) cpSync(file, join(house, file))
})
afterEach(() => rmSync(house, { recursive: true }))

/** Of these lines, each in a file of its own, those that the lint refuses there. */
function refused(folder: string, lines: readonly string[]): string[] {
  for (const [at, line] of lines.entries()) {
    const file = join(house, folder, `line${at}.ts`)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${line}\n`)
  }
  const { stdout } = spawnSync(
    resolve('node_modules/.bin/biome'),
    ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'],
    { cwd: house, encoding: 'utf8' },
  )
  return lines.filter((_, at) => stdout.includes(`line${at}.ts`))
}

const foreign = [
  'export const now = () => Date.now()',
  'export const now = () => new Date()',
  'export const now = () => performance.now()',
  'export const later = (act: () => void) => setTimeout(act, 1)',
  'export const again = (act: () => void) => setInterval(act, 1)',
  'export const soon = (act: () => void) => queueMicrotask(act)',
  'export const chance = () => Math.random()',
  'export const chance = () => crypto.getRandomValues(new Uint8Array(8))',
  'export const key = () => crypto.subtle',
  'export const key = () => globalThis.crypto.randomUUID()',
]

describe('time and chance of one’s own', () => {
  it.each(['src/node/device', 'src/network/letters', 'src/federation/schemes'])(
    'are refused in %s',
    (folder) => {
      expect(
        refused(folder, [...foreign, 'export const now = (clock: { now(): number }) => clock.now()']),
      ).toEqual(foreign)
    },
  )

  it.each(['src/network/time', 'src/app', 'src/network/fixtures'])('are allowed in %s', (folder) => {
    expect(refused(folder, foreign)).toEqual([])
  })
})
