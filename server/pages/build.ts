/** Builds the page with Vite when `dist/` is missing or older than what it is made of. */
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

const ingredients = ['src', 'index.html', 'public', 'vite.config.ts', 'package-lock.json']

export async function isStale(root: string): Promise<boolean> {
  const built = await modifiedMs(join(root, 'dist', 'index.html'))
  if (built === null) return true
  const changed = await Promise.all(ingredients.map((name) => newestMs(join(root, name))))
  return Math.max(...changed) > built
}

/** Everything Vite says goes to stderr: stdout belongs to the one line that says where the page is. */
export async function buildPages(root: string): Promise<void> {
  const { build, createLogger } = await import('vite')
  const toStderr = (message: string) => process.stderr.write(`${message}\n`)
  const logger = { ...createLogger('warn'), warn: toStderr, warnOnce: toStderr, error: toStderr }
  await build({ root, customLogger: logger, logLevel: 'warn', clearScreen: false })
}

/** Time of the last change to a file or to anything below a directory. Tests do not end up in the page. */
async function newestMs(path: string): Promise<number> {
  const entry = await stat(path).catch(() => null)
  if (!entry) return 0
  if (!entry.isDirectory()) return /\.test\.tsx?$/.test(path) ? 0 : entry.mtimeMs
  const names = await readdir(path)
  return Math.max(0, ...(await Promise.all(names.map((name) => newestMs(join(path, name))))))
}

const modifiedMs = async (path: string): Promise<number | null> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  )
