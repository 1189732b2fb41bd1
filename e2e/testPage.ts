/** Pages of the tests' own (e2e/pages), built as the app is, for what the app's page does not show. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const pages = join(dirname(fileURLToPath(import.meta.url)), 'pages')

/** A folder with the built page `name`.html, to be served. */
export interface TestPage {
  readonly folder: string
  remove(): Promise<void>
}

export async function buildTestPage(name: string): Promise<TestPage> {
  const folder = await mkdtemp(join(tmpdir(), `gossamer-${name}-`))
  await build({
    root: pages,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: { outDir: folder, target: 'esnext', rolldownOptions: { input: join(pages, `${name}.html`) } },
  })
  return { folder, remove: () => rm(folder, { recursive: true }) }
}
