/** For tests of the lint's own rules: they are tried on files that break them. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

const rules = readdirSync('tools/lint').filter((name) => name.endsWith('.grit'))

/** Of these lines, each in a file of its own, those that the lint refuses there. */
export function refused(folder: string, lines: readonly string[]): string[] {
  const house = mkdtempSync(join(tmpdir(), 'gossamer-lint-'))
  try {
    for (const file of ['biome.json', ...rules.map((name) => `tools/lint/${name}`)])
      cpSync(file, join(house, file))
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
  } finally {
    rmSync(house, { recursive: true })
  }
}
